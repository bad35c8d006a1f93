import { expect, test } from 'vitest';
import { shiftOf, zoomOf } from './zoom';

const wide = { width: 1200, height: 600 };
const narrow = { width: 390, height: 500 };

test('the whole circuit is no zoom', () => {
  expect(zoomOf({ k: 1, x: 0, y: 0 }, wide)).toBeNull();
  expect(shiftOf(null, narrow)).toEqual({ k: 1, x: 0, y: 0 });
});

test('what is in the middle of one window is in the middle of another', () => {
  // The point at three quarters of the width and a quarter of the height, four times as large.
  const zoom = zoomOf({ k: 4, x: 600 - 4 * 900, y: 300 - 4 * 150 }, wide);
  expect(zoom).toEqual([4, 0.75, 0.25]);
  const { k, x, y } = shiftOf(zoom, narrow);
  expect(k * 0.75 * narrow.width + x).toBeCloseTo(narrow.width / 2, 9);
  expect(k * 0.25 * narrow.height + y).toBeCloseTo(narrow.height / 2, 9);
});

test('a zoom comes back from what shows it', () => {
  const zoom = [2.5, 0.31, 0.62] as const;
  expect(zoomOf(shiftOf(zoom, wide), wide)).toEqual(zoom);
});
