import { at } from './at';
import { badgeRadius, type Badge } from './badges';
import { begin, dashOf, glyph, glyphScale, type Context } from './draw';
import type { Frame } from './frame';
import { edgesInto, edgesOutOf, type CircuitGraph } from './graph';
import type { Visible } from './hidden';
import type { Layout } from './layout';
import { edgeColour, edgeWidth } from './scales';
import { kinds, type Palette } from './scene';
import { badgeOf } from './tested';

export interface OverlayColours extends Palette {
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly ring: string;
  readonly pin: string;
  readonly good: string;
  readonly bad: string;
  readonly warn: string;
}

/** What stands out in the link graph; nodes are indices, −1 for none. */
export interface Emphasis {
  readonly clicked: number;
  readonly hovered: number;
  readonly pinned: ReadonlySet<number>;
  readonly marked: ReadonlySet<number>;
  /** Nodes that a search found or that a comparison does not find in the other circuit. */
  readonly lit: ReadonlySet<number>;
  readonly badges: readonly Badge[];
  /** A path to show: nodes in order. */
  readonly path: readonly number[];
}

/** Draws all that changes with the pointer. */
export function drawOverlay(
  context: Context,
  graph: CircuitGraph,
  layout: Layout,
  visible: Visible,
  emphasis: Emphasis,
  colours: OverlayColours,
  frame: Frame,
): void {
  begin(context, frame, { left: 0, top: 0, width: frame.width, height: frame.height });
  const pen: Pen = { context, graph, layout, visible, colours, frame, radius: layout.radius * glyphScale(frame.k) };
  if (emphasis.clicked >= 0) clickedEdges(pen, emphasis.clicked);
  path(pen, emphasis.path);
  for (const node of emphasis.lit) ring(pen, node, colours.warn, 2, 3);
  for (const node of emphasis.pinned) ring(pen, node, colours.pin, 2, 2.5);
  for (const node of emphasis.marked) ring(pen, node, colours.ring, 2.5, 4.5);
  if (emphasis.clicked >= 0) ring(pen, emphasis.clicked, colours.text, 2.5, 3);
  if (emphasis.hovered >= 0) ring(pen, emphasis.hovered, colours.ring, 2, 6, [4, 3]);
  badges(pen, emphasis.badges);
}

interface Pen {
  readonly context: Context;
  readonly graph: CircuitGraph;
  readonly layout: Layout;
  readonly visible: Visible;
  readonly colours: OverlayColours;
  readonly frame: Frame;
  readonly radius: number;
}

function screen(pen: Pen, node: number): [number, number] {
  const { frame, layout } = pen;
  return [at(layout.x, node) * frame.k + frame.x, at(layout.y, node) * frame.k + frame.y];
}

/** Edges of the clicked node with an outline, on top of all; the nodes at their other ends filled with their colour. */
function clickedEdges(pen: Pen, clicked: number): void {
  const { graph, visible } = pen;
  const edges = [...edgesInto(graph, clicked), ...edgesOutOf(graph, clicked)].filter(
    (edge) => visible.node[at(graph.source, edge)] && visible.node[at(graph.target, edge)],
  );
  for (const edge of edges.reverse()) line(pen, edge);
  for (const edge of edges) {
    const source = at(graph.source, edge);
    const other = source === clicked ? at(graph.target, edge) : source;
    filled(pen, other, edgeColour(at(graph.share, edge), pen.colours.edges));
  }
}

function line(pen: Pen, edge: number): void {
  const { context, graph, colours } = pen;
  const share = at(graph.share, edge);
  const [x1, y1] = screen(pen, at(graph.source, edge));
  const [x2, y2] = screen(pen, at(graph.target, edge));
  const stroke = (colour: string, width: number) => {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
  };
  context.setLineDash(share < 0 ? dashOf(share) : []);
  if (Math.abs(share) > 0.04) stroke(colours.text, edgeWidth(share) + 1);
  stroke(edgeColour(share, colours.edges), Math.max(0.8, edgeWidth(share)));
  context.setLineDash([]);
}

function path(pen: Pen, nodes: readonly number[]): void {
  if (nodes.length < 2) return;
  const { context, colours } = pen;
  context.strokeStyle = colours.ring;
  context.lineWidth = 3;
  context.beginPath();
  nodes.forEach((node, place) => {
    const [x, y] = screen(pen, node);
    if (place === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  context.stroke();
  for (const node of nodes) ring(pen, node, colours.ring, 2, 3);
}

function filled(pen: Pen, node: number, colour: string): void {
  const { context, graph, colours } = pen;
  const [x, y] = screen(pen, node);
  context.fillStyle = colour;
  context.strokeStyle = colours.text;
  context.lineWidth = 1;
  context.beginPath();
  glyph(context, kinds[at(graph.nodes, node).kind], x, y, Math.max(3.5, pen.radius));
  context.fill();
  context.stroke();
}

function ring(pen: Pen, node: number, colour: string, width: number, gap: number, dash: number[] = []): void {
  const { context } = pen;
  const [x, y] = screen(pen, node);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash(dash);
  context.beginPath();
  context.arc(x, y, Math.max(2, pen.radius) + gap, 0, 2 * Math.PI);
  context.stroke();
  context.setLineDash([]);
}

function badges(pen: Pen, shown: readonly Badge[]): void {
  const { context, frame, colours } = pen;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.font = 'bold 10px sans-serif';
  for (const { tested, x: left, y: top } of shown) {
    const [x, y] = [left * frame.k + frame.x, top * frame.k + frame.y];
    const badge = badgeOf(tested.verdict);
    context.fillStyle = colours.surface;
    context.strokeStyle = badge === '✓' ? colours.good : badge === '✗' ? colours.bad : colours.warn;
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(x, y, badgeRadius, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
    context.fillStyle = context.strokeStyle;
    context.fillText(badge, x, y + 0.5);
  }
}
