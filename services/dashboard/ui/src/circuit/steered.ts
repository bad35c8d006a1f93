import { api, orNull } from '../lib/api';
import { live } from '../lib/session.svelte';
import type { SteeringCompleted } from '../lib/types';

const poll = 1500;

/** A steering's result: asked for when the stream says that it is there, and every now and then in case it does not. */
export function steered(requestId: string, signal: AbortSignal): Promise<SteeringCompleted> {
  return new Promise((resolve, reject) => {
    const ask = (): void => {
      orNull(api.steering(requestId, signal)).then(
        (result) => {
          if (result) end(() => resolve(result));
        },
        (error: unknown) => end(() => reject(error instanceof Error ? error : new Error(String(error)))),
      );
    };
    const timer = setInterval(ask, poll);
    const off = live.on('steered', (event) => {
      if (event.requestId === requestId) ask();
    });
    const end = (settle: () => void): void => {
      clearInterval(timer);
      off();
      settle();
    };
    signal.addEventListener('abort', () => end(() => reject(new DOMException('given up', 'AbortError'))));
  });
}
