const KEY = 'circuitstream.token';

let asking: Promise<string | null> | null = null;
let ask: () => Promise<string | null> = () => Promise.resolve(null);

/** The bearer token of this browser tab; null when none was given. */
export function token(): string | null {
  return sessionStorage.getItem(KEY);
}

/** `Authorization` for a request, or nothing without a token. */
export function authorization(): Record<string, string> {
  const value = token();
  return value ? { Authorization: `Bearer ${value}` } : {};
}

/** What asks the person for the token: resolves to null when they decline. */
export function askWith(prompt: () => Promise<string | null>): void {
  ask = prompt;
}

/** Asks once however many requests were refused; true when there is a new token to try. */
export async function renewToken(): Promise<boolean> {
  asking ??= ask().finally(() => (asking = null));
  const value = await asking;
  if (value) sessionStorage.setItem(KEY, value);
  return value !== null && value !== '';
}
