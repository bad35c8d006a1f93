import {
  test as base,
  expect,
  type APIRequestContext,
  type ConsoleMessage,
  type Locator,
  type Page,
} from '@playwright/test';
import { join } from 'node:path';

export { expect };

/** What the browser itself says of an answer 404: "not there yet" is an answer here, not a mistake. */
function expected(message: ConsoleMessage): boolean {
  return message.text().includes('status of 404') && message.location().url.includes('/api/v1/');
}

export const PROMPT = 'fact : the capital of the state containing dallas is';

/** Traces that are computed while other tests run: tests that only look share one, those that change it take their own. */
export interface Traces {
  /** A trace of PROMPT that nobody changes. */
  shared(): Promise<string>;
  /** Of another prompt, that nobody changes. */
  other(): Promise<string>;
  /** A trace of PROMPT that nobody else has. */
  own(): Promise<string>;
}

/** Says that it is the page's own request: the server takes changes from nobody else in a browser. */
function origin(): string {
  return new URL(process.env['BASE_URL'] ?? 'http://127.0.0.1:8080').origin;
}

async function send(request: APIRequestContext, prompt: object): Promise<string> {
  const response = await request.post('/api/v1/traces', { data: prompt, headers: { Origin: origin() } });
  expect(response.status(), await response.text()).toBe(202);
  return ((await response.json()) as { promptId: string }).promptId;
}

async function done(request: APIRequestContext, promptId: string): Promise<void> {
  const state = async () => {
    const response = await request.get(`/api/v1/traces/${promptId}`);
    return response.ok() ? ((await response.json()) as { state: string }).state : 'RUNNING';
  };
  await expect.poll(state, { timeout: 60_000, intervals: [100, 200, 300] }).not.toBe('RUNNING');
}

/** How many tests of a worker take a trace of their own. */
const OWN = 3;

/** A page whose console must stay clean but for what the test itself provokes: `allowed`. */
export const test = base.extend<{ complaints: string[]; allowed: RegExp[] }, { traces: Traces }>({
  traces: [
    async ({ playwright }, use) => {
      const request = await playwright.request.newContext({ baseURL: origin() });
      const finished = async (id: Promise<string>) => {
        await done(request, await id);
        return id;
      };
      let shared: Promise<string> | undefined;
      let other: Promise<string> | undefined;
      let own: Promise<string>[] | undefined;
      await use({
        shared: () => finished((shared ??= send(request, { text: PROMPT }))),
        other: () =>
          finished((other ??= send(request, { text: 'fact : the capital of the state containing chicago is' }))),
        own: () => {
          own ??= Array.from({ length: OWN }, () => send(request, { text: PROMPT }));
          return finished(own.shift() ?? send(request, { text: PROMPT }));
        },
      });
      await request.dispose();
    },
    { scope: 'worker' },
  ],
  // eslint-disable-next-line no-empty-pattern -- Playwright wants a pattern.
  allowed: async ({}, use) => use([]),
  // eslint-disable-next-line no-empty-pattern
  complaints: async ({}, use) => use([]),
  page: async ({ page, complaints, allowed }, use) => {
    page.on('console', (message) => {
      if (message.type() !== 'error' || expected(message)) return;
      if (allowed.some((pattern) => pattern.test(message.text()))) return;
      complaints.push(`${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await use(page);
    expect(complaints, 'errors in the console').toEqual([]);
  },
});

/** Waits for the next frames: charts are drawn when their place has its size. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let i = 0; i < 5; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
}

/** Saves a picture for a person to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(process.env['SCREENSHOTS'] ?? 'test-results/screens', `${name}.png`) });
}

/** The row of a prompt in the list of traces. */
export function row(page: Page, text: string | RegExp): Locator {
  return page.getByTestId('trace').filter({ hasText: text }).first();
}

/** Sends a prompt as a program does, not through the page; yields its id. */
export function submit(page: Page, prompt: object): Promise<string> {
  return send(page.request, prompt);
}

/** Waits until a prompt is done, whatever the page shows. */
export function finished(page: Page, promptId: string): Promise<void> {
  return done(page.request, promptId);
}
