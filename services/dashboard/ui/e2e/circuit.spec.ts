import type { Circuit } from '../src/lib/types';
import { accessibility, badges, circuitOf, click, features, nearest, node, opened, XSS } from './circuit';
import { expectToFit } from './looks';
import { expect, picture, submit, test } from './page';

test('click, pin, group, rename, undo, and the same view from the shared address', async ({ page, traces }) => {
  const graph = await opened(page, await traces.own());
  const [first = 0, second = 0, third = 0] = features(graph);

  await click(page, graph, first);
  await expect(page.getByTestId('node-panel')).toContainText(node(graph, first).id);
  await click(page, graph, first, { key: 'Control' });
  await click(page, graph, second, { key: 'Control' });
  await page.keyboard.press('Escape');
  await click(page, graph, third);
  await page.keyboard.press('p');
  const boxes = page.getByTestId('box');
  await expect(boxes).toHaveCount(3);
  await expect(page.getByTestId('selection-scores')).toContainText(/completeness of the selection\s*\d/);

  await click(page, graph, first, { key: 'Shift' });
  await click(page, graph, second, { key: 'Shift' });
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

test('what one browser pins another one sees, and it survives a reload', async ({ page, context, traces }) => {
  const graph = await opened(page, await traces.own());
  const [first = 0, second = 0] = features(graph);
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.getByTestId('link-graph')).toBeVisible();
  await click(page, graph, first, { key: 'Control' });
  await expect(other.getByTestId('box')).toHaveCount(1);
  await click(other, graph, second, { key: 'Control' });
  await expect(page.getByTestId('box')).toHaveCount(2);
  await other.goto(`/circuit/${graph.circuit.promptId}`);
  await expect(other.getByTestId('box')).toHaveCount(2);
  await other.getByText(/^History:/).click();
  await expect(other.getByRole('region', { name: 'Saved annotations' }).getByRole('listitem')).toHaveCount(2);
});

test('of two browsers that change the same revision the second is refused, and both changes are kept', async ({
  page,
  browser,
  baseURL,
  traces,
}) => {
  const graph = await opened(page, await traces.own());
  const [first = 0, second = 0] = features(graph);
  const elsewhere = await browser.newContext({ baseURL: baseURL ?? '' });
  const other = await elsewhere.newPage();
  await opened(other, graph.circuit.promptId);
  await expect(other.getByTestId('saved')).toHaveAttribute('data-state', 'saved');

  // The other browser's change is on its way while this one's is taken.
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await other.route('**/annotations', async (route) => {
    if (route.request().method() === 'PUT') await held;
    await route.continue();
  });
  const change = (response: { request(): { method(): string }; url(): string }) =>
    response.request().method() === 'PUT' && response.url().endsWith('/annotations');
  const sent = other.waitForRequest((request) => request.method() === 'PUT');
  await click(other, graph, second, { key: 'Control' });
  expect((await sent).postDataJSON()).toMatchObject({ baseRevision: 0 });
  const taken = page.waitForResponse(change);
  await click(page, graph, first, { key: 'Control' });
  expect((await taken).status()).toBe(200);
  const refused = other.waitForResponse(change);
  release();
  expect((await refused).status()).toBe(409);

  for (const one of [page, other]) {
    await expect(one.getByTestId('box')).toHaveCount(2);
    await expect(one.getByTestId('saved')).toHaveAttribute('data-state', 'saved');
  }
  const saved = await page.request.get(`/api/v1/traces/${graph.circuit.promptId}/annotations`);
  const { revision, pins } = (await saved.json()) as { revision: number; pins: string[] };
  expect(revision).toBe(2);
  expect([...pins].sort()).toEqual([first, second].map((index) => node(graph, index).id).sort());
  await elsewhere.close();
});

test('the threshold hides nodes and says which and why', async ({ page, traces }) => {
  await opened(page, await traces.shared());
  await expect(page.getByTestId('hidden')).toContainText('hidden: 0 nodes, 0 edges, because');
  await page.getByTestId('threshold').fill('0.4');
  await expect(page.getByTestId('hidden')).toContainText(
    /hidden: [1-9]\d* nodes, [1-9]\d* edges, because .* score above 0.40; .* end at a hidden node/,
  );
  await expect(page).toHaveURL(/threshold=0.4/);
  await page.reload();
  await expect(page.getByTestId('hidden')).toContainText('score above 0.40');
});

test('a feature is steered, where it is or at a range: both answers stand side by side', async ({ page, traces }) => {
  const graph = await opened(page, await traces.shared());
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

  await page.getByRole('button', { name: 'Ablate' }).click();
  await page.getByTestId('reach').selectOption('range');
  const from = page.getByTestId('from');
  const to = page.getByTestId('to');
  const dallas = graph.circuit.tokens.indexOf('dallas');
  expect(dallas).toBeGreaterThan(0);
  await from.selectOption({ label: `${dallas} · dallas` });
  await expect(to.getByRole('option')).toHaveCount(graph.circuit.tokens.length - dallas + 1);
  await to.selectOption({ label: `${dallas + 1} · is` });
  const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/steerings'));
  await page.getByTestId('run-steer').click();
  const { interventions } = (await sent).postDataJSON() as { interventions: { from: number; to: number }[] };
  expect(interventions).toMatchObject([{ from: dallas, to: dallas + 2 }]);
  await expect(result).toContainText('× 0', { timeout: 60_000 });
  await picture(page, 'circuit-steer-range');
});

test('what is zoomed and moved to comes back from the shared address', async ({ page, traces }) => {
  const promptId = await traces.shared();
  const graph = await opened(page, promptId);
  const box = await page.getByTestId('link-graph').boundingBox();
  if (!box) throw new Error('the link graph has no size');
  await page.mouse.move(box.x + box.width * 0.7, box.y + box.height * 0.6);
  await page.mouse.wheel(0, -400);
  await expect(page).toHaveURL(/zoom=/);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.5, { steps: 3 });
  const before = page.url();
  await page.mouse.up();
  await expect(page).not.toHaveURL(before);
  const address = page.url();
  const [k = 0, x = 0, y = 0] = new URL(address).searchParams.get('zoom')?.split(',').map(Number) ?? [];
  expect(k).toBeGreaterThan(1);

  await page.goto('about:blank');
  await page.setViewportSize({ width: 1000, height: 800 });
  await page.goto(address);
  await expect(page.getByTestId('link-graph')).toBeVisible();
  // The node nearest to the middle of what was seen is in the middle of what is seen.
  const middle = await nearest(page, graph, x, y);
  await click(page, graph, middle, { zoom: [k, x, y] });
  await expect(page.getByTestId('node-panel')).toContainText(node(graph, middle).id);
  await page.getByRole('button', { name: 'Fit' }).click();
  await expect(page).not.toHaveURL(/zoom=/);
});

