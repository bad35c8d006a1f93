import { describe, expect, it } from 'vitest';
import { rightsOf, seen } from './rights';
import type { Me } from './types';

function me(role: Me['role'], tenants: string[] | null = null): Me {
  return { name: 'ada', role, tenants };
}

/** What is refused, by name. */
function refused(who: Me | null): string[] {
  return Object.entries(rightsOf(who))
    .filter(([name, refusal]) => name !== 'known' && refusal !== null)
    .map(([name]) => name);
}

describe('rightsOf', () => {
  it.each<[Me, string[]]>([
    [me('viewer'), ['write', 'label', 'deadLetters']],
    [me('operator'), ['deadLetters']],
    [me('admin'), []],
    [me('viewer', ['a']), ['write', 'label', 'sums', 'deadLetters']],
    [me('operator', ['a']), ['label', 'sums', 'deadLetters']],
    [me('admin', ['a']), ['label', 'sums', 'deadLetters']],
  ])('of %j refuse %j', (who, expected) => {
    expect(refused(who)).toEqual(expected);
    expect(rightsOf(who).known).toBe(true);
  });

  it('allow nothing and give no reason before it is known who it is', () => {
    expect(refused(null)).toEqual(['write', 'label', 'sums', 'deadLetters']);
    expect(rightsOf(null)).toMatchObject({ known: false, write: '', sums: '' });
  });

  it('say which tenants are seen where that is the reason', () => {
    expect(rightsOf(me('admin', ['a', 'b'])).sums).toContain('You see the tenants “a”, “b”.');
  });
});

describe('seen', () => {
  it('names the tenants, with what cannot be seen in them', () => {
    expect(seen(['a'])).toBe('the tenant “a”');
    expect(seen(['a\u202Eb'])).toBe('the tenant “a⟨U+202E⟩b”');
    expect(seen(null)).toBe('all tenants');
  });
});
