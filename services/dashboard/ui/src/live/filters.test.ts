import { describe, expect, it } from 'vitest';
import { readView, writeView } from '../lib/router';
import type { Summary } from '../lib/types';
import { asQuery, filterParams, matches, narrows, NO_FILTER, type Filter } from './filters';
import { trace } from './testing';

describe('matches', () => {
  it.each<[string, Partial<Filter>, Partial<Summary>, boolean]>([
    ['everything without a filter', {}, {}, true],
    ['text in any case', { q: ' TEXAS ' }, {}, true],
    ['other text', { q: 'dallas' }, {}, false],
    ['tokens where there is no text', { q: 'b c' }, { text: null, tokens: ['a', 'b', 'c'] }, true],
    ['the id', { q: 'prompt-7' }, { promptId: 'prompt-77' }, true],
    ['nothing where there is neither text nor tokens', { q: 'x' }, { text: null, promptId: 'p' }, false],
    ['the tenant', { tenant: 'acme' }, { tenant: 'acme' }, true],
    ['another tenant', { tenant: 'acme' }, {}, false],
    ['one of the tags', { tag: 'b' }, { tags: ['a', 'b'] }, true],
    ['part of a tag not', { tag: 'b' }, { tags: ['bb'] }, false],
    ['the model by name', { model: 'tiny' }, {}, true],
    ['the model by hash', { model: 'hash' }, {}, true],
    ['a model that is not known yet not', { model: 'tiny' }, { model: null, modelHash: null }, false],
    ['the verdict', { verdict: 'MIXED' }, { verdict: 'MIXED' }, true],
    ['no verdict yet not', { verdict: 'MIXED' }, { verdict: null }, false],
    ['the state', { state: 'FAILED' }, { state: 'FAILED' }, true],
    ['all of them only', { state: 'COMPLETED', tenant: 'acme' }, {}, false],
  ])('lets through %s', (_, filter, changes, expected) => {
    expect(matches(trace(changes), { ...NO_FILTER, ...filter })).toBe(expected);
  });
});

describe('the filter in the address', () => {
  const filter: Filter = { q: 'a&b', tenant: 't', tag: 'x,y', model: 'm', verdict: 'MIXED', state: 'FAILED' };

  it('reads back what it has written', () => {
    expect(readView(filterParams, writeView(filterParams, filter))).toEqual(filter);
    expect(writeView(filterParams, NO_FILTER)).toBe('');
  });

  it('does not know other verdicts', () => {
    expect(readView(filterParams, '?verdict=GREAT')).toEqual(NO_FILTER);
  });

  it('asks the server only for what narrows', () => {
    expect(asQuery({ ...NO_FILTER, tag: 'x' })).toEqual({ tag: 'x' });
    expect(narrows(NO_FILTER)).toBe(false);
    expect(narrows(filter)).toBe(true);
  });
});
