import { describe, expect, it } from 'vitest';
import type { StageProgress } from '../lib/types';
import { nextStage, progressLook } from './progress';
import { columns, remember } from './recent';
import { trace } from './testing';
import { advanced } from './traces.svelte';

function progress(changes: Partial<StageProgress> = {}): StageProgress {
  return {
    promptId: 'p',
    stage: 'attribution',
    state: 'RUNNING',
    done: 120,
    total: 480,
    elapsedMs: 10,
    message: null,
    settledInfluence: 0.87,
    secondsLeft: 3.2,
    ...changes,
  };
}

describe('progressLook', () => {
  const running = trace({ stage: 'inference', state: 'RUNNING' });

  it('tells rows, time left and what is settled', () => {
    expect(progressLook(running, progress())).toEqual({
      stage: 'attribution',
      share: 0.25,
      text: '120 of 480 rows · 3.2 s left · 87 % settled',
    });
  });

  it('waits for the next stage without progress', () => {
    expect(progressLook(running, undefined)).toEqual({ stage: 'attribution', share: null, text: 'waiting' });
  });

  it('does not count progress of a stage that has a result', () => {
    const later = trace({ stage: 'attribution', state: 'RUNNING' });
    expect(progressLook(later, progress())).toEqual({ stage: 'pruning', share: null, text: 'waiting' });
  });

  it('has no share where the total is unknown', () => {
    expect(progressLook(running, progress({ total: 0 })).share).toBeNull();
  });

  it('has validation as the last stage', () => {
    expect(nextStage('validation')).toBe('validation');
    expect(nextStage('prompts')).toBe('inference');
  });
});

describe('advanced', () => {
  it('forgets what has ended, and nothing else', () => {
    const known = new Map([['a', progress({ promptId: 'a' })]]);
    const moved = [progress({ promptId: 'b' }), progress({ promptId: 'b', done: 200 })];
    const next = advanced(known, moved, [trace({ promptId: 'a' }), trace({ promptId: 'b', state: 'RUNNING' })]);
    expect([...next.keys()]).toEqual(['b']);
    expect(next.get('b')?.done).toBe(200);
    expect(known.size).toBe(1);
  });
});

describe('remember', () => {
  const totals = (lag: number) => ({ traces: 0, running: 0, failed: 0, lag, ratePerMinute: 0, p50Ms: {} });

  it('drops what is older than the span', () => {
    const moments = [0, 500, 900].map((at) => ({ at, totals: totals(at) }));
    expect(remember(moments, { at: 1400, totals: totals(1) }, 1000).map(({ at }) => at)).toEqual([500, 900, 1400]);
  });

  it('makes columns with gaps where a figure is missing', () => {
    const data = columns(
      [{ at: 2000, totals: totals(7) }],
      (t) => t.lag,
      (t) => t.p50Ms.pruning,
    );
    expect(data).toEqual([[2], [7], [null]]);
  });
});
