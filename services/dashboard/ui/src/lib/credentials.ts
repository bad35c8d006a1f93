const TYPED = 'circuitstream.token';
const LOGIN = 'circuitstream.login';

/** What an issuer of identities gave this tab. */
export interface Login {
  token: string;
  /** When it came, by this browser's clock. */
  at: number;
  /** Null where the issuer does not say. */
  expiresAt: number | null;
  /** Null where the issuer gives none: then a new login is needed when the token has expired. */
  refreshToken: string | null;
  idToken: string | null;
  scope: string | null;
}

/** The login of this browser tab; null without one. */
export function login(): Login | null {
  const text = sessionStorage.getItem(LOGIN);
  return text === null ? null : (JSON.parse(text) as Login);
}

/** The bearer token of this browser tab, from a login or typed in; null for neither. */
export function token(): string | null {
  return login()?.token ?? sessionStorage.getItem(TYPED);
}

/** Issuers count in seconds, and the server's clock is another one. */
const SLACK = 1500;

/** Whether a login's token has expired, as far as this browser's clock tells. */
export function expired({ expiresAt }: Login, now: number): boolean {
  return expiresAt !== null && expiresAt - SLACK <= now;
}

export function keepLogin(given: Login): void {
  sessionStorage.removeItem(TYPED);
  sessionStorage.setItem(LOGIN, JSON.stringify(given));
}

export function keepTyped(typed: string): void {
  sessionStorage.removeItem(LOGIN);
  sessionStorage.setItem(TYPED, typed);
}

export function forget(): void {
  sessionStorage.removeItem(LOGIN);
  sessionStorage.removeItem(TYPED);
}
