import type { Circuit } from '../src/lib/types';
import { expect, picture, PROMPT, submit, test } from './page';

const control = process.env['CONTROL_URL'] ?? '';

test('findings come while the page is open, in unbroken chains, and lead to their circuit', async ({ page }) => {
  test.skip(control === '', 'the rule that finds something in every circuit is of whoever started the deployment');
  await page.goto('/audit');
  await expect(page.getByTestId('connection')).toHaveText(/live/);
  const promptId = await submit(page, { text: PROMPT });
  const finding = page.getByTestId('finding').filter({ hasText: promptId });
  await expect(finding).toContainText('any circuit');

  const chains = page.getByRole('region', { name: 'Chains' });
  await expect(chains.getByTestId('chain').filter({ hasText: 'unbroken' })).not.toHaveCount(0);
  await expect(chains.getByText('✗')).toHaveCount(0);

  await finding.getByRole('button', { name: 'Evidence' }).click();
  await expect(finding.getByRole('row').nth(1)).toContainText(/circuitstream\.validations\.v1-\d+@\d+/);
  await page.getByLabel('Severity').selectOption('critical');
  await expect(finding).toHaveCount(0);
  await page.goto(`/audit?promptId=${promptId}`);
  await expect(page.getByTestId('finding')).toHaveCount(1);
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(page).toHaveURL(/\/audit$/);

  await finding.getByRole('link', { name: /circuit of/ }).click();
  await page.getByRole('link', { name: '1 finding' }).click();
  await expect(page).toHaveURL(`/audit?promptId=${promptId}`);
});

test('a window appears when it closes, with its features and its drift', async ({ page, traces }) => {
  test.skip(control === '', 'real windows close after minutes');
  const promptId = await traces.shared();
  const circuit = (await (await page.request.get(`/api/v1/traces/${promptId}/circuit`)).json()) as Circuit;
  await page.goto('/audit');
  await expect(page.getByTestId('connection')).toHaveText(/live/);
  expect((await page.request.post(`${control}/behaviour`, { data: circuit.provenance.scan })).ok()).toBe(true);

  const row = page.getByTestId('window').filter({ hasText: '5 of 12' });
  await expect(row).toContainText('features');
  await row.getByRole('button', { name: /^Show/ }).click();
  const window = page.getByTestId('behaviour');
  await expect(window.getByRole('link', { name: '1/515' }).first()).toHaveAttribute(
    'href',
    /^\/features\/\w+\/1\/515$/,
  );
  await expect(window.getByRole('region', { name: 'Drift' }).getByRole('row').nth(1)).toContainText(
    /features\s*0.4\s*0.2\s*0.005\s*12 \/ 10\s*≠ more than chance/,
  );
  await picture(page, 'behaviour');
  await expect(page.getByRole('img', { name: 'Verdicts over time' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Recurrent edges' }).getByRole('row').nth(1)).toBeVisible();
  await page.reload();
  await expect(row.getByRole('button', { name: /^Show/ })).toHaveAttribute('aria-pressed', 'true');
});
