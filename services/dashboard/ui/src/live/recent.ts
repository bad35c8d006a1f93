import type { OperationsTotals } from '../lib/types';

export interface Moment {
  at: number;
  totals: OperationsTotals;
}

/** The moments with one more, those older than `span` milliseconds left out. */
export function remember(moments: readonly Moment[], next: Moment, span: number): Moment[] {
  return [...moments.filter((moment) => moment.at > next.at - span), next];
}

/** Columns for a chart: seconds since 1970, then what each function reads. */
export function columns(
  moments: readonly Moment[],
  ...read: ((totals: OperationsTotals) => number | null | undefined)[]
): (number | null)[][] {
  return [moments.map(({ at }) => at / 1000), ...read.map((one) => moments.map(({ totals }) => one(totals) ?? null))];
}
