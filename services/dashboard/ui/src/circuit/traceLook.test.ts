import { expect, test } from 'vitest';
import { trace as summary } from '../live/testing';
import { lookOf, textOf } from './traceLook';

test('a running trace says its stage and how far that is', () => {
  const trace = summary({ state: 'RUNNING', stage: 'inference', verdict: null });
  expect(lookOf(trace, undefined)).toEqual({ tone: 'accent', mark: '●', text: 'attribution', share: null });
});

test('a finished trace says how it ended', () => {
  expect(lookOf(summary({ state: 'FAILED' }), undefined)).toMatchObject({ tone: 'bad', text: 'failed' });
  expect(lookOf(summary({ state: 'COMPLETED', verdict: 'MIXED' }), undefined)).toMatchObject({
    text: 'mixed',
    mark: '~',
  });
  const untested = summary({ state: 'COMPLETED', verdict: null });
  expect(lookOf(untested, undefined).text).toBe('not tested');
  expect(lookOf({ ...untested, imported: true }, undefined).text).toBe('imported');
});

test('a trace is called by its prompt, its tokens, or its id', () => {
  const trace = summary({ promptId: 'p', text: 'a b', tokens: ['a', 'c'] });
  expect(textOf(trace)).toBe('a b');
  expect(textOf({ ...trace, text: null })).toBe('a c');
  expect(textOf({ ...trace, text: null, tokens: null })).toBe('p');
});
