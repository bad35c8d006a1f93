import { quadtree } from 'd3-quadtree';
import { at } from './at';
import type { Layout } from './layout';

/** Finds the drawn node nearest to a point of the layout within a radius; −1 for none. */
export type Nearest = (x: number, y: number, radius: number) => number;

export function nearestOf(layout: Layout, node: Uint8Array): Nearest {
  const shown = [...layout.x.keys()].filter((index) => node[index] === 1);
  const tree = quadtree<number>(
    shown,
    (index) => at(layout.x, index),
    (index) => at(layout.y, index),
  );
  return (x, y, radius) => tree.find(x, y, radius) ?? -1;
}
