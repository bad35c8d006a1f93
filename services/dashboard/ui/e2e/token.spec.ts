import { expect, test } from './page';

const locked = process.env['LOCKED_URL'] ?? '';
const token = process.env['LOCKED_TOKEN'] ?? '';

test('a server with a token is asked for it, once for everything, and then works', async ({ page, allowed }) => {
  test.skip(locked === '', 'no server with a token was started');
  allowed.push(/status of 401/);
  // As of a server that has no other way.
  await page.route('**/api/v1/access', (route) => route.fulfill({ json: { kinds: ['token'], oidc: null } }));
  expect((await page.request.get(`${locked}/api/v1/config`)).status()).toBe(401);
  await page.goto(`${locked}/live`);
  const dialog = page.getByRole('dialog', { name: 'This server needs a token' });
  await expect(dialog).toBeVisible();
  await expect(page.getByTestId('trace')).toHaveCount(0);

  await dialog.getByLabel('Token').fill(`${token}-not`);
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog.getByLabel('Token')).toHaveValue('');
  await expect(dialog).toBeVisible();

  await dialog.getByLabel('Token').fill(token);
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByTestId('connection')).toHaveText(/live/);
  await expect(page.getByTestId('trace').first()).toBeVisible();
  expect(await page.evaluate(() => localStorage.length)).toBe(0);

  await page.reload();
  await expect(page.getByTestId('trace').first()).toBeVisible();
  await expect(dialog).toBeHidden();
  await page.getByTestId('trace').first().getByRole('link').click();
  await expect(page).toHaveURL(/\/circuit\//);
  await expect(page.getByTestId('link-graph')).toBeVisible();
});
