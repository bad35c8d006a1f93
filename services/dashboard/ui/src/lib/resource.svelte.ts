import { aborted } from './api';

/** What a request to the server has yielded so far. The last value stays while it is loaded again. */
export interface Resource<T> {
  readonly value: T | undefined;
  readonly error: unknown;
  readonly loading: boolean;
  reload(): void;
  /** Changes the value in place of the server, for what an event has told already. */
  set(value: T): void;
}

/**
 * Loads when the component is made and whenever something reactive that `load` reads at once changes; gives up the
 * request before. To be called while a component is made.
 */
export function resource<T>(load: (signal: AbortSignal) => Promise<T>): Resource<T> {
  let value = $state.raw<T | undefined>(undefined);
  let error = $state.raw<unknown>(undefined);
  let loading = $state(true);
  let round = $state(0);

  $effect(() => {
    void round;
    const abort = new AbortController();
    loading = true;
    load(abort.signal).then(
      (loaded) => {
        if (abort.signal.aborted) return;
        value = loaded;
        error = undefined;
        loading = false;
      },
      (reason: unknown) => {
        if (abort.signal.aborted || aborted(reason)) return;
        error = reason;
        loading = false;
      },
    );
    return () => abort.abort();
  });

  return {
    get value() {
      return value;
    },
    get error() {
      return error;
    },
    get loading() {
      return loading;
    },
    reload: () => {
      round += 1;
    },
    set: (next: T) => {
      value = next;
    },
  };
}
