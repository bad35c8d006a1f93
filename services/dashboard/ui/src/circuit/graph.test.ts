import { expect, test } from 'vitest';
import { at } from './at';
import { golden, goldenCircuit, texas, texasGraph } from './fixtures/fixtures';
import { edgeBetween, edgesInto, edgesOutOf, graphOf, indicesOf } from './graph';

test('shares are of the input that the circuit keeps at the target', () => {
  expect([...edgesInto(golden, 11)].map((edge) => golden.share[edge])).toEqual([0.25, 0.25, 0.25, 0.25]);
  expect([...edgesInto(golden, 3)].map((edge) => golden.share[edge])).toEqual(
    [1, 1, 1].map((one) => Math.fround(one / 3)),
  );
});

test('shares have the sign of the weight', () => {
  const graph = graphOf(goldenCircuit([-30, 10, 10, 10]));
  expect(graph.share[0]).toBeCloseTo(-0.5);
});

test('edges of a node come strongest first from either end', () => {
  const graph = graphOf(goldenCircuit([1, -5, 2, 3]));
  expect([...edgesInto(graph, 11)].map((edge) => at(graph.source, edge))).toEqual([3, 8, 6, 1]);
  expect([...edgesOutOf(graph, 1)].map((edge) => at(graph.target, edge))).toEqual([3, 11]);
  expect([...edgesOutOf(graph, 2)]).toEqual([]);
});

test('every edge of a real circuit is found once from either end', () => {
  const into = texasGraph.nodes.flatMap((_, node) => [...edgesInto(texasGraph, node)]);
  const outOf = texasGraph.nodes.flatMap((_, node) => [...edgesOutOf(texasGraph, node)]);
  const all = [...texas.edgeSource.keys()];
  expect([...into].sort((a, b) => a - b)).toEqual(all);
  expect([...outOf].sort((a, b) => a - b)).toEqual(all);
});

test('the server’s absolute sums are those that shares are computed with', () => {
  texas.edgeWeight.forEach((weight, edge) => {
    expect(texasGraph.share[edge]).toBeCloseTo(weight / at(texas.targetAbsSum, at(texas.edgeTarget, edge)), 5);
  });
});

test('an edge is found by its ends and ids that are not there are left out', () => {
  expect(edgeBetween(golden, 1, 11)).toBe(0);
  expect(edgeBetween(golden, 11, 1)).toBe(-1);
  expect(indicesOf(golden, ['n3', 'nowhere', 'n0'])).toEqual([3, 0]);
});
