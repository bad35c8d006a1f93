const bits = new DataView(new ArrayBuffer(4));

/** The lower edge of bin b: the float whose bits are b << 20. Eight bins to an octave. */
export function binEdge(bin: number): number {
  bits.setInt32(0, bin << 20);
  return bits.getFloat32(0);
}

/** The bin of an activation. */
export function binOf(activation: number): number {
  bits.setFloat32(0, activation);
  return bits.getInt32(0) >> 20;
}

export interface Bar {
  bin: number;
  from: number;
  to: number;
  count: number;
}

/** Every bin from the first to the last one with a count, those without one too. Empty without bins. */
export function bars(bins: readonly number[], counts: readonly number[]): Bar[] {
  const first = bins[0];
  const last = bins[bins.length - 1];
  if (first === undefined || last === undefined) return [];
  const byBin = new Map(bins.map((bin, i) => [bin, counts[i] ?? 0]));
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const bin = first + i;
    return { bin, from: binEdge(bin), to: binEdge(bin + 1), count: byBin.get(bin) ?? 0 };
  });
}

/** Share of the counted activations that lie below the activation, its own bin counting half; null without any. */
export function percentile(activation: number, bins: readonly number[], counts: readonly number[]): number | null {
  const total = counts.reduce((sum, n) => sum + n, 0);
  if (total === 0) return null;
  const own = binOf(activation);
  let below = 0;
  bins.forEach((bin, i) => {
    if (bin < own) below += counts[i] ?? 0;
    else if (bin === own) below += (counts[i] ?? 0) / 2;
  });
  return below / total;
}

/** The last position of the range that begins at `start`: single positions below 64, then one range per octave. */
export function rangeEnd(start: number): number {
  return start < 64 ? start : 2 ** (Math.floor(Math.log2(start)) + 1) - 1;
}

/** How strongly an activation is coloured, 0 to 1, between the least and the largest seen; 0 only where inactive. */
export function heat(activation: number, least: number, largest: number): number {
  if (activation <= 0) return 0;
  const share = largest > least ? (activation - least) / (largest - least) : 1;
  return 0.12 + 0.88 * Math.min(1, Math.max(0, share));
}
