import type { Page } from '@playwright/test';
import { accessibility, circuitOf, click, features } from './circuit';
import { expectToFit } from './looks';
import { expect, picture, PROMPT, row, submit, test } from './page';

const locked = process.env['LOCKED_URL'] ?? '';
const issuer = process.env['ISSUER_URL'] ?? '';
const control = process.env['CONTROL_URL'] ?? '';

test.skip(locked === '' || issuer === '', 'no server with an issuer was started');

/** Signs in with the issuer, whose page has its people as links, and comes back to the address. */
async function signIn(page: Page, person: 'viewer' | 'operator' | 'admin'): Promise<void> {
  const address = page.url();
  await page.getByRole('dialog', { name: 'Sign in' }).getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: person }).click();
  await expect(page).toHaveURL(address);
  await expect(page.getByTestId('account')).toContainText(person);
}

test.beforeEach(({ allowed }) => void allowed.push(/status of 401/));

test('a viewer signs in, changes nothing, and is signed in again where they were', async ({ page, traces }) => {
  const promptId = await traces.shared();
  const graph = await circuitOf(page, promptId);
  await page.goto(`${locked}/circuit/${promptId}?view=steer`);
  await expect(page.getByRole('dialog', { name: 'Sign in' }).getByLabel('Token')).toBeVisible();
  await expectToFit(page, 'sign-in', 'dialog');
  await signIn(page, 'viewer');
  const changes: string[] = [];
  page.on('request', (request) => {
    if (['PUT', 'POST'].includes(request.method()) && /annotations|steerings|labels/.test(request.url()))
      changes.push(request.url());
  });
  await expect(page.getByRole('tabpanel')).toContainText('You cannot steer. Your role is viewer');
  await expect(page.getByTestId('run-steer')).toHaveCount(0);
  const [first = 0] = features(graph);
  await click(page, graph, first, { key: 'Control' });
  await page.getByRole('tab', { name: 'Sub-graph' }).click();
  await expect(page.getByTestId('box')).toHaveCount(1);
  await expect(page.getByTestId('saved')).toHaveAttribute('data-state', 'kept');
  await click(page, graph, first);
  await expect(page.getByRole('button', { name: 'Steer' })).toHaveAccessibleDescription(/Your role is viewer/);

  await page.getByRole('link', { name: 'Live' }).click();
  await expect(row(page, PROMPT)).toBeVisible();
  await expect(page.getByTestId('withheld')).toHaveText(/You cannot send prompts or import graphs/);
  await expect(page.getByLabel('Prompt', { exact: true })).toHaveCount(0);
  await expect(page.getByLabel('Graph files')).toHaveCount(0);
  await page.setViewportSize({ width: 1280, height: 860 });
  await page.getByTestId('account').click();
  await expectToFit(page, 'viewer');
  expect(changes).toEqual([]);

  const { token } = (await (await page.request.get(`${issuer}/expired`)).json()) as { token: string };
  await page.evaluate((old) => {
    const login = JSON.parse(sessionStorage.getItem('circuitstream.login') ?? '{}') as object;
    sessionStorage.setItem('circuitstream.login', JSON.stringify({ ...login, token: old }));
  }, token);
  const again = page.waitForResponse((response) => response.url().startsWith(`${issuer}/token`));
  await page.goto(`${locked}/audit?severity=CRITICAL`);
  expect((await again).ok()).toBe(true);
  await expect(page).toHaveURL(`${locked}/audit?severity=CRITICAL`);
  await expect(page.getByTestId('account')).toContainText('viewer');
  await expect(page.getByLabel('Severity')).toHaveValue('CRITICAL');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
});

