import { expect, picture, test } from './page';

declare global {
  interface Window {
    /** Where the pointer was when a dot of the scatter was under it. */
    dot?: [number, number];
  }
}

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

test('features are listed, ordered and searched', async ({ page }) => {
  await page.goto('/features');
  const rows = page.getByRole('table').getByRole('row');
  await expect(rows.nth(1)).toBeVisible();
  await page.getByLabel('Order').selectOption('density');
  await expect(page).toHaveURL(/sort=density/);
  await expect(rows.nth(1)).toContainText('%');
  await page.getByLabel('Search', { exact: true }).fill('no feature is called this');
  await expect(page.getByText('No feature matches.')).toBeVisible();
});

test('a dot of the scatter opens its feature', async ({ page }) => {
  await page.goto('/features');
  const canvas = page.locator('canvas');
  await expect(canvas).toBeVisible();
  // Somewhere on the picture there is a dot: the page itself notes where, so that a sweep needs no question at every step.
  await page.evaluate(() => {
    let last: [number, number] = [0, 0];
    window.addEventListener('pointermove', ({ clientX, clientY }) => (last = [clientX, clientY]), true);
    new MutationObserver(() => {
      if (!window.dot && document.body.textContent.includes('click to open')) window.dot = last;
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  const dot = () => page.evaluate(() => window.dot);
  // Dots move when a description arrives, and the picture when something above it does: then it is looked for again.
  await expect(async () => {
    await canvas.scrollIntoViewIfNeeded();
    const box = await canvas.boundingBox();
    if (!box) throw new Error('the scatter has no place');
    await page.evaluate(() => delete window.dot);
    await page.mouse.move(box.x, box.y);
    for (let x = 60; x < box.width && !(await dot()); x += 20) {
      await page.mouse.move(box.x + x, box.y + 20);
      await page.mouse.move(box.x + x, box.y + box.height - 40, { steps: Math.ceil(box.height / 20) });
    }
    const [x, y] = (await dot()) ?? [0, 0];
    await page.mouse.move(x, y);
    await page.mouse.click(x, y);
    await expect(page).toHaveURL(/\/features\/[0-9a-f]+\/\d+\/\d+/, { timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
});

test('a feature’s page says where it is active and what it promotes', async ({ page }) => {
  // By density, because that comes with the description.
  await page.goto('/features?sort=density');
  await page.getByRole('table').getByRole('link').first().click();
  await expect(page.getByRole('region', { name: 'Activations' }).getByRole('img')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Promoted tokens' }).getByRole('listitem').first()).toBeVisible();
  await expect(page.getByRole('region', { name: 'Contexts' }).locator('.active').first()).toBeVisible();
  await expect(page.getByRole('region', { name: 'Traces' }).getByRole('link').first()).toBeVisible();
  await picture(page, 'feature');
});

test('a label that one person gives, another sees at once', async ({ page, context }) => {
  const label = `called <b>so</b> ${Date.now()}`;
  await page.goto('/features?sort=density');
  await page.getByRole('table').getByRole('link').first().click();
  await expect(page.getByRole('button', { name: 'Edit label' })).toBeVisible();
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
