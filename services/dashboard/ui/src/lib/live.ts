import { BASE } from './api';
import { authorization, renewExpired, renewToken } from './auth';
import { EventParser, type Message } from './sse';
import type { LiveEvents } from './types';

export type Connection =
  { state: 'connecting' } | { state: 'connected' } | { state: 'disconnected'; retryAt: number; reason: string };

type Listener<K extends keyof LiveEvents> = (event: LiveEvents[K]) => void;

const FIRST_DELAY = 500;
const LAST_DELAY = 10_000;
/** The server says something every two seconds; a connection that is silent this long is dead. */
const SILENCE = 30_000;

/** Milliseconds to wait before attempt n (0, 1, …): doubling from 0.5 s to 10 s, up to a fifth less by chance. */
export function delay(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(LAST_DELAY, FIRST_DELAY * 2 ** Math.min(attempt, 10));
  return Math.round(full * (1 - 0.2 * random()));
}

/**
 * The server's events, for as long as the page is open: connects again with back-off and the id of the last event it
 * saw, so that the server sends what was missed. When that cannot be (no id yet, or the server says so), listeners of
 * `reset` hear of it and load their lists again.
 */
export class LiveStream {
  /** When the stream has been open for the first time: lists that are loaded from then on miss nothing. */
  readonly opened: Promise<void>;
  private open: () => void = () => undefined;
  private readonly listeners = new Map<string, Set<(event: never) => void>>();
  private readonly watchers = new Set<(connection: Connection) => void>();
  private stopped: AbortController | null = null;
  private lastId: string | null = null;
  private connectedBefore = false;
  private attempt = 0;
  private wake: (() => void) | null = null;

  constructor(
    private readonly path = '/events',
    private readonly request: typeof fetch = (input, init) => fetch(input, init),
    private readonly wait: (ms: number) => number = delay,
  ) {
    this.opened = new Promise((resolve) => (this.open = resolve));
  }

  /** Calls `listener` for every event of the type; the answer ends that. */
  on<K extends keyof LiveEvents>(type: K, listener: Listener<K>): () => void {
    const set = this.listeners.get(type) ?? new Set();
    this.listeners.set(type, set.add(listener as (event: never) => void));
    return () => set.delete(listener as (event: never) => void);
  }

  /** Calls `watcher` whenever the connection changes; the answer ends that. */
  watch(watcher: (connection: Connection) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  start(): void {
    if (this.stopped) return;
    this.stopped = new AbortController();
    void this.run(this.stopped.signal);
  }

  stop(): void {
    this.stopped?.abort();
    this.stopped = null;
    this.wake?.();
  }

  /** Tries again at once instead of when the back-off ends. */
  retry(): void {
    this.attempt = 0;
    this.wake?.();
  }

  private async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      // While it tries again the page stays 'disconnected': a banner that comes and goes helps nobody.
      if (this.attempt === 0 && !this.connectedBefore) this.say({ state: 'connecting' });
      const why = await this.connection(stop).catch((error: unknown) => String(error));
      if (stop.aborted) return;
      if (why === null) continue;
      const ms = this.wait(this.attempt++);
      this.say({ state: 'disconnected', retryAt: Date.now() + ms, reason: why });
      await this.sleep(ms);
    }
  }

  /** Reads one connection to its end: why it ended, or null to connect again at once. */
  private async connection(stop: AbortSignal): Promise<string | null> {
    const abort = new AbortController();
    const end = () => abort.abort();
    stop.addEventListener('abort', end);
    let silence = setTimeout(end, SILENCE);
    try {
      const response = await this.request(BASE + this.path, {
        signal: abort.signal,
        cache: 'no-store',
        headers: { Accept: 'text/event-stream', ...authorization(), ...this.resume() },
      });
      if (response.status === 401) return (await renewToken()) ? null : 'You are not signed in.';
      if (!response.ok || !response.body) return `The server answers ${response.status}.`;
      this.begun();
      const reader = response.body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string>).getReader();
      const parser = new EventParser();
      for (;;) {
        const { done, value } = await reader.read();
        // It ends when the token expires: that is no loss of the connection.
        if (done) return (await renewExpired()) ? null : 'The server ended the connection.';
        clearTimeout(silence);
        silence = setTimeout(end, SILENCE);
        for (const message of parser.push(value)) this.receive(message);
      }
    } catch {
      return 'The server does not answer.';
    } finally {
      clearTimeout(silence);
      stop.removeEventListener('abort', end);
    }
  }

  private resume(): Record<string, string> {
    return this.lastId === null ? {} : { 'Last-Event-ID': this.lastId };
  }

  private begun(): void {
    this.attempt = 0;
    this.say({ state: 'connected' });
    if (this.connectedBefore && this.lastId === null) this.emit('reset', {});
    this.connectedBefore = true;
    this.open();
  }

  private receive(message: Message): void {
    let data: unknown;
    try {
      data = JSON.parse(message.data || '{}');
    } catch {
      return; // A broken event must not end the stream; its id is not taken, so that it is sent again.
    }
    this.emit(message.event as keyof LiveEvents, data as never);
    // After the listeners: a page that dies in between gets the event again.
    if (message.id !== null) this.lastId = message.id;
  }

  private emit<K extends keyof LiveEvents>(type: K, event: LiveEvents[K]): void {
    for (const listener of this.listeners.get(type) ?? []) (listener as Listener<K>)(event);
  }

  private say(connection: Connection): void {
    for (const watcher of this.watchers) watcher(connection);
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
