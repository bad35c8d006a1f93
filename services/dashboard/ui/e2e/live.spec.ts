import { Line } from './line';
import { expect, finished, picture, PROMPT, row, submit, test } from './page';

test('a prompt is previewed, sent, followed and arrives without a reload', async ({ page }) => {
  const unique = `run-${Date.now()}`;
  await page.goto('/live');
  await expect(page.getByTestId('connection')).toHaveText(/live/);
  await page.getByText('Settings', { exact: true }).click();
  await page.getByLabel('Tags').fill(unique);
  await page.getByLabel('Prompt', { exact: true }).fill(PROMPT);

  const preview = page.getByTestId('token-preview');
  await expect(preview.getByRole('listitem').filter({ hasText: 'dallas' })).toBeVisible();
  await expect(preview).toContainText('11 tokens');

  await page.evaluate(() => ((window as unknown as Record<string, unknown>)['sameDocument'] = true));
  await page.getByRole('button', { name: 'Trace', exact: true }).click();
  await expect(page.getByRole('link', { name: 'Open its circuit' })).toBeVisible();

  const trace = row(page, unique);
  await expect(trace).toBeVisible();
  await expect(trace).toHaveAttribute('data-state', 'COMPLETED', { timeout: 60_000 });
  await expect(trace).toContainText('austin');
  await expect(trace).toContainText(/supported|mixed|unsupported/);
  await expect(trace).toContainText(/nodes · .* edges/);
  await picture(page, 'live-arrived');

  await page.getByRole('link', { name: 'Open its circuit' }).click();
  await expect(page).toHaveURL(/\/circuit\//);
  expect(await page.evaluate(() => (window as unknown as Record<string, unknown>)['sameDocument'])).toBe(true);
});

test('progress of a running prompt is shown with its stage', async ({ page }) => {
  await page.goto('/live');
  await expect(page.getByTestId('connection')).toHaveText(/live/);
  const unique = `progress-${Date.now()}`;
  // Several, so that the last of them has to wait long enough to be seen.
  const ids = [];
  for (let i = 0; i < 3; i++) ids.push(await submit(page, { text: PROMPT, tags: [unique] }));
  const running = page.getByTestId('trace').filter({ hasText: unique }).getByRole('progressbar').first();
  await expect(running).toBeVisible();
  await expect(running).toHaveAttribute('aria-label', /Progress of (inference|attribution|pruning|validation)/);
  for (const id of ids) await finished(page, id);
  await expect(page.getByTestId('trace').filter({ hasText: unique }).getByRole('progressbar')).toHaveCount(0);
});

test('words that the model does not know are pointed out, and what it refuses is said at the prompt', async ({
  page,
}) => {
  await page.goto('/live');
  await page.getByLabel('Prompt', { exact: true }).fill('the capital of qwertyuiop is');
  const preview = page.getByTestId('token-preview');
  await expect(preview.getByRole('listitem').filter({ hasText: 'qwertyuiop' })).toContainText('unknown');
  await expect(preview).toContainText(/unknown word 'qwertyuiop'|not in the model’s vocabulary/);

  await page.getByText('Settings', { exact: true }).click();
  await page.getByLabel('Differences').fill('austin');
  await page.getByLabel('Prompt', { exact: true }).fill(PROMPT);
  await page.getByRole('button', { name: 'Trace', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('“austin” is no difference');
});

test('a prompt that fails shows the reason', async ({ page }) => {
  await page.goto('/live');
  const unique = `fails-${Date.now()}`;
  await submit(page, { text: PROMPT, tags: [unique], attribution: { targetTokens: ['notaword'] } });
  const failed = row(page, 'notaword');
  await expect(failed).toHaveAttribute('data-state', 'FAILED', { timeout: 60_000 });
  await expect(failed).toContainText("target 'notaword' is not exactly one token of the model");
  await picture(page, 'live-failed');
});

test('hostile text is shown as text', async ({ page }) => {
  const hostile = `<img src=x onerror="document.title='owned'"> \u202Etxt.exe ${Date.now()}`;
  await page.goto('/live');
  await submit(page, { text: hostile, tags: ['<b>tag</b>'], tenant: 'te<i>nant' });
  const trace = row(page, '⟨U+202E⟩txt.exe');
  await expect(trace).toContainText('<img src=x onerror=');
  await expect(trace).toContainText('<b>tag</b>');
  expect(await trace.locator('img, b, i').count()).toBe(0);
  expect(await page.title()).toBe('Live · Circuitstream');
});

test('filters narrow the list and live in the address', async ({ page }) => {
  const unique = `filter-${Date.now()}`;
  await page.goto('/live');
  await submit(page, { text: PROMPT, tags: [unique], tenant: 'acme' });
  await expect(row(page, unique)).toBeVisible();
  await page.getByRole('combobox', { name: 'Tenant' }).selectOption('acme');
  await page.getByRole('combobox', { name: 'Tag' }).selectOption(unique);
  await expect(page.getByTestId('trace')).toHaveCount(1);
  await expect(page).toHaveURL(/tenant=acme/);
  await page.reload();
  await expect(page.getByTestId('trace')).toHaveCount(1);
  await page.getByLabel('Text', { exact: true }).fill('no prompt has this');
  await expect(page.getByText('No trace matches the filter.')).toBeVisible();
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(row(page, unique)).toBeVisible();
});

test('what happens while the connection is lost is there when it is back', async ({
  page,
  allowed,
  baseURL,
  traces,
}) => {
  await traces.shared();
  const line = await Line.to(baseURL);
  await page.goto(`${line.address}/live`);
  await expect(page.getByTestId('connection')).toHaveText(/live/);

  await expect(page.getByTestId('trace').first()).toBeVisible();
  await expect(page.getByText(/^Loading/)).toHaveCount(0);
  allowed.push(/net::ERR_/);
  await line.cut();
  await expect(page.getByRole('alert')).toContainText('Disconnected');
  await expect(page.getByTestId('connection')).toContainText('retrying');
  await picture(page, 'live-disconnected');
  const unique = `meanwhile-${Date.now()}`;
  await finished(page, await submit(page, { text: PROMPT, tags: [unique] }));
  expect(await row(page, unique).count()).toBe(0);
  await page.getByRole('combobox', { name: 'State' }).selectOption('COMPLETED');
  await expect(page.getByText('Could not load the traces.')).toBeVisible();

  await line.mend();
  await expect(row(page, unique)).toHaveAttribute('data-state', 'COMPLETED', { timeout: 30_000 });
  await expect(page.getByTestId('connection')).toHaveText(/live/);
  await expect(page.getByText('Could not load the traces.')).toBeHidden();
  await line.cut();
});

test('a graph made elsewhere is imported, chosen or dropped, and what is none refused', async ({
  page,
  allowed,
  traces,
}) => {
  allowed.push(/status of 4\d\d/);
  await page.goto('/live');
  await page.getByLabel('Graph files').setInputFiles({
    name: 'broken <b>.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"metadata": 7'),
  });
  await expect(page.getByRole('alert')).toContainText('broken <b>.json was not imported');

  const promptId = await traces.shared();
  const graph = await page.request.get(`/api/v1/traces/${promptId}/neuronpedia`);
  expect(graph.ok()).toBe(true);
  const text = await graph.text();
  await page
    .getByLabel('Graph files')
    .setInputFiles({ name: 'chosen.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await expect(page.getByRole('status').filter({ hasText: 'chosen.json is imported' })).toBeVisible();

  const transfer = await page.evaluateHandle((content) => {
    const data = new DataTransfer();
    data.items.add(new File([content], 'dropped.json', { type: 'application/json' }));
    return data;
  }, text);
  await page.dispatchEvent('#main', 'dragenter', { dataTransfer: transfer });
  await expect(page.getByText('Drop graph files to import them')).toBeVisible();
  await page.dispatchEvent('#main', 'drop', { dataTransfer: transfer });
  await expect(page.getByRole('status').filter({ hasText: 'dropped.json is imported' })).toBeVisible();
  await expect(page.getByText('Drop graph files to import them')).toBeHidden();
  await expect(row(page, 'imported')).toBeVisible();
  await page.getByRole('status').getByRole('link', { name: 'Open its circuit' }).first().click();
  await expect(page).toHaveURL(/\/circuit\//);
});

test('thousands of rows scroll with only those in sight in the page', async ({ page }) => {
  const template = {
    promptId: '',
    text: 'a prompt of thousands',
    tokens: null,
    model: 'tiny',
    modelHash: 'h',
    scan: 's',
    tenant: 'default',
    tags: ['many'],
    submittedAt: 0,
    updatedAt: 0,
    stage: 'validation',
    state: 'COMPLETED',
    message: null,
    topLogits: [{ token: 'x', probability: 0.5 }],
    activeFeatures: 1,
    nodes: 1,
    edges: 1,
    replacementScore: 0.5,
    completenessScore: 0.5,
    circuitReplacementScore: 0.5,
    circuitCompletenessScore: 0.5,
    skippedInfluenceBound: 0,
    sameTopToken: true,
    confirmed: 1,
    refuted: 0,
    inconclusive: 0,
    verdict: 'MIXED',
    stageMs: { inference: 1, attribution: 1, pruning: 1, validation: 1 },
    imported: false,
  };
  const traces = Array.from({ length: 5000 }, (_, i) => ({
    ...template,
    promptId: `many-${String(i).padStart(5, '0')}`,
    text: `prompt number ${i}`,
    submittedAt: 1e12 - i,
  }));
  await page.route('**/api/v1/traces?*', (route) => route.fulfill({ json: { traces, next: null } }));
  // With a filter, so that what other tests send does not arrive here.
  await page.goto('/live?tag=many');
  await expect(page.getByText('5,000 traces')).toBeVisible();
  expect(await page.getByTestId('trace').count()).toBeLessThan(60);
  const frames = await page.evaluate(async () => {
    const main = document.getElementById('main');
    if (!main) throw new Error('no main');
    const times: number[] = [];
    for (let i = 0; i < 60; i++) {
      main.scrollBy(0, 900);
      times.push(await new Promise<number>((resolve) => requestAnimationFrame(resolve)));
    }
    return times;
  });
  const median = frames
    .slice(1)
    .map((time, i) => time - (frames[i] ?? 0))
    .sort((a, b) => a - b)[30];
  process.stdout.write(`scrolling 5,000 rows: median frame ${median?.toFixed(1)} ms\n`);
  await page.evaluate(() => document.getElementById('main')?.scrollTo(0, 1e9));
  await expect(row(page, 'prompt number 4999')).toBeVisible();
  expect(await page.getByTestId('trace').count()).toBeLessThan(60);

  // Up again, and then something arrives on top: what is read stays where it is.
  await page.evaluate(() => document.getElementById('main')?.scrollBy(0, -59_400));
  const place = async () => {
    const read = page.getByTestId('trace').filter({ hasText: /prompt number 4000\b/ });
    return (await read.boundingBox())?.y;
  };
  const before = await place();
  expect(before).toBeDefined();
  await submit(page, { text: PROMPT, tags: ['many'] });
  await expect(page.getByText('5,001 traces')).toBeVisible();
  await expect.poll(place).toBe(before);
});
