import { at } from './at';
import type { Area, Frame } from './frame';
import { edgeColour, edgeWidth } from './scales';
import { kinds, shareOf, type Scene } from './scene';

export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/**
 * Lines in one path. Without a graphics card lines up to a pixel wide are drawn fastest many at once; wider ones are
 * filled shapes, whose path costs ten times as much with 48 of them as alone.
 */
function linesPerPath(context: Context): number {
  return context.lineWidth > 1 ? 1 : 48;
}

/** Sets a context to draw in CSS pixels of a frame, an area's corner being the canvas's. */
export function begin(context: Context, frame: Frame, area: Area): void {
  context.setTransform(frame.ratio, 0, 0, frame.ratio, 0, 0);
  context.clearRect(0, 0, area.width, area.height);
  context.translate(-area.left, -area.top);
}

/** Draws edges [from, to) of a scene. Negative ones are dashed. */
export function drawEdges(context: Context, scene: Scene, frame: Frame, from: number, to: number): void {
  let style = -1;
  let lines = 0;
  let most = 0;
  context.lineCap = 'butt';
  for (let edge = from; edge < to; edge++) {
    const own = at(scene.edgeStyle, edge);
    if (own !== style || lines === most) {
      if (lines > 0) context.stroke();
      if (own !== style) setStyle(context, scene, own);
      most = linesPerPath(context);
      style = own;
      lines = 0;
      context.beginPath();
    }
    const source = at(scene.edgeSource, edge);
    const target = at(scene.edgeTarget, edge);
    context.moveTo(at(scene.x, source) * frame.k + frame.x, at(scene.y, source) * frame.k + frame.y);
    context.lineTo(at(scene.x, target) * frame.k + frame.x, at(scene.y, target) * frame.k + frame.y);
    lines++;
  }
  if (lines > 0) context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function setStyle(context: Context, scene: Scene, style: number): void {
  const share = shareOf(style);
  context.strokeStyle = edgeColour(style % 2 === 0 ? Math.min(share, -1e-9) : share, scene.palette.edges);
  context.lineWidth = edgeWidth(share);
  context.globalAlpha = opacityOf(share, scene.edgeSource.length);
  context.setLineDash(style % 2 === 0 ? dashOf(share, scene.edgeSource.length) : []);
}

/** Weak edges are fainter, all of them in a crowded picture, so that the strong ones can be seen. */
export function opacityOf(share: number, edges: number): number {
  const crowd = Math.min(1, Math.sqrt(3000 / Math.max(1, edges)));
  return Math.max(0.04, Math.min(1, 0.35 + 0.65 * Math.sqrt(Math.abs(share)) * 1.6) * crowd);
}

/** On and off, in pixels: longer for wide edges, and where there are many, as every dash costs time. */
export function dashOf(share: number, edges = 0): number[] {
  const length = edges > 20_000 ? 3 : 1;
  const width = edgeWidth(share);
  return [(3 + 2 * width) * length, (2.5 + width) * length];
}

/** Draws every node that is shown, one path per kind. */
export function drawNodes(context: Context, scene: Scene, frame: Frame): void {
  const r = scene.radius * glyphScale(frame.k);
  context.lineWidth = r < 3 ? 0.5 : 1;
  context.strokeStyle = scene.palette.nodeStroke;
  for (const kind of Object.values(kinds)) {
    context.fillStyle = kind === kinds.ERROR ? scene.palette.errorFill : scene.palette.nodeFill;
    context.beginPath();
    for (let node = 0; node < scene.kind.length; node++) {
      if (scene.kind[node] !== kind || !scene.shown[node]) continue;
      glyph(context, kind, at(scene.x, node) * frame.k + frame.x, at(scene.y, node) * frame.k + frame.y, r);
    }
    context.fill();
    context.stroke();
  }
}

/** Glyphs grow with the zoom, slower than distances do. */
export function glyphScale(k: number): number {
  return Math.min(3, Math.max(0.6, k ** 0.6));
}

/** Adds a node's outline to the path. */
export function glyph(context: Context, kind: number, x: number, y: number, r: number): void {
  switch (kind) {
    case kinds.FEATURE:
      context.moveTo(x + r, y);
      context.arc(x, y, r, 0, 2 * Math.PI);
      return;
    case kinds.ERROR:
      polygon(context, [x, y - r * 1.25, x + r * 1.25, y, x, y + r * 1.25, x - r * 1.25, y]);
      return;
    case kinds.TOKEN:
    case kinds.LOGIT:
      context.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
      return;
    default:
      polygon(context, [x, y - r * 1.2, x + r * 1.1, y + r * 0.8, x - r * 1.1, y + r * 0.8]);
  }
}

function polygon(context: Context, points: number[]): void {
  context.moveTo(at(points, 0), at(points, 1));
  for (let point = 2; point < points.length; point += 2) context.lineTo(at(points, point), at(points, point + 1));
  context.closePath();
}
