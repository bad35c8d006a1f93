import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answer, Question } from './auth';
import type { Login } from './credentials';
import type { Access } from './types';

const OIDC: Access = { kinds: ['oidc'], oidc: { authority: 'https://issuer', clientId: 'page', scope: 'openid' } };
const BOTH: Access = { ...OIDC, kinds: ['token', 'oidc'] };

/** An issuer that answers as it is told to. */
const issuer = {
  refresh: (_: Login): Promise<Login | null> => Promise.resolve(null),
  answer: (): Promise<{ login: Login; state: unknown }> => Promise.reject(new Error('no answer')),
  end: null as string | null,
};

vi.mock('./oidc', () => ({
  signInAddress: (_: unknown, { address }: { address: string }, again: boolean) =>
    Promise.resolve(`https://issuer/authorize?address=${address}&again=${again}`),
  refreshed: (_: unknown, login: Login) => issuer.refresh(login),
  signedIn: () => issuer.answer(),
  stateOf: (refusal: { state?: unknown }) => refusal.state,
  signOutAddress: () => Promise.resolve(issuer.end),
}));

const stored = new Map<string, string>();
const went: string[] = [];
const reload = vi.fn();
let offered: Access = OIDC;
let auth: typeof import('./auth');
let credentials: typeof import('./credentials');

/** As after a load of the page at an address: modules begin anew, what the tab keeps stays. */
async function load(pathname = '/circuit/p', search = '?view=steer'): Promise<void> {
  vi.resetModules();
  const href = `https://page${pathname}${search}`;
  const assign = (address: string) => void went.push(address);
  vi.stubGlobal('location', { pathname, search, href, origin: 'https://page', assign, reload });
  auth = await import('./auth');
  credentials = await import('./credentials');
}

function login(change: Partial<Login> = {}): Login {
  const plain = { expiresAt: Date.now() - 1, refreshToken: null, idToken: null, scope: null };
  return { token: 'old', at: Date.now() - 60_000, ...plain, ...change };
}

/** Answers the questions one after the other; then declines. */
function answering(...answers: Answer[]): Question[] {
  const asked: Question[] = [];
  auth.askWith((question) => {
    asked.push(question);
    return Promise.resolve(answers.shift() ?? null);
  });
  return asked;
}

beforeEach(async () => {
  stored.clear();
  went.length = 0;
  reload.mockClear();
  offered = OIDC;
  issuer.end = null;
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(offered)));
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => void stored.set(name, value),
    removeItem: (name: string) => void stored.delete(name),
  });
  await load();
});
afterEach(() => vi.unstubAllGlobals());

describe('renewToken', () => {
  it('leaves once for the issuer however many requests were refused, and remembers where', async () => {
    void auth.renewToken();
    void auth.renewToken();
    await vi.waitFor(() => expect(went).toHaveLength(1));
    void auth.renewToken();
    await new Promise((resolve) => setTimeout(resolve));
    expect(went).toEqual(['https://issuer/authorize?address=/circuit/p?view=steer&again=false']);
  });

  it('asks instead of leaving a third time within a minute, and says what the server said', async () => {
    for (const times of [1, 2]) {
      void auth.renewToken();
      await vi.waitFor(() => expect(went).toHaveLength(times));
      await load();
    }
    const asked = answering();
    await expect(auth.renewToken('of another audience')).resolves.toBe(false);
    expect(went).toHaveLength(2);
    expect(asked).toMatchObject([{ why: 'refused again', detail: 'of another audience', signIn: true, token: false }]);
  });

  it('leaves again when the person wants it, and counts anew', async () => {
    stored.set('circuitstream.logins', JSON.stringify([Date.now(), Date.now()]));
    answering('sign in');
    void auth.renewToken();
    await vi.waitFor(() => expect(went).toHaveLength(1));
    expect(stored.get('circuitstream.logins')).toBe('[]');
  });

  it('renews by the refresh token without leaving', async () => {
    issuer.refresh = ({ refreshToken }) => Promise.resolve(login({ token: `by ${refreshToken}` }));
    credentials.keepLogin(login({ refreshToken: 'r' }));
    await expect(auth.renewToken()).resolves.toBe(true);
    expect(auth.authorization()).toEqual({ Authorization: 'Bearer by r' });
    expect(went).toEqual([]);
  });

  it('signs in again when the refresh token is refused', async () => {
    offered = BOTH;
    issuer.refresh = () => Promise.resolve(null);
    credentials.keepLogin(login({ refreshToken: 'r' }));
    void auth.renewToken();
    await vi.waitFor(() => expect(went).toHaveLength(1));
    expect(credentials.login()?.refreshToken).toBeNull();
  });

  it('says why when the issuer does not answer, and keeps the refresh token', async () => {
    issuer.refresh = () => Promise.reject(new TypeError('Failed to fetch'));
    credentials.keepLogin(login({ refreshToken: 'r' }));
    const asked = answering();
    await expect(auth.renewToken()).resolves.toBe(false);
    expect(asked).toMatchObject([{ why: { failed: 'Failed to fetch' } }]);
    expect(credentials.login()?.refreshToken).toBe('r');
    expect(went).toEqual([]);
  });

  it('offers both where both are taken, and keeps a typed token', async () => {
    offered = BOTH;
    const asked = answering({ token: 'typed' });
    await expect(auth.renewToken()).resolves.toBe(true);
    expect(asked).toMatchObject([{ why: 'needed', signIn: true, token: true, authority: 'https://issuer' }]);
    expect(auth.authorization()).toEqual({ Authorization: 'Bearer typed' });
  });

  it('takes a token of the issuer where the page cannot sign in', async () => {
    offered = { kinds: ['oidc'], oidc: { authority: 'https://issuer', clientId: null, scope: '' } };
    const asked = answering();
    await auth.renewToken();
    expect(asked).toMatchObject([{ why: 'needed', signIn: false, token: true }]);
  });

  it('does not leave by itself after the person declined', async () => {
    stored.set('circuitstream.logins', JSON.stringify([Date.now(), Date.now()]));
    const asked = answering();
    await auth.renewToken();
    stored.delete('circuitstream.logins');
    await auth.renewToken();
    expect(asked).toHaveLength(2);
    expect(went).toEqual([]);
  });

  it('gives up without a question when the server is gone', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')));
    const asked = answering();
    await expect(auth.renewToken()).resolves.toBe(false);
    expect(asked).toEqual([]);
  });
});

