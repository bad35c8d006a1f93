import { visible } from '../lib/visible';
import type { CircuitNode } from '../lib/types';
import { at } from './at';
import type { CircuitGraph } from './graph';

/** What people gave to one node of this circuit, by node id, and to features, by `layer_feature`. */
export interface Labels {
  readonly nodes: Readonly<Record<string, string>>;
  readonly features: ReadonlyMap<string, string>;
}

export const noLabels: Labels = { nodes: {}, features: new Map() };

export function featureKey(layer: number, feature: number): string {
  return `${layer}_${feature}`;
}

/** The label of a node, empty for one that has none: a node's own before its feature's. Raw text. */
export function labelOf(node: CircuitNode, labels: Labels): string {
  const own = labels.nodes[node.id];
  if (own) return own;
  return node.kind === 'FEATURE' ? (labels.features.get(featureKey(node.layer, node.feature)) ?? '') : '';
}

/** What a node is called on the screen, never empty; without characters that cannot be seen. */
export function nameOf(graph: CircuitGraph, index: number, labels: Labels): string {
  const node = at(graph.nodes, index);
  const label = labelOf(node, labels);
  if (label) return visible(label);
  switch (node.kind) {
    case 'FEATURE':
      return `feature ${node.layer}/${node.feature}`;
    case 'ERROR':
      return `error of layer ${node.layer} at “${tokenAt(graph, node.position)}”`;
    case 'TOKEN':
      return `“${tokenAt(graph, node.position)}”`;
    case 'LOGIT':
      return `answer “${logitToken(graph, node)}” ${percent(node.value)}`;
    default:
      return node.id;
  }
}

/** The prompt's token at a position, as people can see it. */
export function tokenAt(graph: CircuitGraph, position: number): string {
  return visible(graph.circuit.tokens[position] ?? `position ${position}`);
}

/** The text of a logit node's token. */
export function logitToken(graph: CircuitGraph, node: CircuitNode): string {
  const target = graph.circuit.targets.find((one) => one.tokenId === node.feature);
  return visible(target?.token ?? `token ${node.feature}`);
}

/** “layer 3”, “token”, “answer”: the band of the link graph that a node is in. */
export function bandOf(graph: CircuitGraph, node: CircuitNode): string {
  if (node.kind === 'TOKEN') return 'token';
  return node.kind === 'LOGIT' ? 'answer' : `layer ${node.layer}`;
}

/** Imported files do not have every number. */
const unknown = 'not known';

/** Two decimals, as scores have. */
export function score(value: number | null): string {
  return value === null ? unknown : value.toFixed(2);
}

/** As `bandOf`, short: “L3”, “Emb”, “Lgt”. */
export function shortBand(node: CircuitNode): string {
  if (node.kind === 'TOKEN') return 'Emb';
  return node.kind === 'LOGIT' ? 'Lgt' : `L${node.layer}`;
}

/** “12.3 %”; with a sign where asked for. */
export function percent(share: number | null, signed = false): string {
  if (share === null) return unknown;
  const text = `${(Math.abs(share) * 100).toFixed(1)} %`;
  if (share < 0) return `−${text}`;
  return signed ? `+${text}` : text;
}

/** Three significant digits, with a real minus sign. */
export function number(value: number | null): string {
  if (value === null) return unknown;
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text = size >= 0.001 && size < 1e5 ? String(Number(size.toPrecision(3))) : size.toExponential(2);
  return value < 0 ? `−${text}` : text;
}
