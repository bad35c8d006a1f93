import { defineConfig } from '@playwright/test';

/** Needs a deployment at BASE_URL and a Chromium; downloads none. Pictures go to SCREENSHOTS. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: process.env['TEST_RESULTS'] ?? 'test-results',
  workers: Number(process.env['WORKERS'] ?? 2),
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  // Who kills the server waits until nobody else needs it. What another project waits for is not chosen by --grep, so
  // benchmarks are a project of their own.
  projects: [
    { name: 'page', testIgnore: [/restart/, /latency/] },
    { name: 'benchmark', testMatch: /latency/ },
    { name: 'restart', testMatch: /restart/, dependencies: ['page'] },
  ],
  use: {
    baseURL: process.env['BASE_URL'] ?? 'http://127.0.0.1:8080',
    viewport: { width: 1280, height: 860 },
    // For a look at what a test did in `playwright show-trace`: noting it takes time, so only when it is asked for.
    trace: process.env['TRACE'] === undefined ? 'off' : 'retain-on-failure',
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
});
