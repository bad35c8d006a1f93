import { describe, expect, it } from 'vitest';
import { className, destinations } from './letters';

describe('className', () => {
  it('leaves the package and the outer class out', () => {
    expect(className('org.apache.kafka.common.errors.SerializationException')).toBe('SerializationException');
    expect(className('a.B$C')).toBe('C');
    expect(className('Plain')).toBe('Plain');
  });

  it('says so when no class is told', () => {
    expect(className('')).toBe('unknown reason');
  });
});

describe('destinations', () => {
  const to = (topic: string) => ({ origin: { topic, partition: 0, offset: 0 } });

  it('counts by topic, the most first', () => {
    expect(destinations([to('a'), to('b'), to('b')])).toBe('2 letters to b, 1 letter to a');
  });

  it('leaves out letters that say nothing of where they came from', () => {
    expect(destinations([{ origin: null }, to('a')])).toBe('1 letter to a');
  });
});
