import { at } from './at';
import type { CircuitGraph } from './graph';
import { bandOf, nameOf, tokenAt, type Labels } from './names';

/** Nodes whose name, id, band or token holds all words of a query, in any case; the most influential first. */
export function search(graph: CircuitGraph, labels: Labels, query: string): number[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const text = (index: number) => {
    const node = at(graph.nodes, index);
    return [nameOf(graph, index, labels), node.id, bandOf(graph, node), tokenAt(graph, node.position)]
      .join(' ')
      .toLowerCase();
  };
  return [...graph.nodes.keys()]
    .filter((index) => {
      const searched = text(index);
      return words.every((word) => searched.includes(word));
    })
    .sort((a, b) => at(graph.nodes, b).influence - at(graph.nodes, a).influence);
}