describe('renewExpired', () => {
  it('leaves a token alone that is good', async () => {
    credentials.keepLogin(login({ expiresAt: Date.now() + 60_000, refreshToken: 'r' }));
    await expect(auth.renewExpired()).resolves.toBe(false);
    expect(auth.authorization()).toEqual({ Authorization: 'Bearer old' });
  });

  it('leaves a typed token alone', async () => {
    credentials.keepTyped('typed');
    await expect(auth.renewExpired()).resolves.toBe(false);
  });

  it('renews one that has expired', async () => {
    issuer.refresh = () => Promise.resolve(login({ token: 'new' }));
    credentials.keepLogin(login({ refreshToken: 'r' }));
    await expect(auth.renewExpired()).resolves.toBe(true);
  });
});

describe('takeAnswer', () => {
  it('keeps the login and yields the address that it was begun at', async () => {
    issuer.answer = () =>
      Promise.resolve({ login: login({ token: 'new' }), state: { address: '/circuit/p?view=steer' } });
    stored.set('circuitstream.signed-out', 'true');
    await load('/', '?code=c&state=s');
    await expect(auth.takeAnswer()).resolves.toBe('/circuit/p?view=steer');
    expect(auth.authorization()).toEqual({ Authorization: 'Bearer new' });
    expect(stored.has('circuitstream.signed-out')).toBe(false);
  });

  it('asks with the reason when the issuer refused, at the address all the same', async () => {
    const refusal = Object.assign(new Error('The user said no'), { state: { address: '/audit' } });
    issuer.answer = () => Promise.reject(refusal);
    await load('/', '?error=access_denied&state=s');
    await expect(auth.takeAnswer()).resolves.toBe('/audit');
    const asked = answering();
    await auth.renewToken();
    expect(asked).toMatchObject([{ why: { failed: 'The user said no' } }]);
    expect(went).toEqual([]);
  });

  it.each([
    ['/live', '?state=COMPLETED&code=c'],
    ['/', '?state=COMPLETED'],
    ['/', ''],
  ])('leaves %s%s alone', async (pathname, search) => {
    await load(pathname, search);
    await expect(auth.takeAnswer()).resolves.toBeNull();
  });
});

describe('signOut', () => {
  it('ends the session of the issuer too', async () => {
    issuer.end = 'https://issuer/end';
    credentials.keepLogin(login());
    void auth.signOut();
    await vi.waitFor(() => expect(went).toEqual(['https://issuer/end']));
    expect(auth.authorization()).toEqual({});
  });

  it('waits for the person afterwards, and has the issuer ask them', async () => {
    credentials.keepLogin(login());
    await auth.signOut();
    expect(reload).toHaveBeenCalledTimes(1);
    const asked = answering('sign in');
    void auth.renewToken();
    await vi.waitFor(() => expect(went).toHaveLength(1));
    expect(asked).toMatchObject([{ why: 'signed out' }]);
    expect(went[0]).toContain('again=true');
  });

  it('forgets a typed token', async () => {
    credentials.keepTyped('typed');
    await auth.signOut();
    expect(auth.authorization()).toEqual({});
  });
});
