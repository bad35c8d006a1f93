import { describe, expect, it } from 'vitest';
import type { Chain } from '../lib/types';
import { breakText, linked, signed } from './chains';

const NOW = 1_000_000_000;
const chain: Chain = {
  partition: 0,
  findings: 5,
  sequence: 5,
  hash: 'h',
  broken: null,
  checkpoint: { number: 2, sequence: 5, hash: 'h', time: NOW - 1000, key: 'k' },
  signed: 'SAME',
};

describe('linked', () => {
  it('tells unbroken, empty and broken chains apart', () => {
    expect(linked(chain).text).toBe('unbroken');
    expect(linked({ ...chain, findings: 0 }).tone).toBe('idle');
    expect(linked({ ...chain, broken: { offset: 3, sequence: 2, why: 'w' } }).tone).toBe('bad');
  });

  it('says where it breaks', () => {
    expect(breakText({ offset: 1234, sequence: 2, why: 'its hash is wrong' })).toBe(
      'At finding 2, offset 1,234: its hash is wrong.',
    );
    expect(breakText({ offset: -1, sequence: 2, why: 'w' })).toBe('At finding 2: w.');
  });
});

describe('signed', () => {
  const at = (sequence: number) => ({ number: 2, sequence, hash: 'h', time: NOW - 1000, key: 'k' });

  it('says how much the checkpoint covers', () => {
    expect(signed(chain, NOW)).toEqual({ tone: 'good', mark: '✓', text: 'all of it' });
    expect(signed({ ...chain, checkpoint: at(3) }, NOW).text).toBe('all but the last 2');
  });

  it('warns when it covers more than was read, or is old', () => {
    expect(signed({ ...chain, checkpoint: at(6), signed: 'UNREAD' }, NOW).text).toMatch(
      /^1 finding signed but not read/,
    );
    expect(signed(chain, NOW + 11 * 60_000)).toMatchObject({ tone: 'warn', text: 'not signed for 11 min 1 s' });
  });

  it('is bad when nothing or other content is signed', () => {
    expect(signed({ ...chain, checkpoint: null, signed: 'UNKNOWN' }, NOW).tone).toBe('bad');
    expect(signed({ ...chain, signed: 'OTHER' }, NOW).tone).toBe('bad');
  });
});
