import { describe, expect, it } from 'vitest';
import { end, features, key } from './edges';
import { segments, total } from './trust';

describe('segments', () => {
  const bucket = {
    from: 0,
    supported: 3,
    mixed: 0,
    unsupported: 1,
    untested: 0,
    failed: 1,
    replacementScore: null,
    completenessScore: null,
  };

  it('stand on each other without a gap, empty ones left out', () => {
    const stacked = segments(bucket, 10);
    expect(stacked.map(({ part }) => part.key)).toEqual(['supported', 'unsupported', 'failed']);
    let top = 0;
    for (const segment of stacked) {
      expect(segment.from).toBeCloseTo(top, 12);
      top += segment.height;
    }
    expect(top).toBeCloseTo(total(bucket) / 10, 12);
  });

  it('are none of an empty bucket', () => {
    expect(segments({ ...bucket, supported: 0, unsupported: 0, failed: 0 }, 0)).toEqual([]);
  });
});

describe('edges', () => {
  it('end in features or tokens', () => {
    expect(end({ layer: 2, feature: 7 })).toEqual({ kind: 'feature', layer: 2, feature: 7 });
    expect(end({ token: 'austin' })).toEqual({ kind: 'token', token: 'austin' });
    expect(end('austin')).toEqual({ kind: 'token', token: 'austin' });
    expect(key(end({ layer: 0, feature: 0 }))).toBe('0/0');
  });

  it('ask for each feature’s label once', () => {
    const shared = { layer: 1, feature: 2 };
    const edges = [
      { source: 'x', target: shared, circuits: 1, meanWeight: 1 },
      { source: shared, target: { layer: 3, feature: 4 }, circuits: 1, meanWeight: 1 },
    ];
    expect(features(edges)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
});
