import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Login } from './credentials';
import { refreshed, signedIn, signInAddress, signOutAddress, stateOf } from './oidc';

const ISSUER = { authority: 'https://issuer.example', clientId: 'page', scope: 'openid profile' };

/** What the issuer's token endpoint was sent. */
let sent: URLSearchParams[] = [];
const stored = new Map<string, string>();

function idToken(sub = 'ada'): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ iss: ISSUER.authority, aud: 'page', sub, exp: 9e9, iat: 1 })}.x`;
}

/** An issuer with these endpoints, whose token endpoint answers so. */
function serve(answer: () => Response | Error, endpoints: Record<string, string> = {}): void {
  vi.stubGlobal('fetch', (url: string, init?: RequestInit) => {
    if (url.endsWith('/.well-known/openid-configuration'))
      return Promise.resolve(
        Response.json({
          issuer: ISSUER.authority,
          authorization_endpoint: `${ISSUER.authority}/authorize`,
          token_endpoint: `${ISSUER.authority}/token`,
          ...endpoints,
        }),
      );
    sent.push(new URLSearchParams(init?.body as URLSearchParams));
    const given = answer();
    return given instanceof Error ? Promise.reject(given) : Promise.resolve(given);
  });
}

function tokens(more: object = {}): Response {
  return Response.json({ access_token: 'a', token_type: 'Bearer', expires_in: 300, id_token: idToken(), ...more });
}

function login(change: Partial<Login> = {}): Login {
  const plain = { expiresAt: 1, refreshToken: 'r1', idToken: idToken(), scope: 'openid profile' };
  return { token: 'old', at: 0, ...plain, ...change };
}

beforeEach(() => {
  sent = [];
  stored.clear();
  vi.stubGlobal('location', { origin: 'https://page.example' });
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => void stored.set(name, value),
    removeItem: (name: string) => void stored.delete(name),
  });
});
afterEach(() => vi.unstubAllGlobals());

describe('a login', () => {
  it('asks for a code with a challenge, to come back to the page', async () => {
    serve(tokens);
    const address = new URL(await signInAddress(ISSUER, { address: '/audit' }, false));
    expect(address.origin + address.pathname).toBe('https://issuer.example/authorize');
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      client_id: 'page',
      redirect_uri: 'https://page.example/',
      response_type: 'code',
      scope: 'openid profile',
      code_challenge_method: 'S256',
    });
    expect(address.searchParams.get('code_challenge')).toHaveLength(43);
    expect(address.searchParams.has('prompt')).toBe(false);
  });

  it('has the issuer ask whom it remembers', async () => {
    serve(tokens);
    const address = new URL(await signInAddress(ISSUER, { address: '/audit' }, true));
    expect(address.searchParams.get('prompt')).toBe('login');
  });

  it('changes the code with its verifier for tokens, once, and yields the state', async () => {
    serve(() => tokens({ refresh_token: 'r' }));
    const state = new URL(await signInAddress(ISSUER, { address: '/audit' }, false)).searchParams.get('state') ?? '';
    const answer = `https://page.example/?code=c&state=${state}`;
    const given = await signedIn(ISSUER, answer);
    expect(given).toMatchObject({ login: { token: 'a', refreshToken: 'r' }, state: { address: '/audit' } });
    expect(given.login.expiresAt).toBeGreaterThan(Date.now() + 290_000);
    expect(sent[0]?.get('code_verifier')).toMatch(/^.{43,}$/);
    expect(sent[0]?.has('client_secret')).toBe(false);
    expect([...stored]).toEqual([]);
    await expect(signedIn(ISSUER, answer)).rejects.toThrow('No matching state');
  });

  it('tells where it was begun although the issuer refuses', async () => {
    serve(tokens);
    const state = new URL(await signInAddress(ISSUER, { address: '/audit' }, false)).searchParams.get('state') ?? '';
    const address = `https://page.example/?error=access_denied&error_description=no&state=${state}`;
    const refusal: unknown = await signedIn(ISSUER, address).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ message: 'no' });
    expect(stateOf(refusal)).toEqual({ address: '/audit' });
  });
});

describe('refreshed', () => {
  it('goes on with the refresh token where the issuer gives no other', async () => {
    serve(tokens);
    await expect(refreshed(ISSUER, login())).resolves.toMatchObject({ token: 'a', refreshToken: 'r1' });
    expect(Object.fromEntries(sent[0] ?? [])).toMatchObject({ grant_type: 'refresh_token', refresh_token: 'r1' });
  });

  it('takes the next one where it does', async () => {
    serve(() => tokens({ refresh_token: 'r2', id_token: undefined }));
    await expect(refreshed(ISSUER, login())).resolves.toMatchObject({ refreshToken: 'r2', idToken: idToken() });
  });

  it('is null when the issuer refuses', async () => {
    serve(() => Response.json({ error: 'invalid_grant' }, { status: 400 }));
    await expect(refreshed(ISSUER, login())).resolves.toBeNull();
  });

  it('throws when the issuer does not answer, or answers for somebody else', async () => {
    serve(() => new TypeError('Failed to fetch'));
    await expect(refreshed(ISSUER, login())).rejects.toThrow('Failed to fetch');
    serve(() => tokens({ id_token: idToken('eve') }));
    await expect(refreshed(ISSUER, login())).rejects.toThrow(/sub/);
  });
});

describe('signOutAddress', () => {
  it('is the end of the issuer’s session, which comes back to the page', async () => {
    serve(tokens, { end_session_endpoint: `${ISSUER.authority}/end` });
    const address = new URL((await signOutAddress(ISSUER, login())) ?? '');
    expect(address.pathname).toBe('/end');
    expect(address.searchParams.get('id_token_hint')).toBe(idToken());
    expect(address.searchParams.get('post_logout_redirect_uri')).toBe('https://page.example/');
  });

  it('is none where the session has no end, and the refresh token is revoked', async () => {
    serve(() => new Response(''), { revocation_endpoint: `${ISSUER.authority}/revoke` });
    await expect(signOutAddress(ISSUER, login())).resolves.toBeNull();
    expect(sent[0]?.get('token')).toBe('r1');
  });
});
