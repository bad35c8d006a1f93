import { expect, test } from 'vitest';
import { dashOf, opacityOf } from './draw';
import { colourLevel, darkColours, edgeColour, edgeWidth, lightColours } from './scales';
import { sceneOf, shareOf, styleOf, type Palette } from './scene';
import { at } from './at';
import { golden, goldenCircuit } from './fixtures/fixtures';
import { graphOf } from './graph';
import { everything, visibleIn } from './hidden';
import { layoutOf } from './layout';

test('width is the root of the share, three pixels at most, and no edge vanishes', () => {
  expect(edgeWidth(1)).toBe(3);
  expect(edgeWidth(-0.25)).toBe(1.5);
  expect(edgeWidth(0)).toBeGreaterThan(0.3);
});

test('colours are green for positive and purple for negative, strongest from two fifths', () => {
  expect([0, 0.1, 0.39, 0.4, 1].map(colourLevel)).toEqual([1, 2, 5, 5, 5]);
  expect(colourLevel(-1e-9)).toBe(-1);
  for (const colours of [lightColours, darkColours]) {
    expect(edgeColour(-0.5, colours)).toBe(colours.negative[4]);
    expect(edgeColour(0.01, colours)).toBe(colours.positive[0]);
  }
});

test('a share keeps its sign and about its size in a style', () => {
  for (const share of [-1, -0.3, -0.001, 0.02, 0.5, 1]) {
    const back = shareOf(styleOf(share));
    expect(Math.abs(Math.sqrt(Math.abs(back)) - Math.sqrt(Math.abs(share)))).toBeLessThan(1 / 23);
    if (Math.abs(back) > 0) expect(Math.sign(back)).toBe(Math.sign(share));
  }
  expect(styleOf(-1e-6) % 2).toBe(0);
});

test('weak edges are drawn first, fainter in a crowd', () => {
  const graph = graphOf(goldenCircuit([1, 50, -5, 2]));
  const scene = sceneOf(graph, layoutOf(graph, { width: 500, height: 500 }), visible(graph), {} as Palette);
  const sorted = [...scene.edgeStyle].sort((a, b) => a - b);
  expect([...scene.edgeStyle]).toEqual(sorted);
  expect(scene.edgeSource.length).toBe(10);
  expect(opacityOf(0.01, 100_000)).toBeLessThan(opacityOf(0.01, 100));
  expect(opacityOf(0.9, 100)).toBeGreaterThan(opacityOf(0.01, 100));
});

test('an edge of a scene joins the nodes that it joins in the graph', () => {
  const scene = sceneOf(golden, layoutOf(golden, { width: 500, height: 500 }), visible(golden), {} as Palette);
  const drawn = [...scene.edgeSource.keys()].map((e) => `${at(scene.edgeSource, e)} ${at(scene.edgeTarget, e)}`);
  const has = [...golden.source.keys()].map((e) => `${at(golden.source, e)} ${at(golden.target, e)}`);
  expect(drawn.sort()).toEqual(has.sort());
});

test('dashes are longer for wide edges and where there are many', () => {
  expect(dashOf(1)[0]).toBeGreaterThan(at(dashOf(0.01), 0));
  expect(dashOf(0.5, 100_000)[0]).toBeGreaterThan(at(dashOf(0.5), 0));
});

function visible(graph: typeof golden) {
  return visibleIn(graph, everything, new Set(), new Set(), null);
}
