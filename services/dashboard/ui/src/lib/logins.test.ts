import { describe, expect, it } from 'vitest';
import type { Login } from './credentials';
import { isAnswer, nextStep, recent, returnAddress, type Situation } from './logins';
import type { Access } from './types';

const NOW = 1_000_000;
const OIDC: Access = { kinds: ['oidc'], oidc: { authority: 'https://issuer', clientId: 'page', scope: 'openid' } };
const BOTH: Access = { ...OIDC, kinds: ['token', 'oidc'] };
const TOKEN: Access = { kinds: ['token'], oidc: null };

function login(change: Partial<Login> = {}): Login {
  const plain = { expiresAt: NOW - 1, refreshToken: null, idToken: null, scope: null };
  return { token: 't', at: NOW - 600_000, ...plain, ...change };
}

function step(change: Partial<Situation>) {
  return nextStep({ access: OIDC, login: null, logins: [], unwilling: false, ...change }, NOW);
}

describe('nextStep', () => {
  it('asks where the page cannot sign anybody in', () => {
    expect(step({ access: TOKEN })).toBe('ask');
    expect(step({ access: { kinds: ['oidc'], oidc: { authority: 'i', clientId: null, scope: '' } } })).toBe('ask');
  });

  it('signs in where there is no other way, and asks where there is', () => {
    expect(step({})).toBe('redirect');
    expect(step({ access: BOTH })).toBe('ask');
  });

  it('signs in again who had signed in', () => {
    expect(step({ access: BOTH, login: login() })).toBe('redirect');
  });

  it('uses the refresh token before anything else', () => {
    expect(step({ access: BOTH, login: login({ refreshToken: 'r' }), unwilling: true })).toBe('refresh');
  });

  it('does not refresh what is refused although it is new', () => {
    const young = login({ refreshToken: 'r', at: NOW - 100, expiresAt: NOW + 60_000 });
    expect(step({ login: young })).toBe('redirect');
    expect(step({ login: { ...young, expiresAt: NOW + 500 } })).toBe('refresh');
    expect(step({ login: { ...young, at: NOW - 6000 } })).toBe('refresh');
  });

  it('asks after two logins in a minute', () => {
    expect(step({ logins: [NOW - 1000] })).toBe('redirect');
    expect(step({ logins: [NOW - 50_000, NOW - 1000] })).toBe('ask');
    expect(step({ logins: [NOW - 61_000, NOW - 1000] })).toBe('redirect');
  });

  it('asks who signed out', () => {
    expect(step({ unwilling: true })).toBe('ask');
  });
});

describe('recent', () => {
  it('leaves out what is older than a minute, and what a changed clock puts in the future', () => {
    expect(recent([NOW - 60_000, NOW - 59_999, NOW, NOW + 1], NOW)).toEqual([NOW - 59_999, NOW]);
  });
});

describe('returnAddress', () => {
  it('is the address within the page', () => {
    expect(returnAddress({ address: '/circuit/a%2Fb?view=steer&pins=1_2' })).toBe('/circuit/a%2Fb?view=steer&pins=1_2');
  });

  it.each([undefined, null, 'x', {}, { address: 7 }, { address: '//evil.example' }, { address: '/\\evil.example' }])(
    'is the first screen for %j',
    (state) => expect(returnAddress(state)).toBe('/live'),
  );

  it('is no address elsewhere', () => {
    expect(returnAddress({ address: 'https://evil.example/' })).toBe('/live');
  });
});

describe('isAnswer', () => {
  it('tells what an issuer answers from what the page itself writes', () => {
    expect(isAnswer('?code=c&state=s')).toBe(true);
    expect(isAnswer('?error=access_denied&state=s')).toBe(true);
    expect(isAnswer('?state=COMPLETED')).toBe(false);
    expect(isAnswer('')).toBe(false);
  });
});
