import { api, Problem, reason } from '../lib/api';
import { author, rememberAuthor } from '../lib/author';
import { rights, signature } from '../lib/session.svelte';
import type { Annotations } from '../lib/types';
import { differences, draftOf, noDraft, sameDraft, type Draft } from './annotations';
import type { CircuitView } from './view.svelte';

/** `kept`: in this view and its address only; this person saves nothing. */
export type Saved = 'loading' | 'saved' | 'unsaved' | 'saving' | 'failed' | 'kept';

const quiet = 600;

/**
 * Keeps a circuit's annotations and the server's the same: saves a little after the last change, takes what other
 * browsers save, merges when both changed. One per open circuit.
 */
export class AnnotationSaving {
  state = $state<Saved>('loading');
  /** What somebody else changed, or why saving failed; empty for nothing to say. */
  note = $state('');
  saved = $state.raw<Annotations | null>(null);
  author = $state(author());

  private base: Draft = noDraft;
  private timer = 0;
  private busy = false;

  constructor(private readonly promptId: string) {}

  /** Reads what is saved into the view, unless its address already says what is pinned. */
  async load(view: CircuitView, fromAddress: boolean): Promise<void> {
    try {
      const saved = await api.annotations(this.promptId);
      this.take(saved);
      if (!fromAddress) view.restore(this.base);
      else view.restore({ ...view.draft, labels: saved.labels });
      this.state = sameDraft(view.draft, this.base) ? 'saved' : rights.now.write === null ? 'unsaved' : 'kept';
    } catch (error) {
      this.fail(error);
    }
  }

  changed(view: CircuitView): void {
    this.state = rights.now.write === null ? 'unsaved' : 'kept';
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(view), quiet);
  }

  sign(name: string): void {
    this.author = name;
    rememberAuthor(name);
  }

  /** Another browser saved a revision, or might have while this one was not connected. */
  async heard(view: CircuitView, revision: number): Promise<void> {
    if (this.busy || revision <= (this.saved?.revision ?? 0)) return;
    try {
      this.merge(view, await api.annotations(this.promptId));
    } catch (error) {
      this.fail(error);
    }
  }

  async save(view: CircuitView): Promise<void> {
    clearTimeout(this.timer);
    if (this.busy || !rights.now.known) return this.changed(view);
    if (rights.now.write !== null) return;
    const draft = view.draft;
    this.busy = true;
    this.state = 'saving';
    try {
      const by = this.author || signature();
      await api.annotate(this.promptId, {
        baseRevision: this.saved?.revision ?? 0,
        pins: [...draft.pins],
        supernodes: draft.supernodes.map((group) => ({ name: group.name, nodes: [...group.nodes] })),
        labels: { ...draft.labels },
        ...(by ? { author: by } : {}),
      });
      this.take(await api.annotations(this.promptId));
      this.state = 'saved';
    } catch (error) {
      await this.refused(view, error);
    } finally {
      this.busy = false;
    }
    if (!sameDraft(view.draft, this.base) && this.state === 'saved') this.changed(view);
  }

  destroy(): void {
    clearTimeout(this.timer);
  }

  private async refused(view: CircuitView, error: unknown): Promise<void> {
    if (!(error instanceof Problem) || error.status !== 409) return this.fail(error);
    try {
      this.merge(view, await api.annotations(this.promptId));
    } catch (second) {
      this.fail(second);
    }
  }

  private merge(view: CircuitView, theirs: Annotations): void {
    const what = differences(this.base, draftOf(theirs));
    view.take(this.base, theirs);
    this.take(theirs);
    if (what.length) this.note = `${theirs.author ?? 'Somebody'} changed this circuit: ${what.join(', ')}.`;
    if (sameDraft(view.draft, this.base)) this.state = 'saved';
    else this.changed(view);
  }

  private take(saved: Annotations): void {
    this.saved = saved;
    this.base = draftOf(saved);
  }

  private fail(error: unknown): void {
    this.state = 'failed';
    this.note = `Not saved: ${reason(error)}`;
  }
}
