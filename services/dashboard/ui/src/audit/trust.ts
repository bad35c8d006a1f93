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
