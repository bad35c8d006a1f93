import type { Circuit, CircuitNode } from '../lib/types';
import { at } from './at';

/** A circuit with its edges found from either end. Nodes and edges are indices; E edges, N nodes. Immutable. */
export interface CircuitGraph {
  readonly circuit: Circuit;
  readonly nodes: readonly CircuitNode[];
  /** [E] */
  readonly source: Int32Array;
  /** [E] */
  readonly target: Int32Array;
  /** [E] direct effects. */
  readonly weight: Float32Array;
  /** [E] weight over the absolute sum of the target's kept input: −1 to 1. */
  readonly share: Float32Array;
  /** Edges into node n: inEdge[inStart[n]] … inEdge[inStart[n + 1] − 1], the largest |share| first. */
  readonly inStart: Int32Array;
  readonly inEdge: Int32Array;
  /** Edges out of node n, the largest |share| first. */
  readonly outStart: Int32Array;
  readonly outEdge: Int32Array;
  /** Index of a node by its id. */
  readonly indexOf: ReadonlyMap<string, number>;
}

export function graphOf(circuit: Circuit): CircuitGraph {
  const nodes = circuit.nodes;
  const source = Int32Array.from(circuit.edgeSource);
  const target = Int32Array.from(circuit.edgeTarget);
  const weight = Float32Array.from(circuit.edgeWeight);
  const sums = inputSums(circuit, target, weight);
  const share = weight.map((value, edge) => value / Math.max(at(sums, at(target, edge)), 1e-10));
  const into = grouped(target, nodes.length, share);
  const outOf = grouped(source, nodes.length, share);
  return {
    circuit,
    nodes,
    source,
    target,
    weight,
    share,
    inStart: into.start,
    inEdge: into.edges,
    outStart: outOf.start,
    outEdge: outOf.edges,
    indexOf: new Map(nodes.map((node, index) => [node.id, index])),
  };
}

/** Edges that end at a node, the strongest first. */
export function edgesInto(graph: CircuitGraph, node: number): Int32Array {
  return graph.inEdge.subarray(at(graph.inStart, node), at(graph.inStart, node + 1));
}

/** Edges that begin at a node, the strongest first. */
export function edgesOutOf(graph: CircuitGraph, node: number): Int32Array {
  return graph.outEdge.subarray(at(graph.outStart, node), at(graph.outStart, node + 1));
}

/** Index of the edge between two nodes, −1 if there is none. */
export function edgeBetween(graph: CircuitGraph, source: number, target: number): number {
  return edgesInto(graph, target).find((edge) => at(graph.source, edge) === source) ?? -1;
}

/** Indices of the ids that this circuit has. */
export function indicesOf(graph: CircuitGraph, ids: Iterable<string>): number[] {
  return [...ids].flatMap((id) => graph.indexOf.get(id) ?? []);
}

function inputSums(circuit: Circuit, target: Int32Array, weight: Float32Array): Float64Array {
  const sums = new Float64Array(circuit.nodes.length);
  weight.forEach((value, edge) => {
    const node = at(target, edge);
    sums[node] = at(sums, node) + Math.abs(value);
  });
  return sums;
}

function grouped(end: Int32Array, nodes: number, share: Float32Array): { start: Int32Array; edges: Int32Array } {
  const start = new Int32Array(nodes + 1);
  for (const node of end) start[node + 1] = at(start, node + 1) + 1;
  for (let node = 0; node < nodes; node++) start[node + 1] = at(start, node + 1) + at(start, node);
  const next = start.slice();
  const edges = new Int32Array(end.length);
  end.forEach((node, edge) => {
    const place = at(next, node);
    edges[place] = edge;
    next[node] = place + 1;
  });
  const stronger = (a: number, b: number) => Math.abs(at(share, b)) - Math.abs(at(share, a)) || a - b;
  for (let node = 0; node < nodes; node++) edges.subarray(at(start, node), at(start, node + 1)).sort(stronger);
  return { start, edges };
}
