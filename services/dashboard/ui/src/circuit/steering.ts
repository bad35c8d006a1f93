import type { GeneratedToken, HeldFeature, SteeringMode, SteeringRequest, TokenProbability } from '../lib/types';
import { at } from './at';
import type { CircuitGraph } from './graph';

/**
 * Where a feature is held: only where the node is, from there on, everywhere, generated tokens included, or at the
 * positions of a range.
 */
export type Reach = 'here' | 'onwards' | 'everywhere' | 'range';

/** Positions from the first to the last, both held; a last of null is the end, generated tokens included. */
export interface Range {
  readonly first: number;
  readonly last: number | null;
}

export interface SteerChoice {
  /** Indices in nodes; only features can be steered. */
  readonly nodes: readonly number[];
  /** Multiple of the clean activation; 0 ablates. */
  readonly factor: number;
  readonly reach: Reach;
  /** What counts when reach is `range`. */
  readonly range: Range;
  readonly mode: SteeringMode;
  readonly frozenAttention: boolean;
  readonly ownLayerOnly: boolean;
  readonly newTokens: number;
}

/** What to send for a choice; the prompt is the circuit's own token ids, so that nothing is tokenised anew. */
export function steeringOf(graph: CircuitGraph, choice: SteerChoice): SteeringRequest {
  const continues = choice.mode === 'MODEL' && !choice.frozenAttention;
  return {
    tokenIds: graph.circuit.tokenIds,
    promptId: graph.circuit.promptId,
    interventions: heldFeatures(graph, choice),
    mode: choice.mode,
    ownLayerOnly: choice.mode !== 'ITERATIVE' && choice.ownLayerOnly,
    frozenAttention: choice.frozenAttention,
    topTokens: 10,
    newTokens: continues ? choice.newTokens : 0,
  };
}

/** One per feature and range of positions: a feature at two positions is held twice, once where it is everywhere. */
function heldFeatures(graph: CircuitGraph, choice: SteerChoice): HeldFeature[] {
  const held = new Map<string, HeldFeature>();
  for (const index of choice.nodes) {
    const node = at(graph.nodes, index);
    if (node.kind !== 'FEATURE') continue;
    const [from, to] = span(choice, node.position);
    const key = `${node.layer}_${node.feature}_${choice.reach === 'here' ? from : ''}`;
    const before = held.get(key);
    if (before && before.from <= from) continue;
    held.set(key, { layer: node.layer, feature: node.feature, from, to, factor: choice.factor, activation: null });
  }
  return [...held.values()];
}

/** From the first position to before the second; null is the end, generated tokens included. */
function span({ reach, range }: SteerChoice, position: number): [number, number | null] {
  switch (reach) {
    case 'here':
      return [position, position + 1];
    case 'onwards':
      return [position, null];
    case 'everywhere':
      return [0, null];
    case 'range':
      return [range.first, range.last === null ? null : Math.max(range.first, range.last) + 1];
  }
}

export interface TokenChange {
  readonly token: string;
  /** Null where the token is not among those reported of that run. */
  readonly clean: number | null;
  readonly steered: number | null;
}

/** Both runs' tokens in one list: the clean run's in its order, then those that only the steered run reports. */
export function tokenChanges(clean: readonly TokenProbability[], steered: readonly TokenProbability[]): TokenChange[] {
  const after = new Map(steered.map((one) => [one.id, one.probability]));
  const before = new Set(clean.map((one) => one.id));
  return [
    ...clean.map((one) => ({ token: one.token, clean: one.probability, steered: after.get(one.id) ?? null })),
    ...steered
      .filter((one) => !before.has(one.id))
      .map((one) => ({ token: one.token, clean: null, steered: one.probability })),
  ];
}

/** Index of the first token in which two continuations differ; −1 when they are the same. */
export function firstDifference(clean: readonly GeneratedToken[], steered: readonly GeneratedToken[]): number {
  const length = Math.max(clean.length, steered.length);
  for (let index = 0; index < length; index++) if (clean[index]?.tokenId !== steered[index]?.tokenId) return index;
  return -1;
}
