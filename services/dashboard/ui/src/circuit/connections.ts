import { at } from './at';
import { edgesInto, edgesOutOf, type CircuitGraph } from './graph';

/** One row of a node's inputs or outputs. */
export interface Connection {
  readonly edge: number;
  /** Index of the node at the other end. */
  readonly node: number;
  /** Share of the target's kept input, with sign. */
  readonly share: number;
  /** Where the other end is in the prompt, seen from this node. */
  readonly side: 'before' | 'same' | 'after';
}

export interface Connections {
  readonly positive: readonly Connection[];
  readonly negative: readonly Connection[];
}

/** What a node reads, the largest share first. */
export function inputsOf(graph: CircuitGraph, node: number): Connections {
  return split([...edgesInto(graph, node)].map((edge) => connection(graph, node, edge, at(graph.source, edge))));
}

/** What a node feeds, the largest share of the other's input first. */
export function outputsOf(graph: CircuitGraph, node: number): Connections {
  return split([...edgesOutOf(graph, node)].map((edge) => connection(graph, node, edge, at(graph.target, edge))));
}

function connection(graph: CircuitGraph, node: number, edge: number, other: number): Connection {
  const distance = at(graph.nodes, other).position - at(graph.nodes, node).position;
  return {
    edge,
    node: other,
    share: at(graph.share, edge),
    side: distance === 0 ? 'same' : distance < 0 ? 'before' : 'after',
  };
}

function split(rows: Connection[]): Connections {
  return { positive: rows.filter((row) => row.share >= 0), negative: rows.filter((row) => row.share < 0) };
}

/** The circuit's strongest paths that go through a node, as indices in circuit.paths. */
export function pathsThrough(graph: CircuitGraph, node: number): number[] {
  return [...graph.circuit.paths.keys()].filter((index) => at(graph.circuit.paths, index).nodes.includes(node));
}
