import { expect, submit, test } from './page';

const STATES = ['texas', 'ohio', 'utah', 'maine', 'iowa', 'nevada'];
const EACH = 5;

type Watched = Window & { seen: Record<string, number> };

/** From the time stamp of the event that completes a trace to the frame after which its row says so. */
test('time from a result event to its pixel', { tag: '@benchmark' }, async ({ page }) => {
  test.setTimeout(240_000);
  await page.goto('/live');
  await expect(page.getByTestId('connection')).toHaveText(/live/);
  await page.evaluate(() => {
    const seen: Record<string, number> = {};
    (window as unknown as Watched).seen = seen;
    const look = () => {
      for (const done of document.querySelectorAll('[data-state="COMPLETED"] a[href*="/circuit/"]')) {
        seen[(done as HTMLAnchorElement).pathname.split('/').pop() ?? ''] ??= Date.now();
      }
    };
    new MutationObserver(() => requestAnimationFrame(() => setTimeout(look))).observe(document.body, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ['data-state'],
    });
  });
  const latencies: number[] = [];
  for (let i = 0; i < STATES.length * EACH; i++) {
    const id = await submit(page, { text: `fact : the capital of ${STATES[i % STATES.length]} is` });
    const seen = () => page.evaluate((wanted) => (window as unknown as Watched).seen[wanted] ?? 0, id);
    await expect.poll(seen, { timeout: 60_000 }).toBeGreaterThan(0);
    const trace = (await (await page.request.get(`/api/v1/traces/${id}`)).json()) as { history: { at: number }[] };
    latencies.push((await seen()) - Math.max(...trace.history.map((event) => event.at)));
  }
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.ceil(share * latencies.length) - 1] ?? Number.NaN;
  process.stdout.write(
    `from result event to pixel: ${latencies.length} traces, median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms\n`,
  );
});
