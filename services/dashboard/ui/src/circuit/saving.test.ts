import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Rights } from '../lib/rights';
import { noDraft } from './annotations';
import { AnnotationSaving } from './saving.svelte';
import type { CircuitView } from './view.svelte';

const server = vi.hoisted(() => ({
  rights: { now: { known: true, write: null } as Pick<Rights, 'known' | 'write'> },
  sent: [] as { pins: string[] }[],
}));
vi.mock('../lib/session.svelte', () => ({ rights: server.rights, signature: () => 'ada' }));
vi.mock('../lib/author', () => ({ author: () => '' }));
vi.mock('../lib/api', () => ({
  api: {
    annotate: (_: string, edit: { pins: string[] }) => Promise.resolve(server.sent.push(edit)),
    annotations: () =>
      Promise.resolve({
        revision: server.sent.length,
        pins: server.sent.at(-1)?.pins ?? [],
        supernodes: [],
        labels: {},
      }),
  },
}));

const view = { draft: { ...noDraft, pins: ['1_2_3'] } } as unknown as CircuitView;

beforeEach(() => {
  server.sent.length = 0;
  vi.useFakeTimers();
  vi.stubGlobal('window', globalThis);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** What becomes of a change after a while. */
async function changed(now: Pick<Rights, 'known' | 'write'>): Promise<AnnotationSaving> {
  server.rights.now = now;
  const saving = new AnnotationSaving('p');
  saving.changed(view);
  await vi.advanceTimersByTimeAsync(2000);
  return saving;
}

describe('AnnotationSaving', () => {
  it('saves a change a little later, in the name that the server knows', async () => {
    const saving = await changed({ known: true, write: null });
    expect(server.sent).toMatchObject([{ pins: ['1_2_3'], author: 'ada' }]);
    expect(saving.state).toBe('saved');
  });

  it('keeps what somebody changes who may not', async () => {
    const saving = await changed({ known: true, write: 'Your role is viewer.' });
    await saving.save(view);
    expect(server.sent).toEqual([]);
    expect(saving.state).toBe('kept');
  });

  it('waits while nobody knows whether they may', async () => {
    await changed({ known: false, write: '' });
    expect(server.sent).toEqual([]);
    server.rights.now = { known: true, write: null };
    await vi.advanceTimersByTimeAsync(2000);
    expect(server.sent).toHaveLength(1);
  });
});
