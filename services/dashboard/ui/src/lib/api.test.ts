import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api, orNull, Problem, query, reason } from './api';
import { askWith, type Answer } from './auth';

const stored = new Map<string, string>();
let requests: { url: string; init: RequestInit }[] = [];

function serve(...answers: (Response | Error)[]): void {
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    if (url.endsWith('/access')) return Promise.resolve(Response.json({ kinds: ['token'], oidc: null }));
    requests.push({ url, init });
    const answer = answers.shift();
    return answer instanceof Response ? Promise.resolve(answer) : Promise.reject(answer ?? new Error('unexpected'));
  });
}

function refused(): Response {
  return new Response('{"title":"Unauthorized","status":401}', { status: 401 });
}

beforeEach(() => {
  requests = [];
  stored.clear();
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => void stored.set(name, value),
    removeItem: (name: string) => void stored.delete(name),
  });
  askWith(() => Promise.resolve(null));
});
afterEach(() => vi.unstubAllGlobals());

describe('api', () => {
  it('escapes what it puts in a path', async () => {
    serve(Response.json({}));
    await api.circuit('a/b?c');
    expect(requests[0]?.url).toBe('/api/v1/traces/a%2Fb%3Fc/circuit');
  });

  it('throws what the server says is wrong', async () => {
    serve(new Response('{"title":"Bad Request","detail":"text: too long"}', { status: 400 }));
    const error = await api.submit({ text: 'x' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ status: 400, message: 'text: too long' });
  });

  it('throws the status when the answer is no problem document', async () => {
    serve(new Response('<html>', { status: 502, statusText: 'Bad Gateway' }));
    await expect(api.config()).rejects.toMatchObject({ status: 502, message: 'Bad Gateway' });
  });

  it('throws a problem of status 0 when nobody answers', async () => {
    serve(new TypeError('network'));
    await expect(api.config()).rejects.toMatchObject({ status: 0 });
  });

  it('asks for the token once for all refused requests, and tries again with it', async () => {
    const ask = vi.fn(() => Promise.resolve<Answer>({ token: 'secret' }));
    askWith(ask);
    serve(refused(), refused(), Response.json({ version: '1' }), Response.json({ runs: [] }));
    await Promise.all([api.config(), api.training()]);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(requests.map(({ init }) => new Headers(init.headers).get('Authorization'))).toEqual([
      null,
      null,
      'Bearer secret',
      'Bearer secret',
    ]);
  });

  it('does not ask again for a request that was refused with the old token', async () => {
    const ask = vi.fn(() => Promise.resolve<Answer>({ token: 'secret' }));
    askWith(ask);
    let late: (response: Response) => void = () => undefined;
    const answers = [
      new Promise<Response>((resolve) => (late = resolve)),
      refused(),
      Response.json({}),
      Response.json({}),
    ];
    vi.stubGlobal('fetch', (url: string) =>
      url.endsWith('/access')
        ? Promise.resolve(Response.json({ kinds: ['token'], oidc: null }))
        : Promise.resolve(answers.shift()),
    );
    const first = api.config();
    await api.training();
    late(refused());
    await first;
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('gives up when no token is given', async () => {
    serve(refused());
    await expect(api.config()).rejects.toMatchObject({ status: 401 });
    expect(requests).toHaveLength(1);
  });

  it('takes an empty answer', async () => {
    serve(new Response('', { status: 202 }));
    await expect(api.label('s', 1, 2, 'x')).resolves.toBeUndefined();
    expect(requests[0]?.init.method).toBe('PUT');
  });
});

describe('orNull', () => {
  it('is null where there is nothing', async () => {
    await expect(orNull(Promise.reject(new Problem(404, 'Not found', '')))).resolves.toBeNull();
    await expect(orNull(Promise.reject(new Problem(500, 'Broken', '')))).rejects.toThrow('Broken');
  });
});

describe('query', () => {
  it('leaves out what is not set', () => {
    expect(query({ a: 1, b: '', c: undefined, d: 'x y', e: 0 })).toBe('?a=1&d=x+y&e=0');
    expect(query({})).toBe('');
  });
});

describe('reason', () => {
  it('is a sentence for anything thrown', () => {
    expect(reason(new Error('why'))).toBe('why');
    expect(reason('text')).toBe('text');
  });
});
