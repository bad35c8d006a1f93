import { at } from './at';
import type { CircuitGraph } from './graph';

/** Which links are drawn while nothing is clicked: all, or those of the pinned nodes by the end that is pinned. */
export type LinkMode = 'all' | 'input' | 'output' | 'either' | 'both';
export const linkModes: readonly LinkMode[] = ['all', 'input', 'output', 'either', 'both'];

export interface Filter {
  /** Features and errors whose score is larger are hidden. */
  readonly threshold: number;
  /** Features that are active on more than this share of tokens are hidden; 1 hides none. */
  readonly density: number;
  readonly errors: boolean;
  readonly links: LinkMode;
}

export const everything: Filter = { threshold: 1, density: 1, errors: true, links: 'all' };

export interface Visible {
  /** [N] 1 where drawn. */
  readonly node: Uint8Array;
  /** [E] 1 where drawn. */
  readonly edge: Uint8Array;
  readonly hiddenNodes: number;
  readonly hiddenEdges: number;
  /** “hidden: 3 nodes, 10 edges, because …”: always said, also when nothing is. */
  readonly sentence: string;
}

/**
 * What the filter leaves. Tokens, logits and the nodes to keep (pinned, clicked) always stay. Density is per node, null
 * where it is not known: such nodes stay too.
 */
export function visibleIn(
  graph: CircuitGraph,
  filter: Filter,
  keep: ReadonlySet<number>,
  pinned: ReadonlySet<number>,
  density: readonly (number | null)[] | null,
): Visible {
  const count = { score: 0, density: 0, error: 0 };
  const node = new Uint8Array(graph.nodes.length).fill(1);
  graph.nodes.forEach((one, index) => {
    if (keep.has(index) || one.kind === 'TOKEN' || one.kind === 'LOGIT') return;
    const reason = reasonToHide(one.kind === 'ERROR', one.score, density?.[index] ?? null, filter);
    if (!reason) return;
    node[index] = 0;
    count[reason]++;
  });
  const edge = new Uint8Array(graph.source.length);
  const lost = { end: 0, mode: 0 };
  for (let index = 0; index < edge.length; index++) {
    const source = at(graph.source, index);
    const target = at(graph.target, index);
    if (!node[source] || !node[target]) lost.end++;
    else if (!linked(filter.links, pinned.has(source), pinned.has(target))) lost.mode++;
    else edge[index] = 1;
  }
  return {
    node,
    edge,
    hiddenNodes: count.score + count.density + count.error,
    hiddenEdges: lost.end + lost.mode,
    sentence: sentence(count, lost, filter),
  };
}

type Reason = 'score' | 'density' | 'error';

function reasonToHide(error: boolean, score: number, density: number | null, filter: Filter): Reason | null {
  if (error && !filter.errors) return 'error';
  if (score > filter.threshold) return 'score';
  return !error && density !== null && density > filter.density ? 'density' : null;
}

/** “input” draws what a pinned node reads, “output” what it feeds, “both” only links between two pinned nodes. */
function linked(mode: LinkMode, sourcePinned: boolean, targetPinned: boolean): boolean {
  switch (mode) {
    case 'all':
      return true;
    case 'input':
      return targetPinned;
    case 'output':
      return sourcePinned;
    case 'either':
      return sourcePinned || targetPinned;
    case 'both':
      return sourcePinned && targetPinned;
  }
}

function sentence(count: Record<Reason, number>, lost: { end: number; mode: number }, filter: Filter): string {
  const nodes = count.score + count.density + count.error;
  const edges = lost.end + lost.mode;
  const reasons = [
    count.score ? `${plural(count.score, 'node')} score above ${filter.threshold.toFixed(2)}` : '',
    count.density
      ? `${plural(count.density, 'feature')} active on over ${(filter.density * 100).toFixed(1)} % of tokens`
      : '',
    count.error ? `${plural(count.error, 'error node')} switched off` : '',
    lost.end ? `${plural(lost.end, 'edge')} end at a hidden node` : '',
    lost.mode ? `${plural(lost.mode, 'edge')} not linked to pinned nodes in the way chosen` : '',
  ].filter((reason) => reason !== '');
  const because = reasons.length ? reasons.join('; ') : 'every node and edge of the circuit passes the filters';
  return `hidden: ${plural(nodes, 'node')}, ${plural(edges, 'edge')}, because ${because}`;
}

export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
