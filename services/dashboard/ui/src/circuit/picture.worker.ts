import { begin, drawEdges, drawNodes, type Context } from './draw';
import { drawnArea, type Frame } from './frame';
import type { Scene } from './scene';

/** Draws circuits too large to be drawn between two frames. The newest request wins; older ones are given up. */
export type Request = { scene: Scene } | { id: number; frame: Frame };
export interface Picture {
  readonly id: number;
  readonly part: 'nodes' | 'edges';
  readonly bitmap: ImageBitmap;
}

const edgesAtOnce = 4000;
const port = self as unknown as {
  onmessage: ((event: MessageEvent<Request>) => void) | null;
  postMessage(message: Picture, transfer: Transferable[]): void;
};
let scene: Scene | null = null;
let newest = 0;

port.onmessage = (event) => {
  if ('scene' in event.data) {
    scene = event.data.scene;
    return;
  }
  newest = event.data.id;
  if (scene) void draw(scene, event.data.id, event.data.frame);
};

async function draw(drawn: Scene, id: number, frame: Frame): Promise<void> {
  const nodes = canvasFor(frame);
  drawNodes(nodes.context, drawn, frame);
  send(id, 'nodes', nodes.canvas);
  const edges = canvasFor(frame);
  for (let from = 0; from < drawn.edgeSource.length; from += edgesAtOnce) {
    drawEdges(edges.context, drawn, frame, from, Math.min(drawn.edgeSource.length, from + edgesAtOnce));
    await turn();
    if (id !== newest) return;
  }
  send(id, 'edges', edges.canvas);
}

function canvasFor(frame: Frame): { canvas: OffscreenCanvas; context: Context } {
  const area = drawnArea(frame);
  const canvas = new OffscreenCanvas(Math.ceil(area.width * frame.ratio), Math.ceil(area.height * frame.ratio));
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser draws no canvas in a worker');
  begin(context, frame, area);
  return { canvas, context };
}

function send(id: number, part: Picture['part'], canvas: OffscreenCanvas): void {
  const bitmap = canvas.transferToImageBitmap();
  port.postMessage({ id, part, bitmap }, [bitmap]);
}

/** Lets messages in. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
