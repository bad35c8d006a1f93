import type { EdgeEnd, RecurrentEdge } from '../lib/types';

/** What tells two ends apart, and what names a feature. */
export function key(end: EdgeEnd): string {
  return end.kind === 'FEATURE' ? `${end.layer}/${end.feature}` : `${end.kind} ${end.token}`;
}

/** The features at the edges' ends by transcoder, each once, as the server looks labels up. */
export function features(edges: readonly RecurrentEdge[]): Map<string, [layer: number, feature: number][]> {
  const found = new Map<string, Map<string, [number, number]>>();
  for (const { scan, source, target } of edges) {
    const ofScan = found.get(scan) ?? new Map<string, [number, number]>();
    for (const end of [source, target]) if (end.kind === 'FEATURE') ofScan.set(key(end), [end.layer, end.feature]);
    found.set(scan, ofScan);
  }
  return new Map([...found].map(([scan, ends]) => [scan, [...ends.values()]]));
}
