import type { TrainingProgress } from '../lib/types';

/** The newest state of each run, the run that moved last first. */
export function withProgress(runs: readonly TrainingProgress[], progress: TrainingProgress): TrainingProgress[] {
  const others = runs.filter((run) => run.runId !== progress.runId);
  return [...others, progress].sort((a, b) => b.emittedAt - a.emittedAt);
}

/** The points with one more at the end; one of the same step is replaced. */
export function withPoint(points: readonly TrainingProgress[], point: TrainingProgress): TrainingProgress[] {
  const last = points[points.length - 1];
  if (last && point.step < last.step) return [...points]; // Overtaken on the way; the next one tells more.
  return [...(last?.step === point.step ? points.slice(0, -1) : points), point];
}

/** Columns for a chart: the step, then what each function reads; 0 is "unknown" in these events, shown as a gap. */
export function curves(
  points: readonly TrainingProgress[],
  ...read: ((point: TrainingProgress) => number)[]
): (number | null)[][] {
  return [points.map((point) => point.step), ...read.map((one) => points.map((point) => one(point) || null))];
}
