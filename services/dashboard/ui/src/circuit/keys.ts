/** What the keyboard does on the circuit screen; `?` shows this list. */
export type Action =
  'up' | 'down' | 'left' | 'right' | 'pin' | 'group' | 'search' | 'escape' | 'undo' | 'redo' | 'fit' | 'help';

export const keyList: readonly { keys: string; does: string }[] = [
  { keys: '↑ ↓', does: 'go along the strongest edge: to what the node feeds, to what it reads' },
  { keys: '← →', does: 'the stronger or weaker edge from where you came' },
  { keys: 'P', does: 'pin the clicked node, or take its pin away (as Ctrl- or Cmd-click)' },
  { keys: 'G', does: 'group: mark nodes by clicking (or Shift-click), then G again' },
  { keys: '/', does: 'search nodes by label, token or number' },
  { keys: 'Esc', does: 'leave what is open; then unclick' },
  { keys: 'Ctrl-Z', does: 'undo; with Shift redo' },
  { keys: '0', does: 'show the whole circuit again' },
  { keys: '?', does: 'these keys' },
];

/** What a key press asks for; null for nothing of ours, and for all but Esc while text is being typed. */
export function actionOf(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>,
): Action | null {
  const command = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (command) {
    if (key === 'z') return event.shiftKey ? 'redo' : 'undo';
    return key === 'y' ? 'redo' : null;
  }
  if (event.altKey) return null;
  return byKey[key] ?? null;
}

const byKey: Readonly<Record<string, Action>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  Escape: 'escape',
  p: 'pin',
  g: 'group',
  '/': 'search',
  '0': 'fit',
  '?': 'help',
};

/** Whether keys belong to what has the focus: a field, a slider, a list that has its own arrows. */
export function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}
