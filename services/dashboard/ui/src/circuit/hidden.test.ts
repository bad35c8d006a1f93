import { expect, test } from 'vitest';
import { golden } from './fixtures/fixtures';
import { everything, visibleIn } from './hidden';

const none = new Set<number>();

test('nothing hidden is said as well', () => {
  const visible = visibleIn(golden, everything, none, none, null);
  expect(visible.sentence).toBe(
    'hidden: 0 nodes, 0 edges, because every node and edge of the circuit passes the filters',
  );
  expect([...visible.node]).toEqual(Array(12).fill(1));
});

test('a threshold hides by score, with the edges at both ends, but neither tokens nor logits', () => {
  const visible = visibleIn(golden, { ...everything, threshold: 3.5 / 12 }, none, none, null);
  expect([...visible.node]).toEqual([1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1]);
  expect(visible.hiddenNodes).toBe(5);
  expect(visible.hiddenEdges).toBe(3);
  expect(visible.sentence).toBe(
    'hidden: 5 nodes, 3 edges, because 5 nodes score above 0.29; 3 edges end at a hidden node',
  );
});

test('pinned and clicked nodes stay', () => {
  const visible = visibleIn(golden, { ...everything, threshold: 0, errors: false }, new Set([8]), none, null);
  expect(visible.node[8]).toBe(1);
  expect(visible.node[6]).toBe(0);
});

test('errors can be switched off', () => {
  const visible = visibleIn(golden, { ...everything, errors: false }, none, none, null);
  expect([...visible.node].slice(5, 9)).toEqual([0, 0, 0, 0]);
  expect(visible.sentence).toContain('4 error nodes switched off');
});

test('dense features are hidden, those of unknown density are not', () => {
  const density = golden.nodes.map((_, node) => (node === 0 ? 0.9 : node === 1 ? 0.1 : null));
  const visible = visibleIn(golden, { ...everything, density: 0.5 }, none, none, density);
  expect([...visible.node].slice(0, 3)).toEqual([0, 1, 1]);
  expect(visible.sentence).toContain('1 feature active on over 50.0 % of tokens');
});

test.each([
  ['all', 10],
  ['input', 3],
  ['output', 1],
  ['either', 4],
  ['both', 0],
] as const)('links “%s” of a pinned node', (links, drawn) => {
  const visible = visibleIn(golden, { ...everything, links }, none, new Set([3]), null);
  expect(visible.edge.reduce((sum, edge) => sum + edge, 0)).toBe(drawn);
  expect(visible.hiddenEdges).toBe(10 - drawn);
});
