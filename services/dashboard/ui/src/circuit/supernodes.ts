import type { Supernode } from '../lib/types';
import { at } from './at';
import { edgesInto, type CircuitGraph } from './graph';
import { labelOf, type Labels } from './names';

/** Groups with one more, made of these nodes: they leave the groups they were in, emptied ones go. */
export function grouped(groups: readonly Supernode[], nodes: readonly string[], name: string): Supernode[] {
  const members = new Set(nodes);
  const others = groups
    .map((group) => ({ ...group, nodes: group.nodes.filter((node) => !members.has(node)) }))
    .filter((group) => group.nodes.length > 0);
  return [...others, { name: freeName(others, name), nodes: [...members] }];
}

/** Groups without the one of that name; its nodes stay pinned. */
export function ungrouped(groups: readonly Supernode[], name: string): Supernode[] {
  return groups.filter((group) => group.name !== name);
}

export function renamed(groups: readonly Supernode[], name: string, next: string): Supernode[] {
  if (next.trim() === '' || next === name) return [...groups];
  const others = groups.filter((group) => group.name !== name);
  return groups.map((group) => (group.name === name ? { ...group, name: freeName(others, next) } : group));
}

/** Groups without a node, wherever it was. */
export function without(groups: readonly Supernode[], node: string): Supernode[] {
  return groups
    .map((group) => (group.nodes.includes(node) ? { ...group, nodes: group.nodes.filter((n) => n !== node) } : group))
    .filter((group) => group.nodes.length > 0);
}

/** The group that a node is in. */
export function groupOf(groups: readonly Supernode[], node: string): Supernode | undefined {
  return groups.find((group) => group.nodes.includes(node));
}

function freeName(groups: readonly Supernode[], wanted: string): string {
  const taken = new Set(groups.map((group) => group.name));
  const name = wanted.trim() || 'group';
  if (!taken.has(name)) return name;
  for (let count = 2; ; count++) if (!taken.has(`${name} (${count})`)) return `${name} (${count})`;
}

export interface Proposal {
  /** SAME_LABEL: proposed here, of features with the same label; the others come with the circuit. */
  readonly reason: 'SAME_FEATURE' | 'SAME_PROFILE' | 'SAME_LABEL' | 'UNKNOWN';
  readonly name: string;
  /** Indices in nodes. */
  readonly nodes: readonly number[];
  /** Least cosine of what any two of them read and feed, 1 for the same feature; null for labels. */
  readonly similarity: number | null;
}

/** Groups that a person may want, of nodes that are in no group yet: the circuit's own and those of equal labels. */
export function proposals(graph: CircuitGraph, groups: readonly Supernode[], labels: Labels): Proposal[] {
  const taken = new Set(groups.flatMap((group) => group.nodes));
  const open = (nodes: readonly number[]) => nodes.filter((node) => !taken.has(at(graph.nodes, node).id));
  const known = graph.circuit.supernodes.map((one) => ({
    reason: one.reason,
    name: proposedName(graph, one.nodes, labels),
    nodes: open(one.nodes),
    similarity: one.similarity,
  }));
  const seen = new Set(known.map((one) => one.nodes.join()));
  const labelled = sameLabels(graph, labels)
    .map((one) => ({ ...one, nodes: open(one.nodes) }))
    .filter((one) => !seen.has(one.nodes.join()));
  return [...known, ...labelled].filter((one) => one.nodes.length > 1);
}

function sameLabels(graph: CircuitGraph, labels: Labels): Proposal[] {
  const byLabel = new Map<string, number[]>();
  graph.nodes.forEach((node, index) => {
    const label = node.kind === 'FEATURE' ? labelOf(node, labels) : '';
    if (label) byLabel.set(label, [...(byLabel.get(label) ?? []), index]);
  });
  return [...byLabel].map(([name, nodes]) => ({ reason: 'SAME_LABEL' as const, name, nodes, similarity: null }));
}

function proposedName(graph: CircuitGraph, nodes: readonly number[], labels: Labels): string {
  const names = nodes.map((index) => labelOf(at(graph.nodes, index), labels)).filter((label) => label !== '');
  const first = names[0];
  if (first !== undefined) return first;
  const node = at(graph.nodes, at(nodes, 0));
  return `feature ${node.layer}/${node.feature}`;
}

export interface GroupEdge {
  /** Index in the list of groups. */
  readonly source: number;
  readonly target: number;
  /**
   * Σ over the target's members t of share_t · Σ_s A[t, s] / external_t, where external_t is t's absolute input from
   * outside its group and share_t its external/total input ratio, normalised over the members: −1 to 1.
   */
  readonly weight: number;
}

/** Edges between groups of nodes (indices), as the papers' front end weighs them. A node is in one group at most. */
export function groupEdges(graph: CircuitGraph, groups: readonly (readonly number[])[]): GroupEdge[] {
  const groupOfNode = new Map(groups.flatMap((nodes, group) => nodes.map((node) => [node, group] as const)));
  return groups.flatMap((nodes, target) => {
    const inputs = nodes.map((node) => inputOf(graph, node, target, groupOfNode));
    const ratios = inputs.reduce((sum, input) => sum + input.ratio, 0);
    const weights = new Map<number, number>();
    for (const input of inputs) {
      for (const [source, weight] of input.bySource) {
        const part = ratios > 0 ? (input.ratio / ratios) * (weight / input.external) : 0;
        weights.set(source, (weights.get(source) ?? 0) + part);
      }
    }
    return [...weights].map(([source, weight]) => ({ source, target, weight }));
  });
}

function inputOf(graph: CircuitGraph, node: number, own: number, groupOfNode: ReadonlyMap<number, number>) {
  const bySource = new Map<number, number>();
  let external = 0;
  let total = 0;
  for (const edge of edgesInto(graph, node)) {
    const weight = at(graph.weight, edge);
    const source = groupOfNode.get(at(graph.source, edge));
    total += Math.abs(weight);
    if (source === own) continue;
    external += Math.abs(weight);
    if (source !== undefined) bySource.set(source, (bySource.get(source) ?? 0) + weight);
  }
  return { bySource, external, ratio: total > 0 ? external / total : 0 };
}
