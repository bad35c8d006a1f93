import { describe, expect, it } from 'vitest';
import type { DriftMeasurement } from '../lib/types';
import { drifted, featuresOf, LEVEL, tenths } from './behaviour';

describe('drifted', () => {
  const of = (measure: DriftMeasurement['measure'], pValue: number): DriftMeasurement => ({
    measure,
    divergence: 0.3,
    pValue,
    nullQuantile95: 0.2,
    circuits: 9,
    previousCircuits: 9,
    distinct: 99,
  });

  it('keeps what is more than chance', () => {
    const drift = {
      previousStart: 0,
      permutations: 199,
      sampleLimit: 512,
      measurements: [of('FEATURES', LEVEL), of('EDGES', LEVEL + 0.001)],
    };
    expect(drifted({ drift }).map(({ measure }) => measure)).toEqual(['FEATURES']);
  });

  it('is nothing without a window before', () => {
    expect(drifted({ drift: null })).toEqual([]);
  });
});

describe('tenths', () => {
  it('are ten, each with its bounds', () => {
    const bars = tenths([0, 2], 'circuits');
    expect(bars).toHaveLength(10);
    expect(bars[1]).toEqual({ count: 2, title: '0.1 to 0.2: 2 circuits' });
    expect(bars[9]?.count).toBe(0);
  });
});

describe('featuresOf', () => {
  it('are each once, without what is no feature', () => {
    expect(
      featuresOf([
        { layer: 1, feature: 5 },
        { kind: 'FEATURE', layer: 1, feature: 5 },
        { kind: 'LOGIT', layer: 6, feature: -1 },
        { kind: 'FEATURE', layer: 2, feature: 5 },
      ]),
    ).toEqual([
      [1, 5],
      [2, 5],
    ]);
  });
});
