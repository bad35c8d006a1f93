import dagre from '@dagrejs/dagre';
import type { Supernode } from '../lib/types';
import { at } from './at';
import { indicesOf, type CircuitGraph } from './graph';
import { groupEdges, type GroupEdge } from './supernodes';

/** A pinned node or a supernode in the sub-graph. */
export interface Box {
  /** Node id, or `group:` and the supernode's name. */
  readonly key: string;
  readonly group: string | null;
  /** Indices in nodes. */
  readonly nodes: readonly number[];
  /** Mean layer and position of the nodes: up is later, right is further. */
  readonly layer: number;
  readonly position: number;
}

export interface Subgraph {
  readonly boxes: readonly Box[];
  /** Indices of `source` and `target` are in boxes. */
  readonly edges: readonly GroupEdge[];
}

/** Weaker edges are not drawn: the page says how many. */
export const faint = 0.003;

/** Supernodes, then the pinned nodes that are in none; ids that the circuit does not have are left out. */
export function subgraphOf(graph: CircuitGraph, pins: readonly string[], groups: readonly Supernode[]): Subgraph {
  const members = new Set(groups.flatMap((group) => group.nodes));
  const boxes = [
    ...groups.map((group) => box(graph, `group:${group.name}`, group.name, indicesOf(graph, group.nodes))),
    ...pins.filter((pin) => !members.has(pin)).map((pin) => box(graph, pin, null, indicesOf(graph, [pin]))),
  ].filter((one) => one.nodes.length > 0);
  const edges = groupEdges(
    graph,
    boxes.map((one) => one.nodes),
  );
  return { boxes, edges };
}

function box(graph: CircuitGraph, key: string, group: string | null, nodes: readonly number[]): Box {
  const mean = (of: 'layer' | 'position') =>
    nodes.reduce((sum, node) => sum + at(graph.nodes, node)[of], 0) / Math.max(1, nodes.length);
  return { key, group, nodes, layer: mean('layer'), position: mean('position') };
}

export interface Placed {
  readonly x: number;
  readonly y: number;
}

export interface Placement {
  readonly width: number;
  readonly height: number;
  /** Centre of each box, in the order of the boxes. */
  readonly places: readonly Placed[];
}

export const boxSize = { width: 132, height: 46 };

/** Layered, from bottom to top, by dagre; boxes that somebody dragged stay where they were put. */
export function placed(subgraph: Subgraph, dragged: Readonly<Record<string, readonly [number, number]>>): Placement {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'BT', nodesep: 18, ranksep: 42, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const one of inReadingOrder(subgraph.boxes)) graph.setNode(one.key, { ...boxSize });
  for (const edge of subgraph.edges) {
    if (Math.abs(edge.weight) < faint || edge.source === edge.target) continue;
    const [low, high] = upward(at(subgraph.boxes, edge.source), at(subgraph.boxes, edge.target));
    graph.setEdge(low.key, high.key, { weight: 1 + Math.abs(edge.weight) * 10 });
  }
  dagre.layout(graph);
  const places = subgraph.boxes.map((one): Placed => {
    const kept = dragged[one.key];
    const { x, y } = graph.node(one.key) as Placed;
    return kept ? { x: kept[0], y: kept[1] } : { x, y };
  });
  const width = Math.max(240, ...places.map((place) => place.x + boxSize.width / 2 + 12));
  const height = Math.max(160, ...places.map((place) => place.y + boxSize.height / 2 + 12));
  return { width, height, places };
}

/** Dagre keeps the order of what it is given where edges leave it free: earlier tokens to the left. */
function inReadingOrder(boxes: readonly Box[]): Box[] {
  return [...boxes].sort((a, b) => a.position - b.position || a.layer - b.layer);
}

/** The two boxes, the one that must be lower first. Means of groups can turn an edge round; the layout must not. */
function upward(source: Box, target: Box): [Box, Box] {
  const turned = source.layer > target.layer || (source.layer === target.layer && source.position > target.position);
  return turned ? [target, source] : [source, target];
}
