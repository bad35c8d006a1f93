import { describe, expect, it } from 'vitest';
import type { RecurrentEdge } from '../lib/types';
import { features, key } from './edges';
import { EMPTY, filled, segments, total } from './trust';

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

describe('filled', () => {
  const at = (from: number) => ({ ...EMPTY, from, supported: 1 });

  it('puts empty buckets where nothing happened', () => {
    const all = filled([at(60_000), at(180_000), at(300_000)], 10);
    expect(all.map(({ from }) => from / 60_000)).toEqual([1, 2, 3, 4, 5]);
    expect(all.map(total)).toEqual([1, 0, 1, 0, 1]);
  });

  it('counts by the hour when the server does', () => {
    const hours = filled([at(3_600_000), at(8 * 3_600_000)], 100);
    expect(hours.map(({ from }) => from / 3_600_000)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('holds the newest ones where there are too many', () => {
    expect(filled([at(60_000), at(120_000), at(6_000_000)], 3).map(({ from }) => from / 60_000)).toEqual([98, 99, 100]);
  });

  it('leaves one or none alone', () => {
    expect(filled([], 5)).toEqual([]);
    expect(filled([at(7)], 5)).toEqual([at(7)]);
  });
});

describe('edges', () => {
  it('ask for each feature’s label once', () => {
    const shared = { kind: 'FEATURE', layer: 1, feature: 2 } as const;
    const edges: RecurrentEdge[] = [
      { scan: 's', source: { kind: 'TOKEN', token: 'x' }, target: shared, circuits: 1, meanWeight: 1 },
      { scan: 's', source: shared, target: { kind: 'FEATURE', layer: 3, feature: 4 }, circuits: 1, meanWeight: 1 },
      { scan: 't', source: shared, target: { kind: 'LOGIT', token: 'x' }, circuits: 1, meanWeight: 1 },
    ];
    expect([...features(edges)]).toEqual([
      [
        's',
        [
          [1, 2],
          [3, 4],
        ],
      ],
      ['t', [[1, 2]]],
    ]);
  });

  it('tell a token from the logit of the same word', () => {
    expect(key({ kind: 'TOKEN', token: 'a' })).not.toBe(key({ kind: 'LOGIT', token: 'a' }));
  });
});
