import { count, counted, duration } from '../lib/format';
import type { Chain } from '../lib/types';

/** A quiet chain is signed once a minute; a checkpoint that is older means an audit that stopped. */
const OLDEST = 10 * 60_000;

export interface ChainLook {
  tone: 'good' | 'warn' | 'bad' | 'idle';
  mark: string;
  text: string;
}

/** Whether every finding that was read follows on the one before. */
export function linked({ broken, findings }: Chain): ChainLook {
  if (broken) return { tone: 'bad', mark: '✗', text: 'broken' };
  return findings === 0
    ? { tone: 'idle', mark: '○', text: 'no finding yet' }
    : { tone: 'good', mark: '✓', text: 'unbroken' };
}

/** Where it breaks first, in words. */
export function breakText({ offset, sequence, why }: NonNullable<Chain['broken']>): string {
  return `At finding ${count(sequence)}${offset < 0 ? '' : `, offset ${count(offset)}`}: ${why}.`;
}

/** How far the newest checkpoint vouches for it. */
export function signed(chain: Chain, now: number): ChainLook {
  const { checkpoint, sequence } = chain;
  if (!checkpoint) return { tone: 'bad', mark: '✗', text: 'not signed' };
  if (chain.signed === 'OTHER') return { tone: 'bad', mark: '✗', text: 'other content was signed' };
  if (chain.signed === 'UNREAD') {
    const missing = counted(checkpoint.sequence - sequence, 'finding');
    return { tone: 'warn', mark: '~', text: `${missing} signed but not read: not yet, or cut off` };
  }
  if (now - checkpoint.time > OLDEST) {
    return { tone: 'warn', mark: '~', text: `not signed for ${duration(now - checkpoint.time)}` };
  }
  const since = sequence - checkpoint.sequence;
  return { tone: 'good', mark: '✓', text: since > 0 ? `all but the last ${count(since)}` : 'all of it' };
}
