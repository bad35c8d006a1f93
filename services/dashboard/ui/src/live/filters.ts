import type { Params } from '../lib/router';
import { param } from '../lib/router';
import type { Summary, TraceQuery } from '../lib/types';

/** What the list is narrowed to; an empty text does not narrow. */
export interface Filter {
  q: string;
  tenant: string;
  tag: string;
  model: string;
  verdict: string;
  state: string;
}

export const NO_FILTER: Filter = { q: '', tenant: '', tag: '', model: '', verdict: '', state: '' };

/** The filter in the address. */
export const filterParams: Params<Filter> = {
  q: param.text(),
  tenant: param.text(),
  tag: param.text(),
  model: param.text(),
  verdict: param.choice('', 'SUPPORTED', 'MIXED', 'UNSUPPORTED', 'UNTESTED'),
  state: param.choice('', 'RUNNING', 'COMPLETED', 'FAILED'),
};

/** The filter as the server takes it. */
export function asQuery(filter: Filter): TraceQuery {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''));
}

export function narrows(filter: Filter): boolean {
  return Object.values(filter).some((value) => value !== '');
}

/** Whether a trace that arrives belongs in the list; what the server decides for those that it lists. */
export function matches(trace: Summary, filter: Filter): boolean {
  return (
    (filter.tenant === '' || trace.tenant === filter.tenant) &&
    (filter.tag === '' || trace.tags.includes(filter.tag)) &&
    (filter.model === '' || trace.model === filter.model || trace.modelHash === filter.model) &&
    (filter.verdict === '' || trace.verdict === filter.verdict) &&
    (filter.state === '' || trace.state === filter.state) &&
    holds(trace, filter.q.trim().toLowerCase())
  );
}

function holds(trace: Summary, q: string): boolean {
  if (q === '') return true;
  const text = trace.text ?? (trace.tokens ?? []).join(' ');
  return text.toLowerCase().includes(q) || trace.promptId.toLowerCase().includes(q);
}
