/** A value with the ones before and after it. Immutable: every step gives a new one. */
export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
}

const remembered = 200;

export function historyOf<T>(present: T): History<T> {
  return { past: [], present, future: [] };
}

/** The history after a change: what had been undone can no longer be redone. */
export function recorded<T>(history: History<T>, next: T): History<T> {
  if (next === history.present) return history;
  return { past: [...history.past, history.present].slice(-remembered), present: next, future: [] };
}

/** One step back; the same history when there is nothing to undo. */
export function undone<T>(history: History<T>): History<T> {
  const previous = history.past[history.past.length - 1];
  if (previous === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present: previous,
    future: [history.present, ...history.future],
  };
}

/** One step forth; the same history when there is nothing to redo. */
export function redone<T>(history: History<T>): History<T> {
  const next = history.future[0];
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future: history.future.slice(1) };
}

/** The same steps with every value changed, for what came from elsewhere and is not this person's to undo. */
export function rebased<T>(history: History<T>, change: (value: T) => T): History<T> {
  return {
    past: history.past.map(change),
    present: change(history.present),
    future: history.future.map(change),
  };
}
