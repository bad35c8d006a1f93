import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { graphOf, type CircuitGraph } from '../src/circuit/graph';
import { layoutOf } from '../src/circuit/layout';
import type { Circuit, CircuitNode } from '../src/lib/types';
import { expect, finished, picture, submit, test } from './page';

const PROMPT = 'fact : the capital of the state containing dallas is';
const XSS = '<img src=x onerror="window.owned=1">\u202Etxt';

async function opened(page: Page, prompt: object = { text: PROMPT }): Promise<CircuitGraph> {
  const promptId = await submit(page, prompt);
  await finished(page, promptId);
  await page.goto(`/circuit/${promptId}`);
  await expect(page.getByTestId('link-graph')).toBeVisible();
  const response = await page.request.get(`/api/v1/traces/${promptId}/circuit`);
  return graphOf((await response.json()) as Circuit);
}

/** Where a node is on the page: what the page itself computes, from the same data and size. */
async function place(page: Page, graph: CircuitGraph, node: number): Promise<{ x: number; y: number }> {
  const box = await page.getByTestId('link-graph').boundingBox();
  if (!box) throw new Error('the link graph has no size');
  const layout = layoutOf(graph, { width: Math.round(box.width), height: Math.round(box.height) });
  return { x: box.x + (layout.x[node] ?? 0), y: box.y + (layout.y[node] ?? 0) };
}

async function click(page: Page, graph: CircuitGraph, node: number, key?: 'Control' | 'Shift'): Promise<void> {
  const { x, y } = await place(page, graph, node);
  if (key) await page.keyboard.down(key);
  await page.mouse.click(x, y);
  if (key) await page.keyboard.up(key);
}

/** Features by influence, the largest first. */
function features(graph: CircuitGraph): number[] {
  return [...graph.nodes.keys()]
    .filter((index) => graph.nodes[index]?.kind === 'FEATURE')
    .sort((a, b) => (graph.nodes[b]?.influence ?? 0) - (graph.nodes[a]?.influence ?? 0));
}

function node(graph: CircuitGraph, index: number | undefined): CircuitNode {
  const found = graph.nodes[index ?? -1];
  if (!found) throw new Error(`no node ${index}`);
  return found;
}

