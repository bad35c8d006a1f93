import type { BehaviourWindow, DriftMeasurement, FeaturePlace } from '../lib/types';

/** What is called more than chance, for each measure and window by itself. */
export const LEVEL = 0.01;

const NAMES: Record<DriftMeasurement['measure'], string> = {
  UNKNOWN: 'unknown',
  FEATURES: 'features',
  EDGES: 'edges',
  COMPLETENESS: 'completeness',
  REPLACEMENT: 'replacement',
  CONFIRMED_SHARE: 'claims confirmed',
};

export function measureName(measure: DriftMeasurement['measure']): string {
  return NAMES[measure] ?? measure;
}

/** In which respects a window differs from the one before by more than chance. */
export function drifted({ drift }: Pick<BehaviourWindow, 'drift'>): DriftMeasurement[] {
  return (drift?.measurements ?? []).filter(({ pValue }) => pValue <= LEVEL);
}

/** Bars of the tenths of a score, ten of them also where the event has none. */
export function tenths(counts: readonly number[], what: string): { count: number; title: string }[] {
  return Array.from({ length: 10 }, (_, i) => {
    const count = counts[i] ?? 0;
    return { count, title: `${(i / 10).toFixed(1)} to ${((i + 1) / 10).toFixed(1)}: ${count} ${what}` };
  });
}

/** What tells windows apart, in the address too. */
export function windowKey({ scan, windowStart }: Pick<BehaviourWindow, 'scan' | 'windowStart'>): string {
  return `${windowStart}/${scan}`;
}

/** The features among places, each once, as the server looks labels up. */
export function featuresOf(
  places: readonly (Pick<FeaturePlace, 'layer' | 'feature'> & { kind?: FeaturePlace['kind'] })[],
): [layer: number, feature: number][] {
  const found = new Map<string, [number, number]>();
  for (const { kind = 'FEATURE', layer, feature } of places) {
    if (kind === 'FEATURE') found.set(`${layer}/${feature}`, [layer, feature]);
  }
  return [...found.values()];
}