test('the newest traces arrive beside an open circuit and lead to theirs', async ({ page, traces }) => {
  const promptId = await traces.shared();
  await opened(page, promptId);
  await page.evaluate(() => ((window as unknown as Record<string, unknown>)['sameDocument'] = true));
  const list = page.getByTestId('switcher');
  await expect(list.locator(`[data-prompt-id="${promptId}"] a`)).toHaveAttribute('aria-current', 'page');
  const text = 'le contraire de petit est';
  const arriving = await submit(page, { text });
  const arrived = list.locator(`[data-prompt-id="${arriving}"]`);
  await expect(arrived).toContainText(text);
  await expect(arrived).toContainText(/supported|mixed|unsupported|untested/, { timeout: 60_000 });
  const order = await list.getByRole('listitem').evaluateAll((items) => items.map((item) => item.dataset['promptId']));
  expect(order.indexOf(arriving), 'newest first').toBeLessThan(order.indexOf(promptId));
  await expect(page).toHaveURL(new RegExp(promptId));

  await page.getByRole('button', { name: 'Recent traces' }).focus();
  await page.keyboard.press('Tab');
  await expect(list.locator('a:focus')).toHaveCount(1);
  await arrived.getByRole('link').focus();
  await page.keyboard.press('ArrowRight');
  await expect(arrived.locator('xpath=following-sibling::li[1]').getByRole('link')).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(arrived.getByRole('link')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(arriving));
  await expect(page.getByRole('heading', { level: 1 })).toContainText(text);
  const { nodes } = (await (await page.request.get(`/api/v1/traces/${arriving}/circuit`)).json()) as Circuit;
  await expect(page.getByLabel(`Link graph: ${nodes.length} nodes`)).toBeVisible();
  await expect(arrived.getByRole('link')).toBeFocused();
  await expect(arrived.getByRole('link')).toHaveAttribute('aria-current', 'page');
  expect(await page.evaluate(() => (window as unknown as Record<string, unknown>)['sameDocument'])).toBe(true);
});