test('click, pin, group, rename, undo, and the same view from the shared address', async ({ page }) => {
  const graph = await opened(page);
  const [first = 0, second = 0, third = 0] = features(graph);

  await click(page, graph, first);
  await expect(page.getByTestId('node-panel')).toContainText(node(graph, first).id);
  await click(page, graph, first, 'Control');
  await click(page, graph, second, 'Control');
  await page.keyboard.press('Escape');
  await click(page, graph, third);
  await page.keyboard.press('p');
  const boxes = page.getByTestId('box');
  await expect(boxes).toHaveCount(3);
  await expect(page.getByTestId('selection-scores')).toContainText(/completeness of the selection\s*\d/);

  await click(page, graph, first, 'Shift');
  await click(page, graph, second, 'Shift');
  await page.keyboard.press('g');
  await expect(boxes).toHaveCount(2);
  const groups = page.getByRole('region', { name: 'Groups', exact: true });
  await groups.getByTitle('Rename').click();
  await groups.getByRole('textbox').fill(XSS);
  await page.keyboard.press('Enter');
  await expect(groups).toContainText('<img src=x onerror="window.owned=1">⟨U+202E⟩txt');
  expect(await page.evaluate(() => (window as unknown as Record<string, unknown>)['owned'])).toBeUndefined();
  await expect(page.getByTestId('saved')).toHaveAttribute('data-state', 'saved');
  await picture(page, 'circuit-grouped');

  await page.keyboard.press('Control+z');
  await expect(groups).not.toContainText('<img');
  await page.keyboard.press('Control+Shift+z');
  await expect(groups).toContainText('<img');

  await page.getByRole('tab', { name: 'Validation' }).click();
  await expect(page).toHaveURL(/view=validation/);
  await expect(page).toHaveURL(/supernodes=/);
  const address = page.url();
  await page.goto('about:blank');
  await page.goto(address);
  await expect(page.getByRole('tab', { name: 'Validation' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByTestId('node-panel')).toContainText(node(graph, third).id);
  await page.getByRole('tab', { name: 'Sub-graph' }).click();
  await expect(boxes).toHaveCount(2);
  await expect(groups).toContainText('<img');
});

test('what one browser pins another one sees, and it survives a reload', async ({ page, context }) => {
  const graph = await opened(page);
  const [first = 0, second = 0] = features(graph);
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.getByTestId('link-graph')).toBeVisible();
  await click(page, graph, first, 'Control');
  await expect(other.getByTestId('box')).toHaveCount(1);
  await click(other, graph, second, 'Control');
  await expect(page.getByTestId('box')).toHaveCount(2);
  await other.goto(`/circuit/${graph.circuit.promptId}`);
  await expect(other.getByTestId('box')).toHaveCount(2);
  await other.getByText(/^History:/).click();
  await expect(other.getByRole('region', { name: 'Saved annotations' }).getByRole('listitem')).toHaveCount(2);
});

test('the threshold hides nodes and says which and why', async ({ page }) => {
  await opened(page);
  await expect(page.getByTestId('hidden')).toContainText('hidden: 0 nodes, 0 edges, because');
  await page.getByTestId('threshold').fill('0.4');
  await expect(page.getByTestId('hidden')).toContainText(
    /hidden: [1-9]\d* nodes, [1-9]\d* edges, because .* score above 0.40; .* end at a hidden node/,
  );
  await expect(page).toHaveURL(/threshold=0.4/);
  await page.reload();
  await expect(page.getByTestId('hidden')).toContainText('score above 0.40');
});

test('a feature is steered: the clean and the steered answer stand side by side', async ({ page }) => {
  const graph = await opened(page);
  await click(page, graph, features(graph)[0] ?? 0);
  await page.getByTestId('node-panel').getByRole('button', { name: 'Steer' }).click();
  await page.getByTestId('factor').fill('-5');
  await page.getByTestId('run-steer').click();
  const result = page.getByTestId('steer-result');
  await expect(result).toContainText('austin', { timeout: 60_000 });
  await expect(result).toContainText('divergence');
  await expect(result.getByText('clean', { exact: true }).first()).toBeVisible();
  await expect(result.getByText('steered', { exact: true }).first()).toBeVisible();
  await picture(page, 'circuit-steered');
});

test('a badge opens what an intervention measured of its edge', async ({ page }) => {
  const graph = await opened(page);
  await expect(page.getByText(/tested edges?, \d+ with a claim/)).toBeVisible();
  const response = await page.request.get(`/api/v1/traces/${graph.circuit.promptId}/validation`);
  const report = (await response.json()) as { testedEdge: number[] };
  const edge = report.testedEdge[0] ?? -1;
  await click(page, graph, graph.source[edge] ?? -1);
  const outputs = page.getByTestId('node-panel').getByRole('region', { name: 'Outputs' });
  await outputs
    .getByRole('button', { name: /^tested:/ })
    .first()
    .click();
  const numbers = page.getByTestId('edge-numbers');
  await expect(numbers).toContainText('predicted');
  await expect(numbers).toContainText('measured, own layer');
  await expect(page).toHaveURL(/edge=/);
  await page.reload();
  await expect(numbers).toContainText('measured, all layers');
  await page.getByRole('tab', { name: 'Validation' }).click();
  await expect(page.getByTestId('verdict')).toHaveText(/supported|mixed|unsupported|untested/);
  await expect(page.getByTestId('claims').getByRole('row').nth(1)).toBeVisible();
  await picture(page, 'circuit-validation');
});

test('arrow keys walk along edges and the keys are told', async ({ page }) => {
  const graph = await opened(page);
  await page.keyboard.press('ArrowDown');
  await expect(page.getByTestId('node-panel')).toContainText('answer');
  await page.keyboard.press('ArrowDown');
  const strongest = graph.inEdge[graph.inStart[graph.nodes.length - 1] ?? 0] ?? 0;
  await expect(page.getByTestId('node-panel')).toContainText(node(graph, graph.source[strongest]).id);
  await page.keyboard.press('/');
  await page.keyboard.type('dallas');
  await expect(page.getByText(/^[1-9]\d* found$/)).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByTestId('keys')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('keys')).toBeHidden();
});

