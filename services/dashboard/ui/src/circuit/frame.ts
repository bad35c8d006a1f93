/** What part of the layout is seen: screen = layout · k + (x, y), in CSS pixels. */
export interface Frame {
  readonly k: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
}

/** A rectangle of the screen, in CSS pixels of the frame it was computed for. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What to draw for a frame so that a short pan needs no drawing: half a view more on each side, within the layout. */
export function drawnArea(frame: Frame): Area {
  const clamp = (low: number, high: number, size: number, offset: number) => {
    const from = Math.max(-size / 2, Math.min(0, low * frame.k + offset));
    const to = Math.min(1.5 * size, Math.max(size, high * frame.k + offset));
    return [Math.floor(from), Math.ceil(to)] as const;
  };
  const [left, right] = clamp(0, frame.width, frame.width, frame.x);
  const [top, bottom] = clamp(0, frame.height, frame.height, frame.y);
  return { left, top, width: right - left, height: bottom - top };
}

/** CSS transform that shows a picture drawn for one frame where another frame has it. */
export function moved(drawn: Frame, area: Area, now: Frame): string {
  const scale = now.k / drawn.k;
  const x = now.x + (area.left - drawn.x) * scale;
  const y = now.y + (area.top - drawn.y) * scale;
  return `translate(${x}px, ${y}px) scale(${scale})`;
}
