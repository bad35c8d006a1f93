import type { CircuitNode } from '../lib/types';
import { at } from './at';
import type { CircuitGraph } from './graph';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Column {
  readonly position: number;
  readonly left: number;
  readonly right: number;
}

export interface Band {
  /** −1 for tokens, L for logits. */
  readonly layer: number;
  readonly name: string;
  readonly y: number;
}

/** Where the link graph's nodes are, in pixels at zoom 1. */
export interface Layout {
  readonly size: Size;
  /** [N] */
  readonly x: Float32Array;
  /** [N] */
  readonly y: Float32Array;
  readonly columns: readonly Column[];
  /** Lowest first: tokens, layers, logits. */
  readonly bands: readonly Band[];
  /** Of a node's glyph: smaller in a full picture. */
  readonly radius: number;
}

/** Room for layer names, logits' text and tokens' text. */
export const margin = { left: 46, right: 60, top: 64, bottom: 64 };
const spacing = 11;

/**
 * Tokens at the bottom, logits at the top, a band for each layer between; a column for each position, as wide as its
 * fullest cell needs. In a cell the most influential node is the rightmost; a cell too full for one row gets several,
 * within its band.
 */
export function layoutOf(graph: CircuitGraph, size: Size): Layout {
  const layers = graph.circuit.layers;
  const bandHeight = (size.height - margin.top - margin.bottom) / Math.max(1, layers + 1);
  const cells = cellsOf(graph);
  const positions = Math.max(1, graph.circuit.tokens.length);
  const inner = Math.max(1, size.width - margin.left - margin.right);
  const most = Math.max(1, Math.floor((bandHeight * 0.8) / 5));
  const rows = rowsPerBand(cells, positions, inner, most);
  const columns = columnsOf(cells, positions, inner, rows);
  const x = new Float32Array(graph.nodes.length);
  const y = new Float32Array(graph.nodes.length);
  const rowHeight = rows > 1 ? (bandHeight * 0.8) / rows : 0;
  let narrowest = spacing * 1.4;
  for (const nodes of cells.values()) {
    const first = at(graph.nodes, at(nodes, 0));
    const column = at(columns, first.position);
    const used = Math.min(rows, nodes.length);
    const perRow = Math.ceil(nodes.length / used);
    const step = (column.right - column.left) / (perRow + 1);
    narrowest = Math.min(narrowest, step);
    const middle = yOf(first.layer, layers, bandHeight, size);
    nodes.forEach((node, place) => {
      const row = Math.floor(place / perRow);
      x[node] = column.right - step * (1 + (place % perRow));
      y[node] = middle + (row - (used - 1) / 2) * rowHeight;
    });
  }
  const radius = Math.max(1.5, Math.min(5, narrowest * 0.45, rows > 1 ? rowHeight * 0.45 : 5));
  return { size, x, y, columns, bands: bandsOf(layers, bandHeight, size), radius };
}

/** Nodes by (layer, position), each cell's in order of importance. */
function cellsOf(graph: CircuitGraph): Map<string, number[]> {
  const cells = new Map<string, number[]>();
  graph.nodes.forEach((node, index) => {
    const key = `${node.layer}:${node.position}`;
    const cell = cells.get(key);
    if (cell) cell.push(index);
    else cells.set(key, [index]);
  });
  for (const cell of cells.values()) {
    cell.sort((a, b) => importance(at(graph.nodes, b)) - importance(at(graph.nodes, a)) || a - b);
  }
  return cells;
}

function importance(node: CircuitNode): number {
  return node.kind === 'LOGIT' ? node.value : node.influence;
}

function fullest(cells: Map<string, number[]>, positions: number): number[] {
  const most = new Array<number>(positions).fill(0);
  for (const [key, nodes] of cells) {
    const position = Number(key.slice(key.indexOf(':') + 1));
    most[position] = Math.max(most[position] ?? 0, nodes.length);
  }
  return most;
}

/** As few rows as leave every node its room; at most what a band holds. */
function rowsPerBand(cells: Map<string, number[]>, positions: number, inner: number, most: number): number {
  const counts = fullest(cells, positions);
  for (let rows = 1; rows < most; rows++) {
    const slots = counts.reduce((sum, count) => sum + Math.ceil(count / rows) + 1, 0);
    if (slots * spacing <= inner) return rows;
  }
  return most;
}

function columnsOf(cells: Map<string, number[]>, positions: number, inner: number, rows: number): Column[] {
  const slots = fullest(cells, positions).map((count) => Math.ceil(count / rows) + 1);
  const unit = inner / slots.reduce((sum, count) => sum + count, 0);
  let left = margin.left;
  return slots.map((count, position) => {
    const column = { position, left, right: left + count * unit };
    left = column.right;
    return column;
  });
}

function bandsOf(layers: number, bandHeight: number, size: Size): Band[] {
  return Array.from({ length: layers + 2 }, (_, index) => {
    const layer = index - 1;
    const name = layer < 0 ? 'tokens' : layer === layers ? 'answers' : `L${layer}`;
    return { layer, name, y: yOf(layer, layers, bandHeight, size) };
  });
}

/** The lowest band's middle is at the bottom margin, the highest one's at the top margin. */
function yOf(layer: number, layers: number, bandHeight: number, size: Size): number {
  const band = Math.max(0, Math.min(layers + 1, layer + 1));
  return size.height - margin.bottom - band * bandHeight;
}
