import { api, Problem, reason } from './api';
import { access } from './auth';
import { author } from './author';
import { LiveStream, type Connection } from './live';
import { rightsOf } from './rights';
import type { Access, Config, Me } from './types';

/** The one stream of events of this page. */
export const live = new LiveStream();

interface Session {
  connection: Connection;
  config: Config | null;
  access: Access | null;
  me: Me | null;
  /** Why the server lets this person see nothing, although it knows them; null: it does not say so. */
  shutOut: string | null;
}

/** What every screen needs to know of the server; null until it has answered once. */
export const session = $state<Session>({
  connection: { state: 'connecting' },
  config: null,
  access: null,
  me: null,
  shutOut: null,
});

const current = $derived(rightsOf(session.me));

/** What this person may do: reactive. */
export const rights = {
  get now() {
    return current;
  },
};

/** What labels and annotations are signed with: the name this browser was told, else the one the server knows. */
export function signature(): string {
  return author() || (session.me?.name ?? '');
}

/** Connects, and asks at every connection again: the server may have been upgraded, the person be another one. */
export function connect(): void {
  live.watch((connection) => {
    session.connection = connection;
    if (connection.state === 'connected') void ask();
  });
  void ask();
  live.start();
}

let asking: Promise<unknown> | null = null;

function ask(): Promise<unknown> {
  asking ??= Promise.all([
    kept(api.config(), (config) => (session.config = config)),
    kept(access(), (found) => (session.access = found)),
    kept(api.me(), (me) => {
      session.me = me;
      session.shutOut = null;
    }),
  ]).finally(() => (asking = null));
  return asking;
}

/** The stream's own state tells that the server is gone. */
function kept<T>(request: Promise<T>, keep: (value: T) => void): Promise<void> {
  return request.then(keep, (error: unknown) => {
    if (error instanceof Problem && error.status === 403) session.shutOut = reason(error);
  });
}
