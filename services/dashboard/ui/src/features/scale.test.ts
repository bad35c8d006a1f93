import { describe, expect, it } from 'vitest';
import { axis, tickText } from './scale';

describe('axis', () => {
  it('puts powers of ten at equal distances and zero beside them', () => {
    const x = axis([0, 0.001, 0.02, 1], 0, 320, 20);
    expect(x.ticks).toEqual([0.001, 0.01, 0.1, 1]);
    expect(x.ticks.map((tick) => Math.round(x.at(tick)))).toEqual([20, 120, 220, 320]);
    expect(x.at(0)).toBe(0);
  });

  it('runs the other way too', () => {
    const y = axis([0.1, 10], 300, 0, 20);
    expect(Math.round(y.at(0.1))).toBe(280);
    expect(Math.round(y.at(10))).toBe(0);
    expect(y.zero).toBe(300);
  });

  it('has a place for everything when nothing is positive', () => {
    expect(axis([0, 0], 5, 100, 20).at(0)).toBe(5);
    expect(axis([], 5, 100, 20).ticks).toEqual([]);
  });

  it('spans a decade for a single value', () => {
    const x = axis([10], 0, 100, 0);
    expect(x.ticks).toEqual([10, 100]);
    expect(x.at(10)).toBe(0);
  });
});

describe('tickText', () => {
  it.each([
    [0.01, '0.01'],
    [1, '1'],
    [1000, '1000'],
    [0.0001, '1e−4'],
    [100000, '1e5'],
  ])('writes %d as %s', (value, text) => {
    expect(tickText(value)).toBe(text);
  });
});
