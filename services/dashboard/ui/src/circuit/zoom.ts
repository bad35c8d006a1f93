/** How much larger than the whole, and which point of the layout is in the middle, as shares of its width and height. */
export type Zoom = readonly [k: number, x: number, y: number];

export const LEAST_ZOOM = 0.5;
export const MOST_ZOOM = 60;

/** screen = layout · k + (x, y), in CSS pixels. */
export interface Shift {
  readonly k: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The part that is seen, whatever the size of the window it is seen in; null for the whole circuit. */
export function zoomOf({ k, x, y }: Shift, { width, height }: Size): Zoom | null {
  if (k === 1 && x === 0 && y === 0) return null;
  const round = (value: number) => Math.round(value * 1e4) / 1e4;
  return [round(k), round((width / 2 - x) / (k * width)), round((height / 2 - y) / (k * height))];
}

/** What shows that part in a window of this size. */
export function shiftOf(zoom: Zoom | null, { width, height }: Size): Shift {
  if (zoom === null) return { k: 1, x: 0, y: 0 };
  const [k, x, y] = zoom;
  return { k, x: width / 2 - k * x * width, y: height / 2 - k * y * height };
}
