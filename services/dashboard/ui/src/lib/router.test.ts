import { describe, expect, it } from 'vitest';
import { param, paths, readView, route, writeView, type Params } from './router';

describe('route', () => {
  it.each([
    ['/', { name: 'live' }],
    ['/live', { name: 'live' }],
    ['/operations/', { name: 'operations' }],
    ['/circuit/a%2Fb%20c', { name: 'circuit', promptId: 'a/b c' }],
    ['/features', { name: 'features' }],
    ['/features/abc/3/17', { name: 'feature', scan: 'abc', layer: 3, feature: 17 }],
    ['/features/abc/x/17', { name: 'missing', path: '/features/abc/x/17' }],
    ['/circuit', { name: 'missing', path: '/circuit' }],
    ['/nothing', { name: 'missing', path: '/nothing' }],
    ['/circuit/%E0%A4%A', { name: 'circuit', promptId: '%E0%A4%A' }],
  ])('reads %s', (path, expected) => {
    expect(route(path)).toEqual(expected);
  });

  it.each(['a', 'a/b', 'ü %20?#', '…'])('reads back the path of prompt %j', (promptId) => {
    expect(route(paths.circuit(promptId))).toEqual({ name: 'circuit', promptId });
  });
});

interface View {
  text: string;
  threshold: number;
  view: 'graph' | 'steer';
  pins: string[];
  groups: { name: string }[];
  frozen: boolean;
}

const PARAMS: Params<View> = {
  text: param.text(),
  threshold: param.number(0.8, 0, 1),
  view: param.choice<View['view']>('graph', 'steer'),
  pins: param.list(),
  groups: param.json<{ name: string }[]>([], (value): value is { name: string }[] => Array.isArray(value)),
  frozen: param.flag(),
};
const PLAIN: View = { text: '', threshold: 0.8, view: 'graph', pins: [], groups: [], frozen: false };

describe('readView and writeView', () => {
  it('leave the defaults out', () => {
    expect(writeView(PARAMS, PLAIN)).toBe('');
    expect(readView(PARAMS, '')).toEqual(PLAIN);
  });

  it('read back what they have written', () => {
    const view: View = {
      text: 'a & b = “ü” + 100 %',
      threshold: 0.25,
      view: 'steer',
      pins: ['1_2_3', 'with,comma', 'with%2Cpercent', 'ünï'],
      groups: [{ name: '<b> & "quotes"' }],
      frozen: true,
    };
    expect(readView(PARAMS, writeView(PARAMS, view))).toEqual(view);
  });

  it('fall back to the default for what cannot be read', () => {
    expect(readView(PARAMS, '?threshold=abc&view=other&groups={&pins=')).toEqual(PLAIN);
    expect(readView(PARAMS, '?groups=7')).toEqual(PLAIN);
  });

  it('hold numbers within their bounds', () => {
    expect(readView(PARAMS, '?threshold=7').threshold).toBe(1);
    expect(readView(PARAMS, '?threshold=-1').threshold).toBe(0);
  });
});
