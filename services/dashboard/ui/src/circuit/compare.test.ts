import { expect, test } from 'vitest';
import { compared } from './compare';
import { golden, goldenCircuit, texas, texasGraph } from './fixtures/fixtures';
import { graphOf } from './graph';

test('a circuit compared with itself has every node and no difference', () => {
  const same = compared(texasGraph, graphOf(texas));
  expect([...same.toRight]).toEqual([...texasGraph.nodes.keys()]);
  expect(same.edges.every((edge) => edge.left === edge.right && edge.leftShare === edge.rightShare)).toBe(true);
});

test('a longer prompt matches by distance from the end', () => {
  const base = goldenCircuit();
  const longer = {
    ...base,
    tokens: ['more', ...base.tokens],
    nodes: base.nodes.map((node) => ({ ...node, id: `m${node.id}`, position: node.position + 1 })),
  };
  const result = compared(golden, graphOf(longer));
  expect([...result.toRight]).toEqual([...golden.nodes.keys()]);
});

test('what is elsewhere matches by the token at its position', () => {
  const base = goldenCircuit();
  const moved = { ...base, tokens: [...base.tokens, 'after'] };
  expect(compared(golden, graphOf(moved)).toRight[0]).toBe(0);
});

test('edges that only one has and edges that weigh differently come by the size of the difference', () => {
  const base = goldenCircuit([20]);
  const right = graphOf({
    ...base,
    edgeTarget: [...base.edgeTarget.slice(0, -1), 0],
    edgeSource: [...base.edgeSource.slice(0, -1), 10],
    edgeWeight: base.edgeWeight,
  });
  const { edges } = compared(golden, right);
  expect(edges[0]).toEqual({ left: 9, right: -1, leftShare: 1, rightShare: 0 });
  expect(edges[1]).toEqual({ left: -1, right: 9, leftShare: 0, rightShare: 1 });
  expect(edges[2]).toMatchObject({ left: 0, right: 0, leftShare: 0.25 });
  expect(edges[2]?.rightShare).toBeCloseTo(0.4);
});

test('another layer is another node', () => {
  const base = goldenCircuit();
  const other = graphOf({
    ...base,
    nodes: base.nodes.map((node, index) => (index === 3 ? { ...node, layer: 0 } : node)),
  });
  const result = compared(golden, other);
  expect(result.toRight[3]).toBe(-1);
  expect(result.toLeft[3]).toBe(-1);
});
