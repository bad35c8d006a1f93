import { at } from './at';
import { begin, type Context } from './draw';
import type { Frame } from './frame';
import type { CircuitGraph } from './graph';
import { margin, type Layout } from './layout';
import { logitToken, tokenAt } from './names';

export interface AxisColours {
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
}

interface Pen {
  readonly context: Context;
  readonly graph: CircuitGraph;
  readonly layout: Layout;
  readonly colours: AxisColours;
  readonly frame: Frame;
}

/** Draws the names of layers, tokens and answers; they stay at the edges of the view and cover what is under them. */
export function drawAxes(
  context: Context,
  graph: CircuitGraph,
  layout: Layout,
  colours: AxisColours,
  frame: Frame,
): void {
  begin(context, frame, { left: 0, top: 0, width: frame.width, height: frame.height });
  const pen = { context, graph, layout, colours, frame };
  context.fillStyle = colours.surface;
  context.fillRect(0, 0, frame.width, margin.top - 14);
  context.fillRect(0, frame.height - margin.bottom + 14, frame.width, margin.bottom);
  context.fillRect(0, 0, margin.left - 14, frame.height);
  context.font = '11px sans-serif';
  bandNames(pen);
  tokenTexts(pen);
  logitTexts(pen);
}

function bandNames(pen: Pen): void {
  const { context, layout, frame, colours } = pen;
  context.fillStyle = colours.muted;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  let last = Infinity;
  for (const band of layout.bands) {
    const y = band.y * frame.k + frame.y;
    if (y < margin.top - 20 || y > frame.height - margin.bottom + 20 || last - y < 12) continue;
    last = y;
    context.fillText(band.layer < 0 ? 'Emb' : band.name === 'answers' ? 'Lgt' : band.name, 4, y);
  }
}

/** Slanted below each column; where columns are narrower than a line of text, of every second, third… one. */
function tokenTexts(pen: Pen): void {
  const { context, layout, frame, colours, graph } = pen;
  context.fillStyle = colours.text;
  context.textAlign = 'right';
  const place = frame.height - margin.bottom + 22;
  let last = -Infinity;
  for (const column of layout.columns) {
    const x = ((column.left + column.right) / 2) * frame.k + frame.x;
    if (x < margin.left - 14 || x > frame.width || x - last < 12) continue;
    last = x;
    slanted(context, shortened(tokenAt(graph, column.position)), x + 4, place);
  }
}

function logitTexts(pen: Pen): void {
  const { context, layout, frame, colours, graph } = pen;
  context.fillStyle = colours.text;
  context.textAlign = 'left';
  let last = -Infinity;
  const logits = [...graph.nodes.keys()].filter((node) => at(graph.nodes, node).kind === 'LOGIT');
  for (const node of logits.sort((a, b) => at(layout.x, a) - at(layout.x, b))) {
    const x = at(layout.x, node) * frame.k + frame.x;
    if (x < margin.left - 14 || x > frame.width || x - last < 12) continue;
    last = x;
    slanted(context, shortened(logitToken(graph, at(graph.nodes, node))), x + 2, margin.top - 18);
  }
}

function slanted(context: Context, text: string, x: number, y: number): void {
  context.save();
  context.translate(x, y);
  context.rotate(-Math.PI / 4);
  context.fillText(text, 0, 0);
  context.restore();
}

function shortened(text: string): string {
  return text.length > 12 ? `${text.slice(0, 11)}…` : text;
}
