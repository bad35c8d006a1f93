import { describe, expect, it } from 'vitest';
import { readView, writeView } from '../lib/router';
import type { Finding } from '../lib/types';
import { accepts, findingParams, hasCircuit, measureName, NO_FILTER, withNewest, worst } from './findings';

function finding(change: Partial<Finding> = {}): Finding {
  return {
    findingId: 'a',
    rule: 'r',
    ruleKind: 'LOW_TRUST',
    ruleVersion: '',
    severity: 'WARNING',
    promptId: 'p',
    modelName: '',
    scan: '',
    message: '',
    evidence: [],
    evidenceLeftOut: 0,
    eventTime: 0,
    partition: 0,
    sequence: 1,
    offset: 0,
    ...change,
  };
}

describe('accepts', () => {
  it('takes all without a filter', () => {
    expect(accepts(NO_FILTER, finding())).toBe(true);
  });

  it('wants every part of the filter', () => {
    const filter = { rule: 'r', severity: 'WARNING', promptId: 'p' };
    expect(accepts(filter, finding())).toBe(true);
    expect(accepts(filter, finding({ rule: 's' }))).toBe(false);
    expect(accepts(filter, finding({ severity: 'INFO' }))).toBe(false);
    expect(accepts(filter, finding({ promptId: 'q' }))).toBe(false);
  });

  it('is in the address as it is', () => {
    const filter = { rule: 'a & b', severity: 'CRITICAL', promptId: 'x/y' };
    expect(readView(findingParams, writeView(findingParams, filter))).toEqual(filter);
    expect(readView(findingParams, '?severity=LOUD')).toEqual(NO_FILTER);
  });
});

describe('withNewest', () => {
  it('puts it first and forgets the last', () => {
    const list = withNewest(finding({ findingId: 'c' }), [finding({ findingId: 'b' }), finding()], 2);
    expect(list.map(({ findingId }) => findingId)).toEqual(['c', 'b']);
  });

  it('takes it once: the list and the stream may both tell of it', () => {
    expect(withNewest(finding(), [finding({ findingId: 'b' }), finding()], 9)).toHaveLength(2);
  });
});

describe('a finding', () => {
  it('has a circuit unless it is of a steering, a missing stage or a window', () => {
    expect(hasCircuit(finding())).toBe(true);
    expect(hasCircuit(finding({ ruleKind: 'STEERING' }))).toBe(false);
    expect(hasCircuit(finding({ ruleKind: 'MISSING_STAGE' }))).toBe(false);
    expect(hasCircuit(finding({ ruleKind: 'DRIFT', promptId: '' }))).toBe(false);
  });

  it('is as urgent as the most urgent of them', () => {
    expect(worst([finding({ severity: 'INFO' }), finding({ severity: 'CRITICAL' }), finding()])).toBe('CRITICAL');
    expect(worst([])).toBe('UNKNOWN');
  });

  it('names its measures in words', () => {
    expect(measureName('refutedShare')).toBe('refuted share');
    expect(measureName('waitedMs')).toBe('waited ms');
  });
});