test('an operator of one tenant sends for it, and sees nothing of others', async ({ page }) => {
  const renewed = page.waitForResponse(
    (response) => response.url() === `${issuer}/token` && !!response.request().postData()?.includes('refresh_token'),
  );
  await page.goto(`${locked}/live`);
  await signIn(page, 'operator');
  await page.evaluate(() => ((window as unknown as Record<string, unknown>)['sameDocument'] = true));
  await expect(page.getByTestId('connection')).toHaveText(/live/);
  const foreign = `foreign-${Date.now()}`;
  const foreignId = await submit(page, { text: PROMPT, tenant: 'b', tags: [foreign] });
  const own = `own-${Date.now()}`;
  await page.getByText('Settings', { exact: true }).click();
  await expect(page.getByRole('combobox', { name: 'Tenant' }).first()).toHaveValue('a');
  await page.getByLabel('Tags').fill(own);
  await page.getByLabel('Prompt', { exact: true }).fill(PROMPT);
  await page.getByRole('button', { name: 'Trace', exact: true }).click();
  await expect(row(page, own)).toHaveAttribute('data-state', 'COMPLETED', { timeout: 60_000 });
  await expect(page.getByTestId('withheld')).toContainText('You see the tenant “a”.');
  await picture(page, 'operator');

  // The stream ends with the token; what is sent afterwards arrives by the next one.
  expect((await renewed).ok()).toBe(true);
  const later = `later-${Date.now()}`;
  await submit(page, { text: PROMPT, tenant: 'a', tags: [later] });
  await expect(row(page, later)).toBeVisible();
  await expect(row(page, foreign)).toHaveCount(0);
  expect(await page.evaluate(() => (window as unknown as Record<string, unknown>)['sameDocument'])).toBe(true);

  await row(page, own).getByRole('link').click();
  await expect(page.getByTestId('link-graph')).toBeVisible();
  // By density, because that comes with the description.
  await page.getByRole('link', { name: 'Features' }).click();
  await page.getByLabel('Order').selectOption('density');
  await expect(page.getByRole('table').getByRole('row').nth(1)).toContainText('%');
  await page.getByRole('table').getByRole('link').first().click();
  await expect(page.getByRole('region', { name: 'Contexts' })).toContainText('They are not shown. These are pieces');
  await expect(page.getByRole('button', { name: 'Edit label' })).toHaveAccessibleDescription(/Labels are everybody’s/);
  await picture(page, 'bound-feature');
  expect(await accessibility(page)).toEqual([]);
  await page.getByRole('link', { name: 'Audit' }).click();
  await expect(page.getByTestId('withheld')).toContainText(
    'Chains, behaviour, trust and recurrent edges are not shown.',
  );
  await expect(page.getByRole('region', { name: 'Chains' })).toHaveCount(0);
  await page.goto(`${locked}/circuit/${foreignId}`);
  await expect(page.getByTestId('circuit-failure')).toContainText('There is no prompt');
});

test('an admin sees everything, dead letters too, and signs out', async ({ page }) => {
  test.skip(control === '', 'only whoever started the deployment can send what is no event');
  const key = `poison ${Date.now()}`;
  expect((await page.request.post(`${control}/poison`, { data: key })).ok()).toBe(true);
  await page.goto(`${locked}/operations`);
  await signIn(page, 'admin');
  await page.getByRole('button', { name: 'Look at dead letters of inference' }).click();
  const letters = page.getByRole('region', { name: 'Dead letters of inference' });
  await expect(letters.getByTestId('dead-letter').filter({ hasText: key })).toBeVisible();
  await page.getByRole('link', { name: 'Audit' }).click();
  await expect(page.getByRole('region', { name: 'Chains' }).getByTestId('chain').first()).toBeVisible();

  await page.getByTestId('account').click();
  await expect(page.getByRole('group', { name: 'Account' })).toContainText(/Tenants\s*all/);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('dialog', { name: 'You are signed out' })).toBeVisible();
  await expect(page).toHaveURL(`${locked}/`);
  // The issuer has forgotten them too.
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await expect(page.getByRole('link', { name: 'viewer' })).toBeVisible();
});
