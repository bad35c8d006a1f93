import { expect, test } from 'vitest';
import { drawnArea, moved, type Frame } from './frame';

const view: Frame = { k: 1, x: 0, y: 0, width: 1000, height: 600, ratio: 1 };

test('at zoom 1 the view is drawn and no more', () => {
  expect(drawnArea(view)).toEqual({ left: 0, top: 0, width: 1000, height: 600 });
});

test('zoomed in half a view more on each side is drawn, within the layout', () => {
  expect(drawnArea({ ...view, k: 4, x: -1500, y: 0 })).toEqual({ left: -500, top: 0, width: 2000, height: 900 });
  expect(drawnArea({ ...view, k: 2, x: 0, y: -600 })).toEqual({ left: 0, top: -300, width: 1500, height: 900 });
});

test('a picture drawn for one frame is shown where another has it', () => {
  const drawn = { ...view, k: 2, x: -100, y: -50 };
  const area = drawnArea(drawn);
  expect(moved(drawn, area, drawn)).toBe(`translate(${area.left}px, ${area.top}px) scale(1)`);
  expect(moved(drawn, area, { ...drawn, x: -80 })).toBe(`translate(${area.left + 20}px, ${area.top}px) scale(1)`);
  const [, x] = /translate\((-?[\d.]+)px/.exec(moved(drawn, area, { ...view, k: 4, x: 7, y: 0 })) ?? [];
  // The layout's own origin lies where the new frame has it.
  expect(Number(x) + (drawn.x - area.left) * 2).toBeCloseTo(7);
});
