import type { EdgeEnd, RecurrentEdge } from '../lib/types';

/** One end of a recurring edge: a feature, or a token or logit by its text. */
export type End = { kind: 'feature'; layer: number; feature: number } | { kind: 'token'; token: string };

export function end(value: EdgeEnd | string): End {
  if (typeof value === 'string') return { kind: 'token', token: value };
  if (value.layer !== undefined && value.feature !== undefined && value.token === undefined) {
    return { kind: 'feature', layer: value.layer, feature: value.feature };
  }
  return { kind: 'token', token: value.token ?? '' };
}

export function key(value: End): string {
  return value.kind === 'feature' ? `${value.layer}/${value.feature}` : `“${value.token}”`;
}

/** The features at the edges' ends, each once, as the server looks labels up. */
export function features(edges: readonly RecurrentEdge[]): [number, number][] {
  const found = new Map<string, [number, number]>();
  for (const edge of edges) {
    for (const value of [end(edge.source), end(edge.target)]) {
      if (value.kind === 'feature') found.set(key(value), [value.layer, value.feature]);
    }
  }
  return [...found.values()];
}
