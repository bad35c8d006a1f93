import { afterEach, describe, expect, it, vi } from 'vitest';
import { delay, LiveStream, type Connection } from './live';

const renewed = vi.hoisted(() => vi.fn(() => Promise.resolve(false)));
vi.mock('./auth', () => ({
  authorization: () => ({ Authorization: 'Bearer t' }),
  renewToken: () => Promise.resolve(false),
  renewExpired: renewed,
}));

/** A server whose connections are given one after the other; notes the headers of each request. */
class FakeServer {
  readonly requests: Headers[] = [];
  private readonly answers: (() => Promise<Response>)[] = [];

  connection(text: string): this {
    this.answers.push(() => Promise.resolve(new Response(text)));
    return this;
  }

  refusal(status: number): this {
    this.answers.push(() => Promise.resolve(new Response('', { status })));
    return this;
  }

  absence(): this {
    this.answers.push(() => Promise.reject(new TypeError('no network')));
    return this;
  }

  readonly fetch: typeof fetch = (_, init) => {
    this.requests.push(new Headers(init?.headers));
    const answer = this.answers.shift();
    return answer ? answer() : new Promise(() => undefined);
  };
}

describe('LiveStream', () => {
  let stream: LiveStream;
  afterEach(() => stream.stop());

  function start(server: FakeServer): { connections: Connection[]; waits: number[] } {
    const connections: Connection[] = [];
    const waits: number[] = [];
    stream = new LiveStream('/events', server.fetch, (attempt) => {
      waits.push(attempt);
      return 0;
    });
    stream.watch((connection) => connections.push(connection));
    return { connections, waits };
  }

  it('tells the listeners of a type and no others', async () => {
    const server = new FakeServer().connection('event: steered\ndata: {"requestId":"r"}\n\n');
    start(server);
    const other = vi.fn();
    stream.on('trace', other);
    const event = await new Promise((resolve) => {
      stream.on('steered', resolve);
      stream.start();
    });
    expect(event).toEqual({ requestId: 'r' });
    expect(other).not.toHaveBeenCalled();
  });

  it('sends the id of the last event that had one, and the token', async () => {
    const server = new FakeServer().connection('id: x-7\ndata: {}\n\nevent: progress\ndata: {}\n\n').absence();
    start(server);
    stream.start();
    await vi.waitFor(() => expect(server.requests).toHaveLength(3));
    expect(server.requests.map((headers) => headers.get('Last-Event-ID'))).toEqual([null, 'x-7', 'x-7']);
    expect(server.requests[0]?.get('Authorization')).toBe('Bearer t');
  });

  it('does not say reset when it resumes', async () => {
    const server = new FakeServer().connection('id: x-7\ndata: {}\n\n').connection('event: trace\ndata: {}\n\n');
    start(server);
    const reset = vi.fn();
    const trace = vi.fn();
    stream.on('reset', reset);
    stream.on('trace', trace);
    stream.start();
    await vi.waitFor(() => expect(trace).toHaveBeenCalled());
    expect(reset).not.toHaveBeenCalled();
  });

  it('says reset when it connects again without an id', async () => {
    const server = new FakeServer()
      .connection('event: progress\ndata: {}\n\n')
      .connection('event: progress\ndata: {}\n\n');
    start(server);
    const reset = vi.fn();
    stream.on('reset', reset);
    stream.start();
    await vi.waitFor(() => expect(server.requests).toHaveLength(3));
    expect(reset).toHaveBeenCalledTimes(1);
  });

  it('waits longer with every failure and begins anew after a connection', async () => {
    const server = new FakeServer().absence().refusal(503).connection('data: {}\n\n').absence();
    const { connections, waits } = start(server);
    stream.start();
    await vi.waitFor(() => expect(server.requests).toHaveLength(5));
    expect(waits).toEqual([0, 1, 0, 1]);
    expect(connections.map(({ state }) => state)).toEqual([
      'connecting',
      'disconnected',
      'disconnected',
      'connected',
      'disconnected',
      'disconnected',
    ]);
  });

  it('goes on after an event that is no JSON, without taking its id', async () => {
    const server = new FakeServer().connection('id: x-1\ndata: {\n\nid: x-2\nevent: trace\ndata: {}\n\n');
    start(server);
    const trace = vi.fn();
    stream.on('trace', trace);
    stream.start();
    await vi.waitFor(() => expect(trace).toHaveBeenCalled());

    stream.stop();
    const broken = new FakeServer().connection('id: x-1\ndata: {\n\n');
    start(broken);
    stream.start();
    await vi.waitFor(() => expect(broken.requests).toHaveLength(2));
    expect(broken.requests[1]?.get('Last-Event-ID')).toBeNull();
  });

  it('goes on at once where it was when it ended because the token expired', async () => {
    renewed.mockResolvedValueOnce(true);
    const server = new FakeServer()
      .connection('id: x-7\ndata: {}\n\n')
      .connection('id: x-8\nevent: trace\ndata: {}\n\n');
    const { connections, waits } = start(server);
    const reset = vi.fn();
    stream.on('reset', reset);
    const resumed = new Promise((resolve) => stream.on('trace', resolve));
    stream.start();
    await resumed;
    expect(server.requests[1]?.get('Last-Event-ID')).toBe('x-7');
    expect(connections.slice(0, 3).map(({ state }) => state)).toEqual(['connecting', 'connected', 'connected']);
    expect(waits).toEqual([]);
    expect(reset).not.toHaveBeenCalled();
  });

  it('resolves opened with the first connection', async () => {
    const server = new FakeServer().absence().connection('data: {}\n\n');
    start(server);
    stream.start();
    await expect(stream.opened).resolves.toBeUndefined();
    expect(server.requests).toHaveLength(2);
  });

  it('stops telling a listener that has ended', async () => {
    const server = new FakeServer().connection('event: trace\ndata: {}\n\nevent: label\ndata: {}\n\n');
    start(server);
    const ended = vi.fn();
    stream.on('trace', ended)();
    await new Promise((resolve) => {
      stream.on('label', resolve);
      stream.start();
    });
    expect(ended).not.toHaveBeenCalled();
  });
});

describe('delay', () => {
  it('doubles from half a second to ten', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map((attempt) => delay(attempt, () => 0))).toEqual([
      500, 1000, 2000, 4000, 8000, 10_000, 10_000,
    ]);
  });

  it('takes up to a fifth off by chance', () => {
    expect(delay(0, () => 1)).toBe(400);
  });
});
