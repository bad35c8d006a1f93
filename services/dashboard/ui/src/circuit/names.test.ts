import { expect, test } from 'vitest';
import { at } from './at';
import { golden, texasGraph } from './fixtures/fixtures';
import { bandOf, labelOf, nameOf, noLabels, number, percent, score } from './names';
import { firstNode } from './selection';
import { search } from './search';

test('a node’s own label comes before its feature’s', () => {
  const node = at(golden.nodes, 1);
  const features = new Map([['0_1', 'everywhere']]);
  expect(labelOf(node, { nodes: {}, features })).toBe('everywhere');
  expect(labelOf(node, { nodes: { n1: 'here' }, features })).toBe('here');
  expect(labelOf(at(golden.nodes, 9), { nodes: {}, features: new Map([['-1_9', 'no']]) })).toBe('');
});

test('what a label hides is shown, and markup is only text', () => {
  const name = nameOf(golden, 1, { nodes: { n1: '<b>\u202egnp\u0000' }, features: new Map() });
  expect(name).toBe('<b>⟨U+202E⟩gnp⟨U+0000⟩');
});

test('nodes without a label say what they are', () => {
  expect(nameOf(golden, 3, noLabels)).toBe('feature 1/3');
  expect(nameOf(golden, 6, noLabels)).toBe('error of layer 0 at “hi”');
  expect(nameOf(golden, 9, noLabels)).toBe('“<bos>”');
  expect(nameOf(texasGraph, firstNode(texasGraph), noLabels)).toMatch(/^answer “austin” \d+\.\d %$/);
  expect(bandOf(golden, at(golden.nodes, 11))).toBe('answer');
});

test.each([
  [0, '0'],
  [1234.5678, '1230'],
  [-0.01234, '−0.0123'],
  [0.00001234, '1.23e-5'],
  [null, 'not known'],
])('number %s is %s', (value, text) => expect(number(value)).toBe(text));

test('percentages and scores', () => {
  expect(percent(0.1234)).toBe('12.3 %');
  expect(percent(0.1, true)).toBe('+10.0 %');
  expect(percent(-0.1)).toBe('−10.0 %');
  expect(percent(null)).toBe('not known');
  expect(score(0.5)).toBe('0.50');
  expect(score(null)).toBe('not known');
});

test('all words of a query must be found; the most influential first', () => {
  const labels = { nodes: { n1: 'Big Cat', n0: 'small cat' }, features: new Map<string, string>() };
  expect(search(golden, labels, 'CAT')).toEqual([1, 0]);
  expect(search(golden, labels, 'cat big')).toEqual([1]);
  expect(search(golden, labels, 'layer 1 feature')).toEqual([3, 4]);
  expect(search(golden, labels, '  ')).toEqual([]);
});
