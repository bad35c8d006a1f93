import { expect, finished, submit, test } from './page';

declare global {
  interface Window {
    seen: Map<string, number>;
  }
}

test('how long a result takes from its record to the picture', { tag: '@benchmark' }, async ({ page }) => {
  await page.goto('/live');
  await expect(page.getByTestId('connection')).toHaveText(/live/);
  await page.evaluate(() => {
    window.seen = new Map();
    const look = () => {
      const changed = [...document.querySelectorAll<HTMLElement>('[data-updated-at]')]
        .map((row) => `${row.dataset['promptId']} ${row.dataset['updatedAt']}`)
        .filter((change) => !window.seen.has(change));
      changed.forEach((change) => window.seen.set(change, NaN));
      // The frame after the one that the change is drawn in: then it is on the screen.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => changed.forEach((change) => window.seen.set(change, Date.now()))),
      );
    };
    look();
    const options = { subtree: true, childList: true, attributes: true, attributeFilter: ['data-updated-at'] };
    new MutationObserver(look).observe(document.body, options);
  });
  const ids: string[] = [];
  for (let i = 0; i < 20; i++) {
    const id = await submit(page, { text: 'fact : the capital of texas is', tags: ['latency'] });
    await finished(page, id);
    ids.push(id);
  }
  await expect.poll(() => page.evaluate(() => [...window.seen.values()].every((at) => !Number.isNaN(at)))).toBe(true);
  const seen = await page.evaluate(() => [...window.seen]);
  const delays = seen
    .map(([change, at]) => ({ id: change.split(' ')[0] ?? '', delay: at - Number(change.split(' ')[1]) }))
    .filter(({ id }) => ids.includes(id))
    .map(({ delay }) => delay)
    .sort((a, b) => a - b);
  expect(delays.length).toBeGreaterThanOrEqual(20);
  const at = (share: number) => delays[Math.min(delays.length - 1, Math.floor(share * delays.length))];
  process.stdout.write(`record to picture, ${delays.length} changes: median ${at(0.5)} ms, p95 ${at(0.95)} ms\n`);
});
