import { svelte } from '@sveltejs/vite-plugin-svelte';
import { Buffer } from 'node:buffer';
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** Bytes that a browser may have to fetch for the whole page, gzipped. */
const BUDGET = 350_000;

/** Fails the build when everything in it together is larger than the budget; tells the size otherwise. */
function budget(): Plugin {
  return {
    name: 'bundle-budget',
    apply: 'build',
    generateBundle(_, bundle) {
      const size = Object.values(bundle)
        .map((file) => gzipSync(Buffer.from(file.type === 'chunk' ? file.code : file.source)).length)
        .reduce((sum, bytes) => sum + bytes, 0);
      const told = `Bundle: ${(size / 1000).toFixed(1)} kB of ${BUDGET / 1000} kB gzipped`;
      if (size > BUDGET) this.error(`${told}: too large.`);
      process.stdout.write(`${told}\n`);
    },
  };
}

export default defineConfig({
  plugins: [svelte(), budget()],
  build: {
    outDir: process.env['UI_OUT'] ?? '../target/classes/ui',
    emptyOutDir: true,
    target: 'es2022',
    // Data addresses would need font-src and img-src data: in the content security policy for every small asset.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    // The host stays as the browser names it: the server takes changes from its own page only.
    proxy: { '/api': { target: process.env['API'] ?? 'http://127.0.0.1:8080', changeOrigin: false } },
  },
  test: {
    include: ['src/**/*.test.ts'],
  },
});
