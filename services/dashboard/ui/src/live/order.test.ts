import { describe, expect, it } from 'vitest';
import { merge, newestFirst, seen } from './order';
import { trace } from './testing';

const all = () => true;
const at = (promptId: string, submittedAt: number, updatedAt = submittedAt) =>
  trace({ promptId, submittedAt, updatedAt });
const ids = (list: { promptId: string }[]) => list.map(({ promptId }) => promptId);

describe('merge', () => {
  it('puts what is new where it belongs', () => {
    expect(ids(merge([at('c', 3), at('a', 1)], [at('b', 2), at('d', 4)], all))).toEqual(['d', 'c', 'b', 'a']);
  });

  it('replaces a trace by its later state, in its place', () => {
    const merged = merge([at('b', 2), at('a', 1, 5)], [{ ...at('a', 1, 6), verdict: 'MIXED' }], all);
    expect(ids(merged)).toEqual(['b', 'a']);
    expect(merged[1]?.verdict).toBe('MIXED');
  });

  it('keeps the later state when an earlier one comes after it', () => {
    const later = { ...at('a', 1, 6), state: 'COMPLETED' as const };
    const earlier = { ...at('a', 1, 5), state: 'RUNNING' as const };
    expect(merge([later], [earlier], all)[0]?.state).toBe('COMPLETED');
    expect(merge([], [later, earlier], all)[0]?.state).toBe('COMPLETED');
  });

  it('leaves out what no longer belongs in the list', () => {
    const failed = { ...at('a', 1, 6), state: 'FAILED' as const };
    expect(merge([at('b', 2), at('a', 1)], [failed], (t) => t.state !== 'FAILED').map((t) => t.promptId)).toEqual([
      'b',
    ]);
  });

  it('orders the same millisecond by id, larger first', () => {
    expect(ids(merge([at('b', 1)], [at('a', 1), at('c', 1)], all))).toEqual(['c', 'b', 'a']);
    expect(newestFirst(at('a', 1), at('a', 1))).toBe(0);
  });

  it('holds one of each among thousands', () => {
    const many = Array.from({ length: 5000 }, (_, i) => at(`p${i}`, 5000 - i));
    const merged = merge(many, many.slice(100, 300), all);
    expect(new Set(ids(merged)).size).toBe(5000);
    expect([...merged].sort(newestFirst)).toEqual(merged);
  });
});

describe('seen', () => {
  it('is what is in sight and a little beyond', () => {
    expect(seen(0, 600, 60, 5000, 6)).toEqual({ first: 0, last: 16 });
    expect(seen(6000, 600, 60, 5000, 6)).toEqual({ first: 94, last: 116 });
  });

  it('ends with the list, also when it is scrolled beyond it', () => {
    expect(seen(6000, 600, 60, 105, 0)).toEqual({ first: 100, last: 105 });
    expect(seen(9000, 600, 60, 10, 0)).toEqual({ first: 10, last: 10 });
    expect(seen(0, 600, 60, 0)).toEqual({ first: 0, last: 0 });
  });
});
