import { expect, test } from 'vitest';
import { largest, syntheticCircuit } from '../bench/synthetic';
import { at } from './at';
import { golden, texasGraph } from './fixtures/fixtures';
import { graphOf } from './graph';
import { layoutOf, margin } from './layout';
import { nearestOf } from './nearest';

const size = { width: 800, height: 500 };

test('tokens are at the bottom, logits at the top, layers between in order', () => {
  const layout = layoutOf(golden, size);
  expect(layout.bands.map((band) => band.name)).toEqual(['tokens', 'L0', 'L1', 'answers']);
  expect(at(layout.y, 9)).toBe(size.height - margin.bottom);
  expect(at(layout.y, 11)).toBe(margin.top);
  expect(at(layout.y, 0)).toBeGreaterThan(at(layout.y, 3));
});

test('a column is as wide as its fullest cell needs', () => {
  const [first, second] = layoutOf(golden, size).columns;
  // Position 0 has two nodes in its fullest cell, position 1 has three: with one more slot each 3 to 4.
  expect(((first?.right ?? 0) - (first?.left ?? 0)) / ((second?.right ?? 0) - (second?.left ?? 0))).toBeCloseTo(3 / 4);
  expect(second?.right).toBeCloseTo(size.width - margin.right);
});

test('in a cell the most influential node is the rightmost', () => {
  const layout = layoutOf(golden, size);
  // Nodes 1 and 6 tie, node 2 has no influence.
  expect(at(layout.x, 1)).toBeGreaterThan(at(layout.x, 6));
  expect(at(layout.x, 6)).toBeGreaterThan(at(layout.x, 2));
});

test('no two nodes of a real circuit are in the same place and none is outside', () => {
  const layout = layoutOf(texasGraph, { width: 390, height: 400 });
  const places = texasGraph.nodes.map((_, node) => `${at(layout.x, node)} ${at(layout.y, node)}`);
  expect(new Set(places).size).toBe(places.length);
  for (const x of layout.x) expect(x).toSatisfy((value: number) => value > margin.left && value < 390 - margin.right);
});

test('ten thousand nodes take several rows in a cell but stay within their band', () => {
  const graph = graphOf(syntheticCircuit({ ...largest, edges: 100 }));
  const layout = layoutOf(graph, { width: 1200, height: 700 });
  const half = (at(layout.bands, 1).y - at(layout.bands, 2).y) / 2;
  graph.nodes.forEach((node, index) => {
    expect(Math.abs(at(layout.y, index) - at(layout.bands, node.layer + 1).y)).toBeLessThan(half);
  });
  expect(layout.radius).toBeGreaterThanOrEqual(1.5);
});

test('the nearest drawn node within reach is found', () => {
  const layout = layoutOf(golden, size);
  const all = new Uint8Array(12).fill(1);
  const x = at(layout.x, 3);
  const y = at(layout.y, 3);
  expect(nearestOf(layout, all)(x + 3, y - 2, 30)).toBe(3);
  expect(nearestOf(layout, all)(x, y - 60, 30)).toBe(-1);
  all[3] = 0;
  expect(nearestOf(layout, all)(x + 3, y - 2, 30)).not.toBe(3);
});
