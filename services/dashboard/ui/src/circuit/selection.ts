import { at } from './at';
import { edgesInto, edgesOutOf, type CircuitGraph } from './graph';
import type { Visible } from './hidden';

export type Direction = 'up' | 'down' | 'left' | 'right';

/**
 * Where an arrow key leads: up to what the node feeds most, down to what it reads most; left and right to the next
 * weaker or stronger one of those reached from where the walk came from. −1 when there is nowhere to go.
 */
export function walk(
  graph: CircuitGraph,
  visible: Visible,
  node: number,
  direction: Direction,
  from: { node: number; direction: 'up' | 'down' } | null,
): number {
  if (direction === 'up' || direction === 'down') return neighbours(graph, visible, node, direction)[0] ?? -1;
  if (!from) return -1;
  const siblings = neighbours(graph, visible, from.node, from.direction);
  const place = siblings.indexOf(node);
  if (place < 0) return -1;
  return siblings[place + (direction === 'right' ? 1 : -1)] ?? -1;
}

/** Drawn nodes that a node feeds (up) or reads (down), along drawn edges, the strongest first. */
export function neighbours(graph: CircuitGraph, visible: Visible, node: number, direction: 'up' | 'down'): number[] {
  const edges = direction === 'up' ? edgesOutOf(graph, node) : edgesInto(graph, node);
  const other = direction === 'up' ? graph.target : graph.source;
  return [...edges].filter((edge) => visible.edge[edge]).map((edge) => at(other, edge));
}

/** Where a walk begins: the most probable answer. */
export function firstNode(graph: CircuitGraph): number {
  const logits = [...graph.nodes.keys()].filter((index) => at(graph.nodes, index).kind === 'LOGIT');
  return logits.sort((a, b) => at(graph.nodes, b).value - at(graph.nodes, a).value)[0] ?? graph.nodes.length - 1;
}

/** A list with an item added at its end, or without it when it was there. */
export function toggled<T>(items: readonly T[], item: T): T[] {
  return items.includes(item) ? items.filter((one) => one !== item) : [...items, item];
}
