import { expect, test } from 'vitest';
import { differences, merged, noDraft, sameDraft, type Draft } from './annotations';

const base: Draft = { pins: ['a', 'b'], supernodes: [{ name: 'g', nodes: ['x', 'y'] }], labels: { a: 'old' } };

test('pins of both stay, what either took away goes', () => {
  const mine = { ...base, pins: ['b', 'c'] };
  const theirs = { ...base, pins: ['a', 'b', 'd'] };
  expect(merged(base, mine, theirs).pins).toEqual(['b', 'd', 'c']);
});

test('without changes of mine theirs is taken as it is', () => {
  const theirs: Draft = { pins: ['q'], supernodes: [{ name: 'h', nodes: ['x'] }], labels: { b: 'new' } };
  expect(merged(base, base, theirs)).toEqual(theirs);
});

test('my renamed group replaces the old one and theirs beside it stays', () => {
  const mine = { ...base, supernodes: [{ name: 'mine', nodes: ['x', 'y'] }] };
  const theirs = { ...base, supernodes: [...base.supernodes, { name: 'other', nodes: ['z'] }] };
  expect(merged(base, mine, theirs).supernodes).toEqual([
    { name: 'other', nodes: ['z'] },
    { name: 'mine', nodes: ['x', 'y'] },
  ]);
});

test('a node in groups of both stays in mine, and a group that I dissolved stays away', () => {
  const mine = { ...base, supernodes: [{ name: 'n', nodes: ['z', 'w'] }] };
  const theirs = { ...base, supernodes: [...base.supernodes, { name: 'o', nodes: ['z'] }] };
  expect(merged(base, mine, theirs).supernodes).toEqual([{ name: 'n', nodes: ['z', 'w'] }]);
});

test('labels merge by node; mine wins where both changed one', () => {
  const mine = { ...base, labels: { a: 'mine' } };
  const theirs = { ...base, labels: { a: 'theirs', b: 'new' } };
  expect(merged(base, mine, theirs).labels).toEqual({ a: 'mine', b: 'new' });
  expect(merged(base, { ...base, labels: {} }, theirs).labels).toEqual({ b: 'new' });
});

test('differences are told in phrases', () => {
  const next: Draft = { pins: ['b', 'c', 'd'], supernodes: [{ name: 'h', nodes: ['x'] }], labels: { a: 'new' } };
  expect(differences(base, next)).toEqual([
    '2 nodes pinned',
    '1 node unpinned',
    'group ‘h’ new',
    'group ‘g’ gone',
    '1 label changed',
  ]);
  expect(differences(base, { ...base, supernodes: [{ name: 'g', nodes: ['x'] }] })).toEqual([
    'group ‘g’ has other members',
  ]);
});

test('the order of members is no difference', () => {
  expect(sameDraft(base, { ...base, supernodes: [{ name: 'g', nodes: ['y', 'x'] }] })).toBe(true);
  expect(sameDraft(base, noDraft)).toBe(false);
});
