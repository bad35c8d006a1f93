import { expect, test } from 'vitest';
import { formatView, initialView, parseView, type ViewState } from './urlState';

test('a view comes back from its address', () => {
  const view: ViewState = {
    view: 'validation',
    clicked: '3_17_5',
    edge: ['E_9_1', '3_17_5'],
    pins: ['3_17_5', '0_error_mlp_2'],
    supernodes: [{ name: 'a "b" <c>, ü&=%', nodes: ['1_2_3', '4_5_6'] }],
    threshold: 0.35,
    density: 0.5,
    errors: false,
    links: 'either',
    compare: 'other/prompt?',
    zoom: [2.5, 0.25, 0.75],
    positions: { '3_17_5': [12, 34], 'group:x': [5.5, 0] },
  };
  expect(parseView(formatView(view))).toEqual(view);
});

test('the first view has no query', () => {
  expect(formatView(initialView)).toBe('');
  expect(parseView('')).toEqual(initialView);
});

test('no pins differs from nothing said about pins', () => {
  expect(parseView('?pins=').pins).toEqual([]);
  expect(parseView('?').pins).toBeNull();
});

test('groups are read as objects too', () => {
  const text = encodeURIComponent(JSON.stringify([{ name: 'a', nodes: ['x'] }]));
  expect(parseView(`?supernodes=${text}`).supernodes).toEqual([{ name: 'a', nodes: ['x'] }]);
});

test.each([
  'view=nonsense',
  'threshold=abc',
  'threshold=7',
  'supernodes={{{',
  'supernodes=[[1,2],["only name"]]',
  'positions=[1]',
  'positions={"a":["x",1]}',
  'links=%3Cscript%3E',
  'edge=one',
  'zoom=2',
  'zoom=0,0,0',
  'zoom=1e9,0.5,0.5',
  'zoom=2,x,0.5',
])('what is wrong in an address is as at the beginning: %s', (query) => {
  const view = parseView(`?${query}`);
  expect({ ...view, supernodes: view.supernodes?.length ? view.supernodes : null }).toEqual(initialView);
});