test('a badge opens what an intervention measured of its edge, on the picture and in the list', async ({
  page,
  traces,
}) => {
  const graph = await opened(page, await traces.shared());
  await expect(page.getByText(/tested edges?, \d+ with a claim/)).toBeVisible();
  const [badge] = await badges(page, graph);
  if (!badge) throw new Error('no edge has a badge');
  await page.mouse.move(badge.x, badge.y);
  await page.mouse.click(badge.x, badge.y);
  const numbers = page.getByTestId('edge-numbers');
  await expect(numbers).toContainText('predicted');
  await expect(numbers).toContainText('measured, own layer');
  const ids = [badge.tested.source, badge.tested.target].map((index) => node(graph, index).id);
  await expect(page).toHaveURL((url) => url.searchParams.get('edge') === ids.join(','));
  await expect(page.getByTestId('node-panel')).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(numbers).toBeHidden();

  const response = await page.request.get(`/api/v1/traces/${graph.circuit.promptId}/validation`);
  const report = (await response.json()) as { testedEdge: number[] };
  const edge = report.testedEdge[0] ?? -1;
  await click(page, graph, graph.source[edge] ?? -1);
  const outputs = page.getByTestId('node-panel').getByRole('region', { name: 'Outputs' });
  await outputs
    .getByRole('button', { name: /^tested:/ })
    .first()
    .click();
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

test('arrow keys walk along edges and the keys are told', async ({ page, traces }) => {
  const graph = await opened(page, await traces.shared());
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

test('two circuits are compared', async ({ page, traces }) => {
  await page.goto(`/circuit/${await traces.shared()}?view=compare&compare=${await traces.other()}`);
  await expect(page.getByTestId('link-graph')).toHaveCount(2);
  await expect(page.getByTestId('compare')).toContainText('Ringed nodes are only in one of the two');
  await expect(page.getByTestId('compare').getByRole('cell', { name: 'only here' }).first()).toBeVisible();
  await picture(page, 'circuit-compare');
});

test('a graph made elsewhere is imported and drawn, its text only text', async ({ page, traces, baseURL }) => {
  const exported = await page.request.get(`/api/v1/traces/${await traces.shared()}/neuronpedia`);
  const file = (await exported.json()) as { metadata: Record<string, unknown>; nodes: { clerp: string }[] };
  file.metadata['prompt'] = `imported ${XSS}`;
  for (const one of file.nodes.slice(0, 5)) one.clerp = XSS;
  const headers = { Origin: new URL(baseURL ?? '').origin };
  const answer = await page.request.post('/api/v1/imports?name=elsewhere', { data: file, headers });
  expect(answer.status(), await answer.text()).toBe(201);
  const { promptId } = (await answer.json()) as { promptId: string };
  await expect.poll(async () => (await page.request.get(`/api/v1/traces/${promptId}/circuit`)).status()).toBe(200);
  await page.goto(`/circuit/${promptId}?view=nodes`);
  await page.getByRole('searchbox', { name: 'filter the list' }).fill('owned');
  await expect(page.getByTestId('node-list')).toContainText('<img src=x onerror="window.owned=1">⟨U+202E⟩txt');
  expect(await page.evaluate(() => (window as unknown as Record<string, unknown>)['owned'])).toBeUndefined();
});

test('every panel is accessible', async ({ page, traces }) => {
  const promptId = await traces.shared();
  const graph = await opened(page, promptId);
  await click(page, graph, features(graph)[0] ?? 0);
  for (const panel of await page.getByRole('tab').all()) {
    await panel.click();
    await expect(page.getByRole('tabpanel')).toBeVisible();
    expect(await accessibility(page, '.panels'), (await panel.textContent()) ?? '').toEqual([]);
  }
});

test('fits wide and narrow, light and dark', async ({ page, traces }) => {
  const promptId = await traces.shared();
  const graph = await circuitOf(page, promptId);
  const ids = features(graph)
    .slice(0, 6)
    .map((index) => node(graph, index).id);
  await page.goto(`/circuit/${promptId}?clicked=${ids[0]}&pins=${ids.join(',')}`);
  await expect(page.getByTestId('box')).toHaveCount(6);
  await expectToFit(page, 'circuit-pinned');
});
