import { describe, expect, it } from 'vitest';
import { hexLines } from './hex';

describe('hexLines', () => {
  it('shows place, bytes and what is printable', () => {
    expect(hexLines('7b22613c0a00')).toBe(`0000  7b 22 61 3c 0a 00${' '.repeat(30)}  {"a<··`);
  });

  it('begins a line every sixteen bytes', () => {
    const lines = hexLines('41'.repeat(17)).split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^0010 {2}41 +A$/);
  });

  it('is empty for no bytes', () => {
    expect(hexLines('')).toBe('');
  });
});
