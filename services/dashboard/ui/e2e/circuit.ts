import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { badgesOf, type Badge } from '../src/circuit/badges';
import { graphOf, type CircuitGraph } from '../src/circuit/graph';
import { everything, visibleIn } from '../src/circuit/hidden';
import { layoutOf, type Layout } from '../src/circuit/layout';
import { testedEdges } from '../src/circuit/tested';
import { shiftOf, type Zoom } from '../src/circuit/zoom';
import type { Circuit, CircuitNode, ValidationReport } from '../src/lib/types';
import { expect } from './page';

export const XSS = '<img src=x onerror="window.owned=1">\u202Etxt';

/** Opens a circuit at an address of its own and yields what it is made of. */
export async function opened(page: Page, promptId: string, search = ''): Promise<CircuitGraph> {
  const [graph] = await Promise.all([circuitOf(page, promptId), page.goto(`/circuit/${promptId}${search}`)]);
  await expect(page.getByTestId('link-graph')).toBeVisible();
  return graph;
}

/** What a circuit is made of, whatever the page shows. */
export async function circuitOf(page: Page, promptId: string): Promise<CircuitGraph> {
  const response = await page.request.get(`/api/v1/traces/${promptId}/circuit`);
  return graphOf((await response.json()) as Circuit);
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** The picture's place on the page with its layout: what the page itself computes, from the same data and size. */
async function picture(page: Page, graph: CircuitGraph): Promise<{ box: Place; layout: Layout; size: Size }> {
  const box = await page.getByTestId('link-graph').boundingBox();
  if (!box) throw new Error('the link graph has no size');
  const size = { width: Math.round(box.width), height: Math.round(box.height) };
  return { box, layout: layoutOf(graph, size), size };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

export async function click(
  page: Page,
  graph: CircuitGraph,
  node: number,
  { key, zoom = null }: { key?: 'Control' | 'Shift'; zoom?: Zoom | null } = {},
): Promise<void> {
  const { box, layout, size } = await picture(page, graph);
  const { k, x, y } = shiftOf(zoom, size);
  if (key) await page.keyboard.down(key);
  await page.mouse.click(box.x + (layout.x[node] ?? 0) * k + x, box.y + (layout.y[node] ?? 0) * k + y);
  if (key) await page.keyboard.up(key);
}

/** The node that is nearest to a point of the layout, given in shares of its width and height. */
export async function nearest(page: Page, graph: CircuitGraph, x: number, y: number): Promise<number> {
  const { layout, size } = await picture(page, graph);
  const distance = (index: number) =>
    Math.hypot((layout.x[index] ?? 0) - x * size.width, (layout.y[index] ?? 0) - y * size.height);
  return [...graph.nodes.keys()].reduce((best, index) => (distance(index) < distance(best) ? index : best));
}

/** The badges on the picture while no node is clicked, with their places on the page. */
export async function badges(page: Page, graph: CircuitGraph): Promise<Badge[]> {
  const response = await page.request.get(`/api/v1/traces/${graph.circuit.promptId}/validation`);
  const tested = testedEdges(graph, (await response.json()) as ValidationReport);
  const { box, layout } = await picture(page, graph);
  const visible = visibleIn(graph, everything, new Set(), new Set(), null);
  return badgesOf(layout, visible, tested, -1).map(({ tested, x, y }) => ({ tested, x: box.x + x, y: box.y + y }));
}

/** Features by influence, the largest first. */
export function features(graph: CircuitGraph): number[] {
  return [...graph.nodes.keys()]
    .filter((index) => graph.nodes[index]?.kind === 'FEATURE')
    .sort((a, b) => (graph.nodes[b]?.influence ?? 0) - (graph.nodes[a]?.influence ?? 0));
}

export function node(graph: CircuitGraph, index: number | undefined): CircuitNode {
  const found = graph.nodes[index ?? -1];
  if (!found) throw new Error(`no node ${index}`);
  return found;
}

/** Problems that axe finds in the page or in a part of it, in a line each. */
export async function accessibility(page: Page, part?: string): Promise<string[]> {
  // The page has no frames, so one script does it; what passes is not described. As thorough, in less than half the time.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'], preload: false });
  // Of a long list the first dozen: more of the same takes seconds, most of all for its colours.
  for (const more of ['tr', 'li', '[data-testid="trace"]']) axe.exclude(`${more}:nth-child(n+13)`);
  const { violations } = await (part ? axe.include(part) : axe).analyze();
  return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html ?? ''}`);
}
