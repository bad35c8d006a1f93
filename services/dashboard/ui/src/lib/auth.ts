import { expired, forget, keepLogin, keepTyped, login, token } from './credentials';
import { isAnswer, nextStep, recent, returnAddress, signsIn, type Situation, type Step } from './logins';
import type { Issuer } from './oidc';
import type { Access } from './types';

/** Why a person is asked to sign in. */
export type Why = 'needed' | 'signed out' | 'refused again' | { failed: string };

/** What a person is asked. `signIn`: they may sign in with the issuer; `token`: they may type a token. */
export interface Question {
  why: Why;
  /** What the server said of the request that it refused; empty for nothing. */
  detail: string;
  signIn: boolean;
  token: boolean;
  authority: string;
}

export type Answer = { token: string } | 'sign in' | null;

const LOGINS = 'circuitstream.logins';
const SIGNED_OUT = 'circuitstream.signed-out';

let ask: (question: Question) => Promise<Answer> = () => Promise.resolve(null);
let renewing: Promise<boolean> | null = null;
let known: Promise<Access> | null = null;
/** Why signing in did not work, for the next question. */
let failure: string | null = null;
let declined = false;

/** `Authorization` for a request, or nothing without a token. */
export function authorization(): Record<string, string> {
  const value = token();
  return value ? { Authorization: `Bearer ${value}` } : {};
}

/** What asks the person to sign in: resolves to null when they decline. */
export function askWith(prompt: (question: Question) => Promise<Answer>): void {
  ask = prompt;
}

/** By what this server lets people say who they are; rejects when it does not answer. */
export function access(): Promise<Access> {
  known ??= read().catch((error: unknown) => {
    known = null;
    throw error;
  });
  return known;
}

async function read(): Promise<Access> {
  const response = await fetch('/api/v1/access');
  if (!response.ok) throw new Error(`The server answers ${response.status}.`);
  return (await response.json()) as Access;
}

/**
 * Renews what the server refused, once however many requests were: true when there is another token to try. Leaves the
 * page for the issuer when a login is needed, and never resolves then.
 */
export function renewToken(detail = ''): Promise<boolean> {
  renewing ??= renew(detail)
    .catch(() => false) // The server is gone; who asked for something hears that it was refused.
    .finally(() => (renewing = null));
  return renewing;
}

/** Renews the token when it has expired: true when there is another one. For what the server ends without a word. */
export async function renewExpired(): Promise<boolean> {
  const current = login();
  return current !== null && expired(current, Date.now()) && (await renewToken());
}

async function renew(detail: string): Promise<boolean> {
  const ways = await access();
  const issuer = ways.oidc;
  if (issuer && step(ways) === 'refresh' && (await refresh(issuer))) return true;
  if (issuer && step(ways) === 'redirect') await leave(issuer, [...recent(logins(), Date.now()), Date.now()]);
  for (;;) {
    const answer = await ask(question(ways, detail));
    failure = null;
    declined = answer === null;
    if (answer === null) return false;
    if (answer !== 'sign in') {
      sessionStorage.removeItem(SIGNED_OUT);
      keepTyped(answer.token);
      return true;
    }
    if (issuer) await leave(issuer, []);
  }
}

function step(ways: Access): Step {
  return failure === null ? nextStep(situation(ways), Date.now()) : 'ask';
}

function situation(access: Access): Situation {
  return { access, login: login(), logins: logins(), unwilling: declined || signedOut() };
}

function question(access: Access, detail: string): Question {
  const { kinds, oidc } = access;
  return {
    why: why(access),
    detail,
    signIn: signsIn(access),
    token: kinds.includes('token') || !signsIn(access),
    authority: oidc?.authority ?? '',
  };
}

function why(access: Access): Why {
  if (failure !== null) return { failed: failure };
  if (signedOut()) return 'signed out';
  const more = nextStep({ ...situation(access), logins: [] }, Date.now()) === 'redirect';
  return more ? 'refused again' : 'needed';
}

/** True when the refresh token was good for another one; false with `failure` set when the issuer did not answer. */
async function refresh(issuer: Issuer): Promise<boolean> {
  const old = login();
  if (!old) return false;
  try {
    const { refreshed } = await import('./oidc');
    const next = await refreshed(issuer, old);
    // Refused: it is of no use any more, but tells that this person signs in.
    keepLogin(next ?? { ...old, refreshToken: null });
    return next !== null;
  } catch (error) {
    failure = words(error);
    return false;
  }
}

/** Leaves for the issuer, and so never resolves but to false: then it could not, and `failure` says why. */
async function leave(issuer: Issuer, begun: number[]): Promise<false> {
  try {
    const { signInAddress } = await import('./oidc');
    const address = await signInAddress(issuer, { address: location.pathname + location.search }, signedOut());
    sessionStorage.setItem(LOGINS, JSON.stringify(begun));
    return await leaveFor(address);
  } catch (error) {
    failure = words(error);
    return false;
  }
}

function leaveFor(address: string): Promise<never> {
  // Who comes back by the button finds the page as it was left: waiting.
  addEventListener('pageshow', (event) => event.persisted && location.reload());
  location.assign(address);
  return new Promise(() => undefined);
}

/**
 * Takes the answer of an issuer out of the page's address, to be called before anything is shown: yields the address
 * that the login was begun at, or null when the address holds no answer.
 */
export async function takeAnswer(): Promise<string | null> {
  if (location.pathname !== '/' || !isAnswer(location.search)) return null;
  try {
    const { oidc } = await access();
    if (!oidc) return '/live';
    const { signedIn, stateOf } = await import('./oidc');
    try {
      const { login, state } = await signedIn(oidc, location.href);
      keepLogin(login);
      sessionStorage.removeItem(SIGNED_OUT);
      return returnAddress(state);
    } catch (error) {
      failure = words(error);
      return returnAddress(stateOf(error));
    }
  } catch (error) {
    failure = words(error);
    return '/live';
  }
}

/** Ends the session, the issuer's too where it has an end. */
export async function signOut(): Promise<void> {
  const old = login();
  const { oidc } = await access().catch(() => ({ oidc: null }));
  forget();
  sessionStorage.removeItem(LOGINS);
  sessionStorage.setItem(SIGNED_OUT, 'true');
  if (old && oidc) {
    const { signOutAddress } = await import('./oidc');
    const address = await signOutAddress(oidc, old).catch(() => null);
    if (address !== null) return leaveFor(address);
  }
  location.reload();
}

function logins(): number[] {
  return JSON.parse(sessionStorage.getItem(LOGINS) ?? '[]') as number[];
}

function signedOut(): boolean {
  return sessionStorage.getItem(SIGNED_OUT) !== null;
}

function words(error: unknown): string {
  if (!isSecureContext) return 'Browsers sign in only over https, or at localhost. Ask who runs this server.';
  return error instanceof Error ? error.message : String(error);
}
