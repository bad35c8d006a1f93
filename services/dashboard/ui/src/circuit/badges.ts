import { at } from './at';
import type { Visible } from './hidden';
import type { Layout } from './layout';
import type { TestedEdge } from './tested';

/** A badge on a tested edge, in pixels of the layout. */
export interface Badge {
  readonly tested: TestedEdge;
  readonly x: number;
  readonly y: number;
}

export const badgeRadius = 7;

/** Where on an edge a badge may be, the best place first: 0 is the source. */
const places = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];

/**
 * Badges of the clicked node's edges; while none is clicked (−1) those of drawn edges that a claim is about. Each is
 * where it covers least of other badges and of nodes at a zoom; one that would hide more than half of others has no room
 * and is left out: the node's lists have it all the same.
 */
export function badgesOf(
  layout: Layout,
  visible: Visible,
  tested: ReadonlyMap<number, TestedEdge>,
  clicked: number,
  zoom = 1,
): Badge[] {
  const shown = [...tested.values()].filter((edge) => isShown(visible, edge, clicked));
  const taken: { x: number; y: number }[] = [...layout.x.keys()]
    .filter((node) => visible.node[node] && layout.x.length < 3000)
    .map((node) => ({ x: at(layout.x, node), y: at(layout.y, node) }));
  const radius = badgeRadius / zoom;
  return shown.flatMap((edge) => {
    const best = places
      .map((place) => pointOn(layout, edge, place))
      .map((point) => ({ point, crowd: crowd(taken, point, 2 * radius) }))
      .reduce((least, one) => (one.crowd < least.crowd ? one : least));
    if (best.crowd > radius) return [];
    taken.push(best.point);
    return [{ tested: edge, ...best.point }];
  });
}

function isShown(visible: Visible, edge: TestedEdge, clicked: number): boolean {
  if (clicked < 0) return edge.claim !== null && visible.edge[edge.edge] === 1;
  if (edge.source !== clicked && edge.target !== clicked) return false;
  return visible.node[edge.source] === 1 && visible.node[edge.target] === 1;
}

function pointOn(layout: Layout, edge: TestedEdge, place: number): { x: number; y: number } {
  const between = (of: Float32Array) => at(of, edge.source) * (1 - place) + at(of, edge.target) * place;
  return { x: between(layout.x), y: between(layout.y) };
}

/** By how much a badge at a point is nearer to others than it should be: 0 for not at all. */
function crowd(taken: readonly { x: number; y: number }[], point: { x: number; y: number }, apart: number): number {
  let sum = 0;
  for (const other of taken) {
    const distance = Math.hypot(other.x - point.x, other.y - point.y);
    if (distance < apart) sum += apart - distance;
  }
  return sum;
}
