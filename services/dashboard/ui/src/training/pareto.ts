import type { EvaluationPoint } from '../lib/types';

export type Measure =
  'normalisedMse' | 'replacementScore' | 'completenessScore' | 'top1Agreement' | 'explainedVariance';

export const MEASURES: Record<Measure, { name: string; better: 'low' | 'high'; help: string }> = {
  normalisedMse: {
    name: 'normalised squared error',
    better: 'low',
    help: 'Squared error of the reconstruction divided by the variance; 0 is perfect.',
  },
  explainedVariance: {
    name: 'explained variance',
    better: 'high',
    help: 'Share of the variance that the reconstruction has; 1 is perfect.',
  },
  replacementScore: {
    name: 'replacement score',
    better: 'high',
    help: 'Share of influence that begins in tokens and not in errors, 0 to 1.',
  },
  completenessScore: {
    name: 'completeness',
    better: 'high',
    help: 'Share of influence-weighted inputs that does not come from errors, 0 to 1.',
  },
  top1Agreement: {
    name: 'same answer',
    better: 'high',
    help: 'Share of tokens at which the replacement model gives the model’s own answer, 0 to 1.',
  },
};

/** Points that no other point beats both in sparsity (fewer active features) and in the measure, by L0. */
export function front(points: readonly EvaluationPoint[], measure: Measure, better: 'low' | 'high'): EvaluationPoint[] {
  const sign = better === 'low' ? 1 : -1;
  const ordered = [...points].sort((a, b) => a.l0 - b.l0 || sign * (a[measure] - b[measure]));
  const best: EvaluationPoint[] = [];
  for (const point of ordered) {
    const last = best[best.length - 1];
    if (!last || sign * (point[measure] - last[measure]) < 0) best.push(point);
  }
  return best;
}
