import type { Supernode } from '../lib/types';
import { linkModes, type LinkMode } from './hidden';
import { LEAST_ZOOM, MOST_ZOOM, type Zoom } from './zoom';

export type Panel = 'subgraph' | 'validation' | 'steer' | 'paths' | 'provenance' | 'compare' | 'nodes';
export const panels: readonly Panel[] = ['subgraph', 'validation', 'steer', 'paths', 'provenance', 'compare', 'nodes'];

/** All that an address says of the view. Null: the address does not say; the saved annotations do. */
export interface ViewState {
  readonly view: Panel;
  readonly clicked: string | null;
  /** A tested edge whose numbers are open: source and target id. */
  readonly edge: readonly [string, string] | null;
  readonly pins: readonly string[] | null;
  readonly supernodes: readonly Supernode[] | null;
  readonly threshold: number;
  readonly density: number;
  readonly errors: boolean;
  readonly links: LinkMode;
  readonly compare: string | null;
  /** Null: the whole circuit. */
  readonly zoom: Zoom | null;
  /** Boxes of the sub-graph that somebody dragged: centre in the sub-graph's own pixels, by node id or group name. */
  readonly positions: Readonly<Record<string, readonly [number, number]>>;
}

export const initialView: ViewState = {
  view: 'subgraph',
  clicked: null,
  edge: null,
  pins: null,
  supernodes: null,
  threshold: 1,
  density: 1,
  errors: true,
  links: 'all',
  compare: null,
  zoom: null,
  positions: {},
};

/** The query string for a view, what is as at the beginning left out; empty or beginning with a question mark. */
export function formatView(view: ViewState): string {
  const query = new URLSearchParams();
  if (view.view !== initialView.view) query.set('view', view.view);
  if (view.clicked !== null) query.set('clicked', view.clicked);
  if (view.edge) query.set('edge', view.edge.join(','));
  if (view.pins) query.set('pins', view.pins.join(','));
  if (view.supernodes) query.set('supernodes', JSON.stringify(view.supernodes.map((s) => [s.name, ...s.nodes])));
  if (view.threshold !== 1) query.set('threshold', String(view.threshold));
  if (view.density !== 1) query.set('density', String(view.density));
  if (!view.errors) query.set('errors', 'hidden');
  if (view.links !== 'all') query.set('links', view.links);
  if (view.compare !== null) query.set('compare', view.compare);
  if (view.zoom) query.set('zoom', view.zoom.join(','));
  if (Object.keys(view.positions).length) query.set('positions', JSON.stringify(view.positions));
  const text = query.toString();
  return text && `?${text}`;
}

/** The view that a query string describes. What it says wrongly is as at the beginning. */
export function parseView(search: string): ViewState {
  const query = new URLSearchParams(search);
  const edge = query.get('edge')?.split(',') ?? [];
  const [source, target] = edge;
  return {
    view: panels.find((panel) => panel === query.get('view')) ?? initialView.view,
    clicked: query.get('clicked') || null,
    edge: source && target && edge.length === 2 ? [source, target] : null,
    pins: query.has('pins') ? list(query.get('pins')) : null,
    supernodes: query.has('supernodes') ? supernodesOf(json(query.get('supernodes'))) : null,
    threshold: share(query.get('threshold')),
    density: share(query.get('density')),
    errors: query.get('errors') !== 'hidden',
    links: linkModes.find((mode) => mode === query.get('links')) ?? 'all',
    compare: query.get('compare') || null,
    zoom: zoomOf(query.get('zoom')),
    positions: positionsOf(json(query.get('positions'))),
  };
}

function list(text: string | null): string[] {
  return [...new Set((text ?? '').split(',').filter((item) => item !== ''))];
}

function share(text: string | null): number {
  const value = Number(text);
  return text !== null && text !== '' && value >= 0 && value <= 1 ? value : 1;
}

function zoomOf(text: string | null): Zoom | null {
  const parts = (text ?? '').split(',').map(Number);
  const [k, x, y] = parts;
  if (k === undefined || x === undefined || y === undefined || parts.length !== 3) return null;
  return parts.every(Number.isFinite) && k >= LEAST_ZOOM && k <= MOST_ZOOM ? [k, x, y] : null;
}

function json(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** [[name, id, …], …], as the papers' front end writes it; also [{name, nodes}]. */
function supernodesOf(value: unknown): Supernode[] | null {
  if (!Array.isArray(value)) return null;
  return value.flatMap((item: unknown) => {
    const parts: unknown = isGroup(item) ? [item.name, ...item.nodes] : item;
    if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string') || parts.length < 2) return [];
    const [name, ...nodes] = parts as [string, ...string[]];
    return [{ name, nodes }];
  });
}

function isGroup(value: unknown): value is { name: unknown; nodes: unknown[] } {
  return (
    typeof value === 'object' && value !== null && 'name' in value && 'nodes' in value && Array.isArray(value.nodes)
  );
}

function positionsOf(value: unknown): Record<string, [number, number]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, [number, number]] =>
        Array.isArray(entry[1]) && entry[1].length === 2 && entry[1].every(Number.isFinite),
    ),
  );
}
