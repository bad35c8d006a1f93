import { describe, expect, it } from 'vitest';
import type { EvaluationPoint, TrainingProgress } from '../lib/types';
import { front } from './pareto';
import { curves, withPoint, withProgress } from './runs';

const point = (step: number, changes: Partial<TrainingProgress> = {}) =>
  ({ runId: 'r', step, loss: 1, l0: 0, emittedAt: step, ...changes }) as TrainingProgress;

describe('withPoint', () => {
  it('adds at the end, replaces the same step, passes over what was overtaken', () => {
    const points = [point(1), point(2)];
    expect(withPoint(points, point(3)).map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(withPoint(points, point(2, { loss: 9 })).map(({ loss }) => loss)).toEqual([1, 9]);
    expect(withPoint(points, point(1)).map(({ step }) => step)).toEqual([1, 2]);
    expect(withPoint([], point(1))).toHaveLength(1);
  });
});

describe('withProgress', () => {
  it('holds each run once, the last one to move first', () => {
    const runs = [point(5, { runId: 'a' }), point(4, { runId: 'b' })];
    expect(withProgress(runs, point(6, { runId: 'b' })).map(({ runId }) => runId)).toEqual(['b', 'a']);
    expect(withProgress(runs, point(7, { runId: 'c' }))).toHaveLength(3);
  });
});

describe('curves', () => {
  it('shows a figure that is not known as a gap', () => {
    expect(
      curves(
        [point(1), point(2, { l0: 30 })],
        (p) => p.l0,
        (p) => p.loss,
      ),
    ).toEqual([
      [1, 2],
      [null, 30],
      [1, 1],
    ]);
  });
});

describe('front', () => {
  const evaluated = (l0: number, normalisedMse: number) =>
    ({ l0, normalisedMse, replacementScore: 1 - normalisedMse }) as EvaluationPoint;
  const points = [evaluated(100, 0.1), evaluated(20, 0.3), evaluated(50, 0.4), evaluated(50, 0.2), evaluated(200, 0.1)];

  it('holds what nothing beats in both', () => {
    expect(front(points, 'normalisedMse', 'low').map(({ l0 }) => l0)).toEqual([20, 50, 100]);
    expect(front(points, 'replacementScore', 'high').map(({ l0 }) => l0)).toEqual([20, 50, 100]);
    expect(front([], 'normalisedMse', 'low')).toEqual([]);
  });
});
