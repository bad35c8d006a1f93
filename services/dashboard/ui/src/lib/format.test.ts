import { describe, expect, it } from 'vitest';
import { bytes, compact, count, counted, duration, NONE, percent, short, signed, significant } from './format';

describe('format', () => {
  it.each([
    [count(12345), '12,345'],
    [count(-3), '−3'],
    [count(null), NONE],
    [count(NaN), NONE],
    [compact(12345), '12.3K'],
    [counted(1, 'node'), '1 node'],
    [counted(2000, 'node'), '2,000 nodes'],
    [percent(0.9414), '94.1 %'],
    [percent(1, 0), '100 %'],
    [percent(0), '0.0 %'],
    [percent(0.0000001), '< 0.1 %'],
    [percent(undefined), NONE],
    [significant(0.0012345), '0.00123'],
    [significant(1234.5), '1,235'],
    [significant(0), '0'],
    [significant(-0.5), '−0.5'],
    [significant(0.00000123), '1.23e−6'],
    [significant(123456789), '1.23e8'],
    [signed(0.5), '+0.5'],
    [signed(-2), '−2'],
    [signed(0), '0'],
    [duration(12.4), '12 ms'],
    [duration(1234), '1.2 s'],
    [duration(59_400), '59 s'],
    [duration(59_700), '1 min'],
    [duration(185_000), '3 min 5 s'],
    [duration(7_380_000), '2 h 3 min'],
    [duration(90_000_000), '1 d 1 h'],
    [duration(null), NONE],
    [bytes(512), '512 B'],
    [bytes(12_345_678), '12.3 MB'],
    [short('c3bade88f3d3'), 'c3bade88'],
  ])('%s is %s', (actual, expected) => {
    expect(actual).toBe(expected);
  });
});