test('two circuits are compared', async ({ page }) => {
  const other = await submit(page, { text: 'fact : the capital of the state containing chicago is' });
  await finished(page, other);
  const graph = await opened(page);
  await page.goto(`/circuit/${graph.circuit.promptId}?view=compare&compare=${other}`);
  await expect(page.getByTestId('link-graph')).toHaveCount(2);
  await expect(page.getByTestId('compare')).toContainText('Ringed nodes are only in one of the two');
  await expect(page.getByTestId('compare').getByRole('cell', { name: 'only here' }).first()).toBeVisible();
  await picture(page, 'circuit-compare');
});

test('a graph made elsewhere is imported and drawn, its text only text', async ({ page }) => {
  const graph = await opened(page);
  const exported = await page.request.get(`/api/v1/traces/${graph.circuit.promptId}/neuronpedia`);
  const file = (await exported.json()) as { metadata: Record<string, unknown>; nodes: { clerp: string }[] };
  file.metadata['prompt'] = `imported ${XSS}`;
  for (const one of file.nodes.slice(0, 5)) one.clerp = XSS;
  const origin = new URL(page.url()).origin;
  const answer = await page.request.post('/api/v1/imports?name=elsewhere', { data: file, headers: { Origin: origin } });
  expect(answer.status(), await answer.text()).toBe(201);
  const { promptId } = (await answer.json()) as { promptId: string };
  await expect.poll(async () => (await page.request.get(`/api/v1/traces/${promptId}/circuit`)).status()).toBe(200);
  await page.goto(`/circuit/${promptId}?view=nodes`);
  await page.getByRole('searchbox', { name: 'filter the list' }).fill('owned');
  await expect(page.getByTestId('node-list')).toContainText('<img src=x onerror="window.owned=1">⟨U+202E⟩txt');
  expect(await page.evaluate(() => (window as unknown as Record<string, unknown>)['owned'])).toBeUndefined();
});

/** Problems that axe finds, in a line each. */
async function accessibility(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html ?? ''}`);
}

test('every panel is accessible', async ({ page }) => {
  const graph = await opened(page);
  const [first = 0, second = 0] = features(graph);
  const ids = [node(graph, first).id, node(graph, second).id];
  await page.goto(`/circuit/${graph.circuit.promptId}?clicked=${ids[0]}&pins=${ids.join(',')}`);
  for (const panel of await page.getByRole('tab').all()) {
    await panel.click();
    await expect(page.getByRole('tabpanel')).toBeVisible();
    expect(await accessibility(page), (await panel.textContent()) ?? '').toEqual([]);
  }
});

for (const theme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    test(`fits ${width} px, ${theme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height: 860 });
      const graph = await opened(page);
      const ids = features(graph)
        .slice(0, 6)
        .map((index) => node(graph, index).id);
      await page.goto(`/circuit/${graph.circuit.promptId}?clicked=${ids[0]}&pins=${ids.join(',')}`);
      await expect(page.getByTestId('box')).toHaveCount(6);
      const overflow = await page.evaluate(() => {
        const main = document.getElementById('main') ?? document.body;
        return main.scrollWidth - main.clientWidth;
      });
      expect(overflow, 'nothing is wider than the page').toBeLessThanOrEqual(0);
      expect(await accessibility(page)).toEqual([]);
      await picture(page, `circuit-${width}-${theme}`);
    });
  }
}
