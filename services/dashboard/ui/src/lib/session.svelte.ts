import { api } from './api';
import { LiveStream, type Connection } from './live';
import type { Config } from './types';

/** The one stream of events of this page. */
export const live = new LiveStream();

/** What every screen needs to know of the server; `config` is null until it has answered once. */
export const session = $state<{ connection: Connection; config: Config | null }>({
  connection: { state: 'connecting' },
  config: null,
});

/** Connects, and reads the configuration again at every connection: the server may have been upgraded. */
export function connect(): void {
  live.watch((connection) => {
    session.connection = connection;
    if (connection.state !== 'connected') return;
    api.config().then(
      (config) => (session.config = config),
      () => undefined, // The stream's own state tells that the server is gone.
    );
  });
  live.start();
}
