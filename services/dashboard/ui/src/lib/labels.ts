import type { LabelEvidence, LabelSource } from './types';

/** Who a label is from, in words. */
export function sourceName(source: LabelSource): string {
  switch (source) {
    case 'PERSON':
      return 'Label by a person';
    case 'LANGUAGE_MODEL':
      return 'Label by a language model';
    case 'AUTOMATIC':
      return 'Automatic label';
    default:
      return 'No label yet';
  }
}

/** What an automatic label is about, in words. */
export function evidenceName(evidence: LabelEvidence): string {
  switch (evidence) {
    case 'TOKEN':
      return 'active on particular tokens';
    case 'CONTEXT':
      return 'active after particular tokens';
    case 'OUTPUT':
      return 'active before particular tokens';
    case 'OPERANDS':
      return 'active on particular operands';
    case 'POSITION':
      return 'active at particular positions';
    default:
      return 'no condition found';
  }
}
