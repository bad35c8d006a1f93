/** Widths, colours and steps of edges: what the link graph's legend says is computed here and nowhere else. */

/** Shares beyond this have the strongest colour. */
export const colourSpan = 0.4;
export const maxEdgeWidth = 3;
const levels = 5;

/** √|share| up to three pixels; never thinner than a third of one, so that no edge vanishes. */
export function edgeWidth(share: number): number {
  return Math.max(1 / 3, Math.min(maxEdgeWidth, maxEdgeWidth * Math.sqrt(Math.abs(share))));
}

/** Step of colour: −5…−1 for negative, 1…5 for positive shares. Zero is left out, so that none is white. */
export function colourLevel(share: number): number {
  const level = Math.min(levels, 1 + Math.floor((Math.abs(share) / colourSpan) * levels));
  return share < 0 ? -level : level;
}

/** Purple for negative and green for positive shares, after ColorBrewer's PRGn, the weakest step first. */
export interface EdgeColours {
  readonly positive: readonly string[];
  readonly negative: readonly string[];
}

export const lightColours: EdgeColours = {
  positive: ['#a6d3a0', '#7fbf7b', '#4da456', '#1b7837', '#00501f'],
  negative: ['#cfb5d8', '#af8dc3', '#9261a8', '#762a83', '#4d0f59'],
};

export const darkColours: EdgeColours = {
  positive: ['#2f6b3c', '#3f8f4e', '#5fb56a', '#8fd694', '#c9f2c7'],
  negative: ['#6b4579', '#8a5c9c', '#ab7dbd', '#c9a5d8', '#ecd5f4'],
};

export function edgeColour(share: number, colours: EdgeColours): string {
  const level = colourLevel(share);
  const scale = level < 0 ? colours.negative : colours.positive;
  return scale[Math.abs(level) - 1] ?? scale[scale.length - 1] ?? '#000';
}
