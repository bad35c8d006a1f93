import type { Summary } from '../lib/types';

/** Newest first; of the same millisecond the larger id first, as the server's pages are. */
export function newestFirst(a: Summary, b: Summary): number {
  return b.submittedAt - a.submittedAt || (a.promptId < b.promptId ? 1 : a.promptId > b.promptId ? -1 : 0);
}

/**
 * The list with the changes in it: a trace is replaced by a later state of itself, never by an earlier one (events and
 * pages overtake each other), and left out when `keep` says so. The order is newest first.
 */
export function merge(
  list: readonly Summary[],
  changes: readonly Summary[],
  keep: (trace: Summary) => boolean,
): Summary[] {
  const latest = new Map<string, Summary>();
  for (const change of changes) {
    const other = latest.get(change.promptId);
    if (!other || change.updatedAt >= other.updatedAt) latest.set(change.promptId, change);
  }
  const merged: Summary[] = [];
  for (const trace of list) {
    const change = latest.get(trace.promptId);
    const next = change && change.updatedAt >= trace.updatedAt ? change : trace;
    latest.delete(trace.promptId);
    if (keep(next)) merged.push(next);
  }
  const added = [...latest.values()].filter(keep).sort(newestFirst);
  return added.length ? interleave(added, merged.sort(newestFirst)) : merged;
}

/** Two ordered lists as one. */
function interleave(a: readonly Summary[], b: readonly Summary[]): Summary[] {
  const all: Summary[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i];
    const right = b[j];
    if (left && (!right || newestFirst(left, right) < 0)) {
      all.push(left);
      i++;
    } else if (right) {
      all.push(right);
      j++;
    }
  }
  return all;
}

/** The rows to draw: indices from `first` to before `last`, with some beyond both edges of what is seen. */
export function seen(
  scrolled: number,
  height: number,
  row: number,
  rows: number,
  beyond = 6,
): { first: number; last: number } {
  const first = Math.min(rows, Math.max(0, Math.floor(scrolled / row) - beyond));
  const last = Math.min(rows, Math.ceil((scrolled + height) / row) + beyond);
  return { first, last: Math.max(first, last) };
}
