import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expired, forget, keepLogin, keepTyped, login, token, type Login } from './credentials';

const LOGIN: Login = { token: 'issued', at: 0, expiresAt: 10_000, refreshToken: 'r', idToken: null, scope: null };

const stored = new Map<string, string>();
beforeEach(() => {
  stored.clear();
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => void stored.set(name, value),
    removeItem: (name: string) => void stored.delete(name),
  });
});
afterEach(() => vi.unstubAllGlobals());

describe('the token', () => {
  it('is the one that came last, and nothing of the other stays', () => {
    keepLogin(LOGIN);
    keepTyped('typed');
    expect(token()).toBe('typed');
    expect(login()).toBeNull();
    keepLogin(LOGIN);
    expect(token()).toBe('issued');
    expect([...stored.keys()]).toHaveLength(1);
  });

  it('is none when it is forgotten', () => {
    keepTyped('typed');
    forget();
    keepLogin(LOGIN);
    forget();
    expect(token()).toBeNull();
    expect([...stored]).toEqual([]);
  });
});

describe('expired', () => {
  it('is a little before the time, because issuers count in seconds', () => {
    expect(expired(LOGIN, 8_499)).toBe(false);
    expect(expired(LOGIN, 8_500)).toBe(true);
    expect(expired({ ...LOGIN, expiresAt: null }, 1e15)).toBe(false);
  });
});
