import type { CircuitNode } from '../lib/types';
import { at } from './at';
import type { CircuitGraph } from './graph';

/** An edge of one circuit with the same edge of the other; shares are of the target's kept input. */
export interface EdgeChange {
  /** Edge index in the left circuit, −1 for one that only the right has. */
  readonly left: number;
  readonly right: number;
  readonly leftShare: number;
  readonly rightShare: number;
}

export interface Comparison {
  /** [N left] the same node in the right circuit, −1 for none. */
  readonly toRight: Int32Array;
  /** [N right] the same node in the left circuit, −1 for none. */
  readonly toLeft: Int32Array;
  /** The largest difference of shares first. */
  readonly edges: readonly EdgeChange[];
}

/**
 * Two circuits node by node. Nodes are the same with the same kind, layer, feature (token) and distance from the
 * prompt's end; what has no partner then, with the same kind, layer, feature and token at its position, in order.
 */
export function compared(left: CircuitGraph, right: CircuitGraph): Comparison {
  const toRight = new Int32Array(left.nodes.length).fill(-1);
  const toLeft = new Int32Array(right.nodes.length).fill(-1);
  for (const key of [distanceKey, tokenKey]) match(left, right, key, toRight, toLeft);
  return { toRight, toLeft, edges: edgeChanges(left, right, toRight) };
}

type Key = (graph: CircuitGraph, node: CircuitNode) => string;

/** Token ids differ between models, their text says what they are. */
function identity(graph: CircuitGraph, node: CircuitNode): string {
  if (node.kind === 'TOKEN') return `token ${graph.circuit.tokens[node.position] ?? ''}`;
  if (node.kind !== 'LOGIT') return `${node.kind} ${node.layer} ${node.feature}`;
  const target = graph.circuit.targets.find((one) => one.tokenId === node.feature);
  return `logit ${target?.token ?? node.feature}`;
}

function distanceKey(graph: CircuitGraph, node: CircuitNode): string {
  return `${identity(graph, node)} ${graph.circuit.tokens.length - node.position}`;
}

function tokenKey(graph: CircuitGraph, node: CircuitNode): string {
  return `${identity(graph, node)} ${graph.circuit.tokens[node.position] ?? ''}`;
}

function match(left: CircuitGraph, right: CircuitGraph, key: Key, toRight: Int32Array, toLeft: Int32Array): void {
  const open = new Map<string, number[]>();
  right.nodes.forEach((node, index) => {
    if (at(toLeft, index) >= 0) return;
    const name = key(right, node);
    open.set(name, [...(open.get(name) ?? []), index]);
  });
  left.nodes.forEach((node, index) => {
    if (at(toRight, index) >= 0) return;
    const partner = open.get(key(left, node))?.shift();
    if (partner === undefined) return;
    toRight[index] = partner;
    toLeft[partner] = index;
  });
}

function edgeChanges(left: CircuitGraph, right: CircuitGraph, toRight: Int32Array): EdgeChange[] {
  const width = right.nodes.length;
  const rightEdges = new Map<number, number>();
  right.source.forEach((source, edge) => rightEdges.set(source * width + at(right.target, edge), edge));
  const changes: EdgeChange[] = [];
  left.source.forEach((source, edge) => {
    const from = at(toRight, source);
    const to = at(toRight, at(left.target, edge));
    const key = from * width + to;
    const partner = from >= 0 && to >= 0 ? (rightEdges.get(key) ?? -1) : -1;
    if (partner >= 0) rightEdges.delete(key);
    const rightShare = partner < 0 ? 0 : at(right.share, partner);
    changes.push({ left: edge, right: partner, leftShare: at(left.share, edge), rightShare });
  });
  for (const edge of rightEdges.values()) {
    changes.push({ left: -1, right: edge, leftShare: 0, rightShare: at(right.share, edge) });
  }
  const size = (change: EdgeChange) => Math.abs(change.rightShare - change.leftShare);
  return changes.sort((a, b) => size(b) - size(a));
}
