/** Logarithmic scale from a range of positive numbers to pixels; what is not positive has a strip of its own beside it. */
export interface Axis {
  /** Pixels of a value. */
  at(value: number): number;
  /** Powers of ten within the range. */
  ticks: number[];
  /** Pixels of what is zero. */
  zero: number;
}

/** `start` is the pixel of zero, `end` of the largest; between zero and the least positive value lies `gap`. */
export function axis(values: readonly number[], start: number, end: number, gap: number): Axis {
  let least = Infinity;
  let most = 0;
  for (const value of values) {
    if (value > 0 && value < least) least = value;
    if (value > most) most = value;
  }
  if (most === 0) return { at: () => start, ticks: [], zero: start };
  const low = Math.floor(Math.log10(least));
  const high = Math.max(low + 1, Math.ceil(Math.log10(most)));
  const from = start + Math.sign(end - start) * gap;
  const per = (end - from) / (high - low);
  return {
    at: (value) => (value > 0 ? from + (Math.log10(value) - low) * per : start),
    ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)),
    zero: start,
  };
}

/** `0.001`, `1`, `10³`-sized numbers as short text. */
export function tickText(value: number): string {
  const power = Math.round(Math.log10(value));
  if (power >= -2 && power <= 3) return String(Number(value.toPrecision(1)));
  return `1e${power < 0 ? '−' : ''}${Math.abs(power)}`;
}
