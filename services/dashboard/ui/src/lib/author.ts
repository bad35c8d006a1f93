const KEY = 'circuitstream.author';

/** The name that this browser signs labels and annotations with; empty when none was given. */
export function author(): string {
  return localStorage.getItem(KEY) ?? '';
}

export function rememberAuthor(name: string): void {
  if (name.trim()) localStorage.setItem(KEY, name.trim());
  else localStorage.removeItem(KEY);
}
