import { expect, row, test } from './page';

const control = process.env['CONTROL_URL'] ?? '';

test('a server that is killed comes back, and the open page has missed nothing', async ({ page, allowed }) => {
  test.skip(control === '', 'only whoever started the server can kill it');
  allowed.push(/net::ERR_/);
  await page.goto('/live');
  await expect(page.getByTestId('connection')).toHaveText(/live/);
  await page.evaluate(() => ((window as unknown as Record<string, unknown>)['sameDocument'] = true));

  expect((await page.request.post(`${control}/kill`)).ok()).toBe(true);
  await expect(page.getByTestId('connection')).toContainText('retrying');
  const unique = `fact : the capital of utah is ${Date.now()}`;
  expect((await page.request.post(`${control}/trace`, { data: unique, timeout: 60_000 })).ok()).toBe(true);
  expect((await page.request.post(`${control}/start`, { timeout: 60_000 })).ok()).toBe(true);

  await expect(row(page, unique)).toHaveAttribute('data-state', 'COMPLETED', { timeout: 30_000 });
  await expect(page.getByTestId('connection')).toHaveText(/live/);
  expect(await page.evaluate(() => (window as unknown as Record<string, unknown>)['sameDocument'])).toBe(true);
});
