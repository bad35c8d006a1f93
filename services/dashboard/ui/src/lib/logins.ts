import { expired, type Login } from './credentials';
import type { Access } from './types';

/** What to do about a request that was refused for want of a token that is accepted. */
export type Step = 'refresh' | 'redirect' | 'ask';

/** So many logins that nobody asked for, one after the other, … */
const MOST = 2;
/** … within so many milliseconds, and still a refusal: another one would not help. */
const SPAN = 60_000;
/** A token this young, not expired and refused, is refused for another reason; the next one would be too. */
const YOUNG = 5000;

/** What is known when a request is refused. */
export interface Situation {
  access: Access;
  login: Login | null;
  /** When the page began logins by itself. */
  logins: readonly number[];
  /** Whether the person signed out, or was asked and declined: then nothing happens without them. */
  unwilling: boolean;
}

/** The next step of who is refused. */
export function nextStep({ access, login, logins, unwilling }: Situation, now: number): Step {
  if (!signsIn(access)) return 'ask';
  if (login?.refreshToken && (expired(login, now) || now - login.at > YOUNG)) return 'refresh';
  // Who has a choice is asked, once; who signed in before has chosen.
  const chosen = login !== null || !access.kinds.includes('token');
  return chosen && !unwilling && recent(logins, now).length < MOST ? 'redirect' : 'ask';
}

/** Whether the page can sign somebody in. */
export function signsIn(access: Access): boolean {
  return access.kinds.includes('oidc') && !!access.oidc?.clientId;
}

/** The logins that count against another one. */
export function recent(logins: readonly number[], now: number): number[] {
  return logins.filter((at) => now - at < SPAN && at <= now);
}

/** The address within this page that a login was begun at; `/live` for anything that is none. */
export function returnAddress(state: unknown): string {
  if (typeof state !== 'object' || state === null || !('address' in state)) return '/live';
  const { address } = state;
  return typeof address === 'string' && /^\/(?![/\\])/.test(address) ? address : '/live';
}

/** Whether an address is where an issuer sends the browser after a login, or after refusing one. */
export function isAnswer(search: string): boolean {
  const given = new URLSearchParams(search);
  return given.has('state') && (given.has('code') || given.has('error'));
}
