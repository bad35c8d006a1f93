import { expect, test } from 'vitest';
import { golden, goldenCircuit, texasGraph } from './fixtures/fixtures';
import { graphOf } from './graph';
import { noLabels } from './names';
import { groupEdges, grouped, groupOf, proposals, renamed, ungrouped, without } from './supernodes';

const groups = [
  { name: 'a', nodes: ['n0', 'n1'] },
  { name: 'b', nodes: ['n3'] },
];

test('a node leaves its group for a new one, an emptied group goes', () => {
  expect(grouped(groups, ['n1', 'n3'], 'c')).toEqual([
    { name: 'a', nodes: ['n0'] },
    { name: 'c', nodes: ['n1', 'n3'] },
  ]);
});

test('names stay different', () => {
  expect(grouped(groups, ['n9'], 'a').map((group) => group.name)).toEqual(['a', 'b', 'a (2)']);
  expect(grouped(groups, ['n9'], '  ').at(-1)?.name).toBe('group');
  expect(renamed(groups, 'a', 'b').map((group) => group.name)).toEqual(['b (2)', 'b']);
  expect(renamed(groups, 'a', ' ')).toEqual(groups);
});

test('groups are left, dissolved and found', () => {
  expect(without(groups, 'n3')).toEqual([groups[0]]);
  expect(ungrouped(groups, 'a')).toEqual([groups[1]]);
  expect(groupOf(groups, 'n1')?.name).toBe('a');
  expect(groupOf(groups, 'n9')).toBeUndefined();
});

test('between single nodes the weight of an edge is its share', () => {
  const edges = groupEdges(golden, [[1], [3], [11]]);
  const weight = (source: number, target: number) =>
    edges.find((edge) => edge.source === source && edge.target === target)?.weight;
  expect(weight(0, 1)).toBeCloseTo(1 / 3);
  expect(weight(0, 2)).toBeCloseTo(1 / 4);
  expect(weight(1, 2)).toBeCloseTo(1 / 4);
  expect(edges.length).toBe(3);
});

test('a group’s members count by the share of their input that comes from outside', () => {
  // Node 3 reads 10 from 0, 10 from 1 (inside), 10 from 6; node 1 reads 10 from each token.
  const edges = groupEdges(golden, [[1, 3], [0], [9]]);
  const into = (source: number) => edges.find((edge) => edge.source === source && edge.target === 0)?.weight;
  const [three, one] = [2 / 3, 1];
  expect(into(1)).toBeCloseTo((three / (three + one)) * (10 / 20));
  expect(into(2)).toBeCloseTo((one / (three + one)) * (10 / 20));
});

test('opposite effects of a group cancel', () => {
  const graph = graphOf(goldenCircuit([10, -10, 10, 10]));
  expect(groupEdges(graph, [[1, 3], [11]]).find((edge) => edge.target === 1)?.weight).toBeCloseTo(0);
});

test('a real circuit’s proposals and features of the same label are proposed until taken', () => {
  const features = new Map(
    texasGraph.nodes
      .filter((node) => node.kind === 'FEATURE')
      .filter((_, place) => place % 3 === 1)
      .map((node) => [`${node.layer}_${node.feature}`, 'say x']),
  );
  const labels = { ...noLabels, features };
  const all = proposals(texasGraph, [], labels);
  expect(all.filter((one) => one.reason !== 'SAME_LABEL').length).toBe(texasGraph.circuit.supernodes.length);
  const same = all.find((one) => one.reason === 'SAME_LABEL');
  expect(same?.name).toBe('say x');
  const taken = same?.nodes.map((node) => texasGraph.nodes[node]?.id ?? '') ?? [];
  const left = proposals(texasGraph, grouped([], taken, 'x'), labels);
  expect(left.some((one) => one.reason === 'SAME_LABEL')).toBe(false);
});
