import { expect, picture, test } from './page';
import { axis } from '../src/features/scale';
import type { FeatureScatter } from '../src/lib/types';

test.beforeAll(async ({ browser, traces }) => {
  const page = await browser.newPage();
  await traces.shared();
  // Descriptions come after the circuits, from another service.
  await expect
    .poll(
      async () => {
        const scan = await scanOf(page);
        const response = await page.request.get(`/api/v1/features?scan=${scan}&limit=1`);
        return response.ok() ? ((await response.json()) as { total: number }).total : 0;
      },
      { timeout: 60_000 },
    )
    .toBeGreaterThan(0);
  await page.close();
});

async function scanOf(page: import('@playwright/test').Page): Promise<string> {
  const config = (await (await page.request.get('/api/v1/config')).json()) as { models: { scan: string }[] };
  return config.models[0]?.scan ?? '';
}

test('features are listed, ordered and searched, and a dot of the scatter opens one', async ({ page }) => {
  // What the page drew last: dots move when a description arrives.
  let drawn: FeatureScatter | null = null;
  page.on('response', (response) => {
    if (!response.url().includes('/features/scatter') || !response.ok()) return;
    void response.json().then((body: FeatureScatter) => (drawn = body));
  });
  await page.goto('/features');
  const rows = page.getByRole('table').getByRole('row');
  await expect(rows.nth(1)).toBeVisible();
  await page.getByLabel('Order').selectOption('density');
  await expect(page).toHaveURL(/sort=density/);
  await expect(rows.nth(1)).toContainText('%');
  await page.getByLabel('Search', { exact: true }).fill('no feature is called this');
  await expect(page.getByText('No feature matches.')).toBeVisible();

  const canvas = page.locator('canvas');
  await expect(async () => {
    const dots = drawn as FeatureScatter | null;
    if (!dots) throw new Error('no dots yet');
    await canvas.scrollIntoViewIfNeeded();
    const box = await canvas.boundingBox();
    if (!box) throw new Error('the scatter has no place');
    // As Scatter.svelte places them.
    const x = axis(dots.density, 60, box.width - 12, 32).at(dots.density[0] ?? 0);
    const y = axis(dots.influence, 292, 12, 32).at(dots.influence[0] ?? 0);
    await page.mouse.move(box.x + x, box.y + y);
    await expect(page.getByText('click to open')).toBeVisible({ timeout: 1_000 });
    await page.mouse.click(box.x + x, box.y + y);
    await expect(page).toHaveURL(/\/features\/[0-9a-f]+\/\d+\/\d+/, { timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
});

test('a feature’s page says all of it, and a label that one person gives another sees at once', async ({
  page,
  context,
}) => {
  // By density, because that comes with the description.
  await page.goto('/features?sort=density');
  await page.getByRole('table').getByRole('link').first().click();
  await expect(page.getByRole('region', { name: 'Activations' }).getByRole('img')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Promoted tokens' }).getByRole('listitem').first()).toBeVisible();
  await expect(page.getByRole('region', { name: 'Contexts' }).locator('.active').first()).toBeVisible();
  await expect(page.getByRole('region', { name: 'Traces' }).getByRole('link').first()).toBeVisible();
  await picture(page, 'feature');

  const label = `called <b>so</b> ${Date.now()}`;
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.getByTestId('connection')).toHaveText(/live/);
  await page.getByRole('button', { name: 'Edit label' }).click();
  await page.getByLabel('Label', { exact: true }).fill(label);
  await page.getByLabel('Your name (optional)').fill('tester');
  await page.getByRole('button', { name: 'Save label' }).click();
  await expect(page.getByRole('heading', { level: 2 }).first()).toContainText(label);
  await expect(other.getByRole('heading', { level: 2 }).first()).toContainText(label);
  await page.reload();
  await expect(page.getByRole('heading', { level: 2 }).first()).toContainText(label);
  await expect(page.getByText('by a person')).toBeVisible();
});
