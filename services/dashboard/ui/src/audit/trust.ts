import type { TrustBucket } from '../lib/types';

export const PARTS = [
  { key: 'supported', name: 'supported', tone: 'good' },
  { key: 'mixed', name: 'mixed', tone: 'warn' },
  { key: 'unsupported', name: 'unsupported', tone: 'bad' },
  { key: 'untested', name: 'untested', tone: 'idle' },
  { key: 'failed', name: 'failed', tone: 'dead' },
] as const;

export type Part = (typeof PARTS)[number];

/** Traces in a bucket. */
export function total(bucket: TrustBucket): number {
  return PARTS.reduce((sum, { key }) => sum + bucket[key], 0);
}

export interface Segment {
  part: Part;
  /** From the bottom, 0 to 1 of the tallest bucket. */
  from: number;
  height: number;
  count: number;
}

/** A bucket as segments on top of each other, best at the bottom; `most` is the tallest bucket's total. */
export function segments(bucket: TrustBucket, most: number): Segment[] {
  let from = 0;
  return PARTS.filter(({ key }) => bucket[key] > 0).map((part) => {
    const count = bucket[part.key];
    const height = count / Math.max(1, most);
    const segment = { part, from, height, count };
    from += height;
    return segment;
  });
}

/** A bucket in which nothing happened. */
export const EMPTY: TrustBucket = {
  from: 0,
  supported: 0,
  mixed: 0,
  unsupported: 0,
  untested: 0,
  failed: 0,
  replacementScore: null,
  completenessScore: null,
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Milliseconds that a bucket stands for: the server counts by the hour once there are more than six of them. */
export function span(buckets: readonly TrustBucket[]): number {
  const from = buckets.map((bucket) => bucket.from);
  return Math.max(...from) - Math.min(...from) >= 6 * HOUR && from.every((at) => at % HOUR === 0) ? HOUR : MINUTE;
}

/** The newest buckets, at most `most`, with empty ones where nothing happened: time then runs evenly. */
export function filled(buckets: readonly TrustBucket[], most: number): TrustBucket[] {
  const last = buckets[buckets.length - 1];
  if (!last || buckets.length < 2) return [...buckets];
  const step = span(buckets);
  const byTime = new Map(buckets.map((bucket) => [bucket.from, bucket]));
  const first = Math.max(buckets[0]?.from ?? 0, last.from - (most - 1) * step);
  const all: TrustBucket[] = [];
  for (let from = last.from; from >= first; from -= step) all.push(byTime.get(from) ?? { ...EMPTY, from });
  return all.reverse();
}
