import { describe, expect, it } from 'vitest';
import { visible, visibleToken } from './visible';

describe('visible', () => {
  it.each([
    ['plain text stays', 'plain text stays'],
    ['a\nb\r\nc\rd', 'a⏎b⏎c⏎d'],
    ['a\tb', 'a⇥b'],
    ['\u0000\u001b[31m', '⟨U+0000⟩⟨U+001B⟩[31m'],
    ['user\u202Etxt.exe', 'user⟨U+202E⟩txt.exe'],
    ['a\u200Bb\u2066c\u00ADd\uFEFF', 'a⟨U+200B⟩b⟨U+2066⟩c⟨U+00AD⟩d⟨U+FEFF⟩'],
    ['tag\u{E0041}', 'tag⟨U+E0041⟩'],
    ['lone \uD800 half', 'lone ⟨U+D800⟩ half'],
    ['😀 ü 漢 שלום', '😀 ü 漢 שלום'],
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
  ])('shows %j', (text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  it('cuts long text without halving a character', () => {
    expect(visible('abcdef', 3)).toBe('abc…');
    expect(visible('ab😀cd', 3)).toBe('ab…');
    expect(visible('abc', 3)).toBe('abc');
  });
});

describe('visibleToken', () => {
  it('shows the spaces around a token', () => {
    expect(visibleToken('  the ')).toBe('␣␣the␣');
    expect(visibleToken('a b')).toBe('a b');
  });

  it('shows that a token is empty', () => {
    expect(visibleToken('')).toBe('∅');
  });
});
