import type { Circuit } from '../src/lib/types';
import { accessibility } from './circuit';
import { expectToFit } from './looks';
import { expect, picture, test } from './page';

let promptId = '';
let feature = '';

test.beforeAll(async ({ browser, traces }) => {
  const page = await browser.newPage();
  promptId = await traces.shared();
  const trace = (await (await page.request.get(`/api/v1/traces/${promptId}/circuit`)).json()) as Circuit;
  const node = trace.nodes.find(({ kind }) => kind === 'FEATURE');
  feature = `/features/${trace.provenance.scan}/${node?.layer}/${node?.feature}`;
  await page.close();
});

const SCREENS: [name: string, path: () => string, ready: RegExp][] = [
  ['live', () => '/live', /\d\s+traces?/],
  ['circuit', () => `/circuit/${promptId}`, /./],
  ['features', () => '/features', /\d+ features/],
  ['feature', () => feature, /Mattered in/],
  ['audit', () => '/audit', /Mean weight/],
  ['training', () => '/training', /Sparsity against fidelity/],
  ['operations', () => '/operations', /inference/],
  ['missing', () => '/no-such-page', /There is no such page/],
];

for (const [name, path, ready] of SCREENS) {
  test(`${name} is accessible and fits, wide and narrow, light and dark`, async ({ page }) => {
    await page.goto(path());
    await expect(page.locator('#main')).toContainText(ready);
    await expect(page.locator('#main').getByText(/^Loading/)).toHaveCount(0);
    await expectToFit(page, name);
  });
}

test('the settings are accessible when they are open', async ({ page }) => {
  await page.goto('/live');
  await page.getByText('Settings', { exact: true }).click();
  await page.getByLabel('Epsilon').focus();
  await expect(page.getByText('Bounded: share of the targets')).toBeVisible();
  await picture(page, 'settings');
  expect(await accessibility(page)).toEqual([]);
});

test('the screens are reached and left with the keyboard and the back button, in the theme chosen', async ({
  page,
}) => {
  await page.goto('/live');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.getByRole('link', { name: 'Audit' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Audit' })).toBeVisible();
  await expect(page).toHaveTitle('Audit · Circuitstream');
  await page.getByLabel('Theme').selectOption('dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByLabel('Theme')).toHaveValue('dark');
  await page.goBack();
  await expect(page).toHaveTitle('Live · Circuitstream');
});
