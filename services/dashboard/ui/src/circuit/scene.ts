import { at } from './at';
import type { CircuitGraph } from './graph';
import type { Visible } from './hidden';
import type { Layout } from './layout';
import type { EdgeColours } from './scales';

/** Glyphs: ● feature, ◆ error, ■ token and logit, ▲ what this page does not know. */
export const kinds = { FEATURE: 0, ERROR: 1, TOKEN: 2, LOGIT: 3, UNKNOWN: 4 } as const;

export interface Palette {
  readonly edges: EdgeColours;
  readonly nodeFill: string;
  readonly nodeStroke: string;
  readonly errorFill: string;
}

/** Nodes and edges to draw, ready to be sent to a worker. Lengths in pixels at zoom 1. */
export interface Scene {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly kind: Uint8Array;
  readonly shown: Uint8Array;
  readonly radius: number;
  /** Edges in order of drawing: weak ones first, one style after the other. */
  readonly edgeSource: Int32Array;
  readonly edgeTarget: Int32Array;
  /** Style of each edge, see {@link styleOf}. */
  readonly edgeStyle: Int8Array;
  readonly palette: Palette;
}

const steps = 12;

/** √|share| in twelfths, 0 to 12, doubled, plus one for a positive share: ascending is the order of drawing. */
export function styleOf(share: number): number {
  return 2 * Math.min(steps, Math.round(Math.sqrt(Math.abs(share)) * steps)) + (share < 0 ? 0 : 1);
}

/** A share that has this style. */
export function shareOf(style: number): number {
  const share = ((style >> 1) / steps) ** 2;
  return style % 2 === 0 ? -share : share;
}

export function sceneOf(graph: CircuitGraph, layout: Layout, visible: Visible, palette: Palette): Scene {
  const { edges, styles } = drawingOrder(graph, visible);
  return {
    x: layout.x,
    y: layout.y,
    kind: Uint8Array.from(graph.nodes, (node) => kinds[node.kind]),
    shown: visible.node,
    radius: layout.radius,
    edgeSource: edges.map((edge) => at(graph.source, edge)),
    edgeTarget: edges.map((edge) => at(graph.target, edge)),
    edgeStyle: styles,
    palette,
  };
}

/** A counting sort: 100,000 edges by comparisons would cost a tenth of a second. */
function drawingOrder(graph: CircuitGraph, visible: Visible): { edges: Int32Array; styles: Int8Array } {
  const count = new Int32Array(2 * steps + 3);
  const style = new Int8Array(graph.share.length);
  for (let edge = 0; edge < style.length; edge++) {
    const one = styleOf(at(graph.share, edge));
    style[edge] = one;
    if (visible.edge[edge]) count[one + 1] = at(count, one + 1) + 1;
  }
  for (let one = 1; one < count.length; one++) count[one] = at(count, one) + at(count, one - 1);
  const edges = new Int32Array(at(count, count.length - 1));
  const styles = new Int8Array(edges.length);
  for (let edge = 0; edge < style.length; edge++) {
    if (!visible.edge[edge]) continue;
    const one = at(style, edge);
    const place = at(count, one);
    edges[place] = edge;
    styles[place] = one;
    count[one] = place + 1;
  }
  return { edges, styles };
}
