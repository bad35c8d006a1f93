import { describe, expect, it } from 'vitest';
import { bars, binEdge, binOf, heat, percentile, rangeEnd } from './histogram';

describe('histogram', () => {
  it('has eight bins to an octave, as the schema says', () => {
    const one = binOf(1);
    expect(binEdge(one)).toBe(1);
    expect(binEdge(one + 8)).toBe(2);
    expect(binEdge(one + 1)).toBe(1.125);
    expect(binOf(1.1249)).toBe(one);
    expect(binOf(1.125)).toBe(one + 1);
  });

  it('fills the bins between', () => {
    const one = binOf(1);
    expect(bars([one, one + 2], [5, 3]).map(({ count }) => count)).toEqual([5, 0, 3]);
    expect(bars([], [])).toEqual([]);
  });

  it('ranks an activation, its own bin counting half', () => {
    const one = binOf(1);
    const bins = [one - 8, one, one + 8];
    expect(percentile(1.05, bins, [6, 2, 2])).toBeCloseTo(0.7, 12);
    expect(percentile(100, bins, [6, 2, 2])).toBe(1);
    expect(percentile(0.1, bins, [6, 2, 2])).toBe(0);
    expect(percentile(1, [], [])).toBeNull();
  });

  it('ends ranges of positions at the octave', () => {
    expect([0, 63, 64, 128, 4096].map(rangeEnd)).toEqual([0, 63, 127, 255, 8191]);
  });

  it('colours between the least and the largest activation, nothing where inactive', () => {
    expect(heat(0, 0.5, 2)).toBe(0);
    expect(heat(0.5, 0.5, 2)).toBeCloseTo(0.12, 12);
    expect(heat(2, 0.5, 2)).toBe(1);
    expect(heat(9, 0.5, 2)).toBe(1);
    expect(heat(1, 1, 1)).toBe(1);
  });
});
