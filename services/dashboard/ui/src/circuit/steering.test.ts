import { expect, test } from 'vitest';
import { golden } from './fixtures/fixtures';
import { firstDifference, steeringOf, tokenChanges, type SteerChoice } from './steering';

const choice: SteerChoice = {
  nodes: [1, 3, 9],
  factor: -1,
  reach: 'here',
  range: { first: 0, last: null },
  mode: 'MODEL',
  frozenAttention: false,
  ownLayerOnly: false,
  newTokens: 10,
};

test('features are held where they are; tokens cannot be', () => {
  const request = steeringOf(golden, choice);
  expect(request.interventions).toEqual([
    { layer: 0, feature: 1, from: 1, to: 2, factor: -1, activation: null },
    { layer: 1, feature: 3, from: 1, to: 2, factor: -1, activation: null },
  ]);
  expect(request.tokenIds).toEqual(golden.circuit.tokenIds);
  expect(request.newTokens).toBe(10);
});

test('from there on and everywhere have no end', () => {
  const at = (reach: SteerChoice['reach']) => steeringOf(golden, { ...choice, nodes: [3], reach }).interventions[0];
  expect(at('onwards')).toMatchObject({ from: 1, to: null });
  expect(at('everywhere')).toMatchObject({ from: 0, to: null });
});

test('a range is held from its first to its last position, once for a feature at two positions', () => {
  const nodes = golden.nodes.map((node, index) => (index === 0 ? { ...node, feature: 1 } : node));
  const at = (first: number, last: number | null) =>
    steeringOf({ ...golden, nodes }, { ...choice, nodes: [0, 1], reach: 'range', range: { first, last } })
      .interventions;
  expect(at(0, 1)).toEqual([{ layer: 0, feature: 1, from: 0, to: 2, factor: -1, activation: null }]);
  expect(at(1, null)).toMatchObject([{ from: 1, to: null }]);
  expect(at(1, 0)).toMatchObject([{ from: 1, to: 2 }]);
});

test('a feature at two positions is held once where it is everywhere, twice where it is', () => {
  const nodes = golden.nodes.map((node, index) => (index === 0 ? { ...node, feature: 1 } : node));
  const graph = { ...golden, nodes };
  expect(steeringOf(graph, { ...choice, nodes: [0, 1] }).interventions.length).toBe(2);
  expect(steeringOf(graph, { ...choice, nodes: [1, 0], reach: 'onwards' }).interventions).toEqual([
    { layer: 0, feature: 1, from: 0, to: null, factor: -1, activation: null },
  ]);
});

test('only the model itself, attention free, goes on', () => {
  expect(steeringOf(golden, { ...choice, frozenAttention: true }).newTokens).toBe(0);
  expect(steeringOf(golden, { ...choice, mode: 'DIRECT' }).newTokens).toBe(0);
  expect(steeringOf(golden, { ...choice, mode: 'ITERATIVE', ownLayerOnly: true }).ownLayerOnly).toBe(false);
});

test('tokens of both runs are in one list', () => {
  const token = (id: number, probability: number) => ({ id, token: `t${id}`, logit: 0, probability });
  expect(tokenChanges([token(1, 0.9), token(2, 0.1)], [token(3, 0.6), token(1, 0.3)])).toEqual([
    { token: 't1', clean: 0.9, steered: 0.3 },
    { token: 't2', clean: 0.1, steered: null },
    { token: 't3', clean: null, steered: 0.6 },
  ]);
});

test('continuations differ from their first other token on', () => {
  const run = (...ids: number[]) => ids.map((tokenId) => ({ tokenId, token: '', probability: 1 }));
  expect(firstDifference(run(1, 2, 3), run(1, 2, 4))).toBe(2);
  expect(firstDifference(run(1, 2), run(1, 2))).toBe(-1);
  expect(firstDifference(run(1), run(1, 2))).toBe(1);
});
