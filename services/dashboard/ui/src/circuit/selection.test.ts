import { expect, test } from 'vitest';
import { inputsOf, outputsOf, pathsThrough } from './connections';
import { golden, goldenCircuit, texasGraph } from './fixtures/fixtures';
import { graphOf } from './graph';
import { everything, visibleIn } from './hidden';
import { actionOf } from './keys';
import { firstNode, toggled, walk } from './selection';

const graph = graphOf(goldenCircuit([30, 20, 10, -5]));
const visible = visibleIn(graph, everything, new Set(), new Set(), null);

test('down follows the strongest input, up the strongest output', () => {
  expect(walk(graph, visible, 11, 'down', null)).toBe(1);
  expect(walk(graph, visible, 9, 'up', null)).toBe(0);
  expect(walk(graph, visible, 9, 'down', null)).toBe(-1);
});

test('right and left go to the next weaker and stronger from where one came', () => {
  const came = { node: 11, direction: 'down' } as const;
  expect(walk(graph, visible, 1, 'right', came)).toBe(3);
  expect(walk(graph, visible, 3, 'left', came)).toBe(1);
  expect(walk(graph, visible, 8, 'right', came)).toBe(-1);
  expect(walk(graph, visible, 1, 'right', null)).toBe(-1);
});

test('hidden edges are not walked', () => {
  const hidden = visibleIn(graph, { ...everything, threshold: 0 }, new Set(), new Set(), null);
  expect(walk(graph, hidden, 11, 'down', null)).toBe(-1);
});

test('a walk begins at the most probable answer', () => {
  expect(firstNode(graph)).toBe(11);
  expect(texasGraph.nodes[firstNode(texasGraph)]?.kind).toBe('LOGIT');
});

test('toggling adds at the end and takes away', () => {
  expect(toggled(['a'], 'b')).toEqual(['a', 'b']);
  expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
});

test('inputs and outputs are split by sign, strongest first', () => {
  const inputs = inputsOf(graph, 11);
  expect(inputs.positive.map((row) => row.node)).toEqual([1, 3, 6]);
  expect(inputs.negative.map((row) => row.node)).toEqual([8]);
  expect(inputs.negative[0]?.share).toBeCloseTo(-5 / 65);
  expect(outputsOf(golden, 9).positive.map((row) => row.node)).toEqual([0, 1]);
  expect(outputsOf(golden, 9).positive.map((row) => row.side)).toEqual(['same', 'after']);
});

test('paths through a node of a real circuit', () => {
  const logit = firstNode(texasGraph);
  expect(pathsThrough(texasGraph, logit).length).toBeGreaterThan(0);
  expect(pathsThrough(golden, 0)).toEqual([]);
});

test.each([
  [{ key: 'P' }, 'pin'],
  [{ key: 'z', ctrlKey: true }, 'undo'],
  [{ key: 'Z', metaKey: true, shiftKey: true }, 'redo'],
  [{ key: 'y', ctrlKey: true }, 'redo'],
  [{ key: 'p', ctrlKey: true }, null],
  [{ key: 'g', altKey: true }, null],
  [{ key: '?', shiftKey: true }, 'help'],
  [{ key: 'ArrowUp' }, 'up'],
])('key %o', (event, action) => {
  expect(actionOf({ ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...event })).toBe(action);
});
