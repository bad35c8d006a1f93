import { aborted, api } from '../lib/api';
import type { LiveStream } from '../lib/live';
import type { StageProgress, Summary } from '../lib/types';
import { asQuery, matches, NO_FILTER, type Filter } from './filters';
import { merge } from './order';

/** More than anybody scrolls through; the oldest beyond are dropped and can be asked for again. */
const MOST = 20_000;
const ENOUGH = 40;

/** The traces that the filter lets through, newest first: pages of the server and what the stream brings, once a frame. */
export class Traces {
  list = $state.raw<Summary[]>([]);
  loading = $state(true);
  error = $state.raw<unknown>(undefined);
  /** Continues with older ones; null when there are none. */
  next = $state<string | null>(null);
  /** What runs, by promptId. */
  progress = $state.raw<ReadonlyMap<string, StageProgress>>(new Map());

  private ready: Promise<void> = Promise.resolve();
  private filter: Filter = NO_FILTER;
  private request: AbortController | null = null;
  private arrived: Summary[] = [];
  private moved: StageProgress[] = [];
  private frame = 0;

  /** @param page how many the server is asked for at once */
  constructor(private readonly page = 200) {}

  /** Follows the stream until the answer is called. */
  follow(stream: LiveStream): () => void {
    this.ready = stream.opened;
    const ends = [
      stream.on('trace', (trace) => {
        this.arrived.push(trace);
        this.later();
      }),
      stream.on('progress', (progress) => {
        this.moved.push(progress);
        this.later();
      }),
      stream.on('reset', () => void this.load(this.filter)),
      // A list that could not be read while the server was away is read when it is back.
      stream.watch(({ state }) => {
        if (state === 'connected' && this.error !== undefined) void this.load(this.filter);
      }),
    ];
    return () => {
      ends.forEach((end) => end());
      cancelAnimationFrame(this.frame);
      this.request?.abort();
    };
  }

  /** Begins again with a filter. What arrives while the server answers is not lost. */
  async load(filter: Filter): Promise<void> {
    this.filter = filter;
    this.list = this.list.filter((trace) => matches(trace, filter));
    this.next = null;
    this.loading = true;
    await this.ready;
    // A later filter has overtaken this one.
    if (this.filter === filter) await this.pages(undefined);
  }

  /** Adds the next page of older ones. */
  async more(): Promise<void> {
    if (this.next !== null && !this.loading) await this.pages(this.next);
  }

  /** Reads on until there is something to show: a filter may pass over many. */
  private async pages(before: string | undefined): Promise<void> {
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    this.loading = true;
    let from = before;
    let found = 0;
    try {
      do {
        const query = { ...asQuery(this.filter), limit: this.page, ...(from ? { before: from } : {}) };
        const page = await api.traces(query, request.signal);
        if (request.signal.aborted) return;
        // The server has decided what its pages hold; only what changes afterwards is judged here.
        this.list = merge(this.list, page.traces, () => true).slice(0, MOST);
        this.next = page.next;
        this.error = undefined;
        from = page.next ?? undefined;
        found += page.traces.length;
      } while (from !== undefined && found < ENOUGH);
    } catch (error) {
      if (aborted(error) || request.signal.aborted) return;
      this.error = error;
    }
    this.loading = false;
  }

  private later(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.take());
  }

  private take(): void {
    this.frame = 0;
    if (this.arrived.length) {
      this.list = merge(this.list, this.arrived, (trace) => matches(trace, this.filter)).slice(0, MOST);
    }
    this.progress = advanced(this.progress, this.moved, this.arrived);
    this.arrived = [];
    this.moved = [];
  }
}

/** The progress of what still runs: later events over earlier ones, none of a trace that has ended. */
export function advanced(
  known: ReadonlyMap<string, StageProgress>,
  moved: readonly StageProgress[],
  arrived: readonly Summary[],
): ReadonlyMap<string, StageProgress> {
  const next = new Map(known);
  for (const progress of moved) next.set(progress.promptId, progress);
  for (const trace of arrived) if (trace.state !== 'RUNNING') next.delete(trace.promptId);
  return next;
}
