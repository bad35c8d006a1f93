import { begin, drawEdges, drawNodes, type Context } from './draw';
import { drawnArea, moved, type Area, type Frame } from './frame';
import type { Picture, Request } from './picture.worker';
import type { Scene } from './scene';

/** Circuits up to this size are drawn anew for every frame. */
const smallEdges = 3000;
const smallNodes = 2000;
/** Milliseconds without a new frame before a large circuit is drawn again. */
const calm = 90;

interface Layer {
  readonly canvas: HTMLCanvasElement;
  readonly context: Context;
  drawn: { frame: Frame; area: Area } | null;
}

/**
 * The two canvases with all edges and nodes. Small circuits are drawn at once; a large one's picture is drawn in a worker
 * and moved with the view until it is calm, then drawn again. `done` hears of every finished picture.
 */
export class Layers {
  private readonly edges: Layer;
  private readonly nodes: Layer;
  private scene: Scene | null = null;
  private frame: Frame | null = null;
  private worker: Worker | null = null;
  private readonly asked = new Map<number, Frame>();
  private id = 0;
  private timer = 0;

  constructor(
    edges: HTMLCanvasElement,
    nodes: HTMLCanvasElement,
    private readonly done: () => void,
  ) {
    this.edges = layerOf(edges);
    this.nodes = layerOf(nodes);
  }

  setScene(scene: Scene): void {
    this.scene = scene;
    if (!this.small(scene)) this.post({ scene });
    if (this.frame) this.draw(this.frame);
  }

  /** Shows the scene where the frame has it, at once; sharp now or a little later. */
  setFrame(frame: Frame): void {
    const before = this.frame;
    this.frame = frame;
    if (!this.scene) return;
    if (this.small(this.scene) || before?.width !== frame.width || before.height !== frame.height) {
      this.draw(frame);
      return;
    }
    for (const layer of [this.edges, this.nodes]) move(layer, frame);
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.draw(frame), calm);
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.worker?.terminate();
    this.worker = null;
  }

  private small(scene: Scene): boolean {
    const fits = scene.edgeSource.length <= smallEdges && scene.kind.length <= smallNodes;
    return fits || typeof OffscreenCanvas === 'undefined';
  }

  private draw(frame: Frame): void {
    const scene = this.scene;
    if (!scene || frame.width <= 0) return;
    if (!this.small(scene)) {
      this.asked.set(++this.id, frame);
      this.post({ id: this.id, frame });
      return;
    }
    this.id++;
    prepare(this.edges, frame);
    drawEdges(this.edges.context, scene, frame, 0, scene.edgeSource.length);
    prepare(this.nodes, frame);
    drawNodes(this.nodes.context, scene, frame);
    this.done();
  }

  private post(request: Request): void {
    this.worker ??= this.started();
    this.worker.postMessage(request);
  }

  private started(): Worker {
    const worker = new Worker(new URL('./picture.worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = (event: MessageEvent<Picture>) => this.received(event.data);
    return worker;
  }

  private received({ id, part, bitmap }: Picture): void {
    const frame = this.asked.get(id);
    if (frame && id === this.id) {
      const layer = part === 'edges' ? this.edges : this.nodes;
      prepare(layer, frame);
      layer.context.setTransform(1, 0, 0, 1, 0, 0);
      layer.context.drawImage(bitmap, 0, 0);
      if (this.frame) move(layer, this.frame);
      if (part === 'edges') this.done();
    }
    bitmap.close();
    for (const old of this.asked.keys()) if (old < id) this.asked.delete(old);
  }
}

function layerOf(canvas: HTMLCanvasElement): Layer {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser draws no canvas');
  return { canvas, context, drawn: null };
}

/** Makes a layer's canvas as large as a frame's area, empty, and where the frame has it. */
function prepare(layer: Layer, frame: Frame): void {
  const area = drawnArea(frame);
  const width = Math.ceil(area.width * frame.ratio);
  const height = Math.ceil(area.height * frame.ratio);
  if (layer.canvas.width !== width) layer.canvas.width = width;
  if (layer.canvas.height !== height) layer.canvas.height = height;
  layer.canvas.style.width = `${width / frame.ratio}px`;
  layer.canvas.style.height = `${height / frame.ratio}px`;
  layer.drawn = { frame, area };
  begin(layer.context, frame, area);
  move(layer, frame);
}

function move(layer: Layer, frame: Frame): void {
  if (layer.drawn) layer.canvas.style.transform = moved(layer.drawn.frame, layer.drawn.area, frame);
}
