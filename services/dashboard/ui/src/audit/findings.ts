import type { Params } from '../lib/router';
import { param } from '../lib/router';
import type { Finding, FindingQuery, Severity } from '../lib/types';

/** What the list is narrowed to; an empty text does not narrow. */
export interface FindingFilter {
  rule: string;
  severity: string;
  promptId: string;
}

export const NO_FILTER: FindingFilter = { rule: '', severity: '', promptId: '' };

/** The filter in the address. */
export const findingParams: Params<FindingFilter> = {
  rule: param.text(),
  severity: param.choice('', 'CRITICAL', 'WARNING', 'INFO'),
  promptId: param.text(),
};

/** The filter as the server takes it. */
export function asQuery(filter: FindingFilter): FindingQuery {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''));
}

/** Whether the server would list the finding. */
export function accepts(filter: FindingFilter, finding: Finding): boolean {
  return Object.entries(asQuery(filter)).every(([name, value]) => finding[name as keyof Finding] === value);
}

/** The finding before the others, once, and at most `most` of them. */
export function withNewest(finding: Finding, others: readonly Finding[], most: number): Finding[] {
  if (others.some(({ findingId }) => findingId === finding.findingId)) return [...others];
  return [finding, ...others].slice(0, most);
}

/** Whether `promptId` is a prompt's, which may have a circuit. */
export function hasCircuit({ promptId, ruleKind }: Finding): boolean {
  return promptId !== '' && ruleKind !== 'STEERING' && ruleKind !== 'MISSING_STAGE';
}

const ORDER: readonly Severity[] = ['UNKNOWN', 'INFO', 'WARNING', 'CRITICAL'];

/** The most urgent of some findings. */
export function worst(findings: readonly Pick<Finding, 'severity'>[]): Severity {
  return ORDER[Math.max(0, ...findings.map(({ severity }) => ORDER.indexOf(severity)))] ?? 'UNKNOWN';
}

export interface SeverityLook {
  tone: 'bad' | 'warn' | 'idle';
  mark: string;
  name: string;
}

/** How a severity is shown: a mark beside the colour. */
export function severityLook(severity: Severity): SeverityLook {
  switch (severity) {
    case 'CRITICAL':
      return { tone: 'bad', mark: '‼', name: 'critical' };
    case 'WARNING':
      return { tone: 'warn', mark: '!', name: 'warning' };
    case 'INFO':
      return { tone: 'idle', mark: 'i', name: 'info' };
    default:
      return { tone: 'idle', mark: '?', name: 'unknown' };
  }
}

/** `refutedShare` as words. */
export function measureName(measure: string): string {
  return measure.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
