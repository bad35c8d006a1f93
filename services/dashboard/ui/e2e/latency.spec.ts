import type { Page } from '@playwright/test';
import { EventParser } from '../src/lib/sse';
import { expect, finished, submit, test } from './page';

declare global {
  interface Window {
    seen: Map<string, number>;
  }
}

/** A change of a trace: which, to what stage, when its record was made and when it was here. */
interface Arrival {
  readonly id: string;
  readonly stage: string;
  readonly recordAt: number;
  readonly hereAt: number;
}

/** Notes what the server sends, beside the page: the part of the way that lies before the browser. */
function listen(base: string, until: AbortSignal): Arrival[] {
  const arrivals: Arrival[] = [];
  void (async () => {
    const response = await fetch(`${base}/api/v1/events`, {
      headers: { Accept: 'text/event-stream' },
      signal: until,
    });
    const parser = new EventParser();
    const decoder = new TextDecoder();
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
      const hereAt = Date.now();
      for (const { event, data } of parser.push(decoder.decode(piece, { stream: true }))) {
        if (event !== 'trace') continue;
        const trace = JSON.parse(data) as { promptId: string; stage: string; updatedAt: number };
        arrivals.push({ id: trace.promptId, stage: trace.stage, recordAt: trace.updatedAt, hereAt });
      }
    }
  })().catch(() => undefined);
  return arrivals;
}

/** Notes in the page when each change of a row was on the screen. */
async function watch(page: Page): Promise<void> {
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
}

function told(name: string, delays: readonly number[]): void {
  const sorted = [...delays].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  process.stdout.write(
    `${name}, ${sorted.length} changes: median ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${sorted.at(-1)} ms\n`,
  );
}

/** What the server itself says of its part: seconds at two quantiles. */
async function server(page: Page, metric: string): Promise<string> {
  const text = await (await page.request.get('/metrics')).text();
  const at = (quantile: string) =>
    Number(new RegExp(`^${metric}\\{.*quantile="${quantile}".*\\} (\\S+)$`, 'm').exec(text)?.[1] ?? NaN) * 1000;
  return `median ${at('0.5').toFixed(1)} ms, p95 ${at('0.95').toFixed(1)} ms`;
}

test('how long a result takes from its record to the picture', { tag: '@benchmark' }, async ({ page, baseURL }) => {
  await page.goto('/live');
  await expect(page.getByTestId('connection')).toHaveText(/live/);
  await watch(page);
  const ended = new AbortController();
  const arrivals = listen(baseURL ?? '', ended.signal);
  const ids: string[] = [];
  for (let i = 0; i < 20; i++) {
    const id = await submit(page, { text: 'fact : the capital of texas is', tags: ['latency'] });
    await finished(page, id);
    ids.push(id);
  }
  await expect.poll(() => page.evaluate(() => [...window.seen.values()].every((at) => !Number.isNaN(at)))).toBe(true);
  const seen = new Map(await page.evaluate(() => [...window.seen]));
  ended.abort();
  const ours = arrivals.filter(({ id }) => ids.includes(id));
  const shown = ours.filter(({ id, recordAt }) => seen.has(`${id} ${recordAt}`));
  const picture = ({ id, recordAt }: Arrival) => seen.get(`${id} ${recordAt}`) ?? NaN;
  expect(shown.length).toBeGreaterThanOrEqual(20);
  for (const stage of new Set(ours.map((arrival) => arrival.stage))) {
    const of = ours.filter((arrival) => arrival.stage === stage);
    told(
      `  ${stage}: record to browser`,
      of.map(({ hereAt, recordAt }) => hereAt - recordAt),
    );
  }
  told(
    'record to browser',
    ours.map(({ hereAt, recordAt }) => hereAt - recordAt),
  );
  const reading = await server(page, 'circuitstream_dashboard_read_delay_seconds');
  const step = await server(page, 'circuitstream_dashboard_step_seconds');
  process.stdout.write(`  record to reader, the stage's commit included: ${reading}\n  reader to told: ${step}\n`);
  told(
    'browser to picture',
    shown.map((arrival) => picture(arrival) - arrival.hereAt),
  );
  told(
    'record to picture',
    shown.map((arrival) => picture(arrival) - arrival.recordAt),
  );
});
