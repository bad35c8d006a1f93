/** Characters that text can hide behind or reorder other text with: shown by number. */
// A class of single characters, whatever they would combine to.
/* eslint-disable no-misleading-character-class */
const INVISIBLE = new RegExp(
  [
    '[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]', // controls
    '[\\u00ad\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u3164\\uffa0]', // letters and hyphens without a shape
    '[\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff0-\\ufffb]', // zero width, direction, format
    '[\\ufe00-\\ufe0f\\u{e0000}-\\u{e0fff}]', // variation selectors and tags
  ].join('|'),
  'gu',
);
/* eslint-enable no-misleading-character-class */

function shown(character: string): string {
  return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/**
 * Text of a prompt, token, label or file as a person can read all of it: line breaks ⏎, tabs ⇥, other characters that
 * cannot be seen or that turn the writing direction ⟨U+202E⟩. Letters of scripts written right to left stay; what shows
 * the text isolates it (`<bdi>`, Text.svelte). Longer than `limit` code units is cut with an ellipsis.
 */
export function visible(text: string, limit = Infinity): string {
  const kept = text.length > limit ? `${cut(text, limit)}…` : text;
  return kept
    .replace(/\r\n|\r|\n/g, '⏎')
    .replace(/\t/g, '⇥')
    .replace(INVISIBLE, shown)
    .replace(/[\ud800-\udfff]/gu, shown);
}

function cut(text: string, limit: number): string {
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? limit - 1 : limit);
}

/** A token as a chip shows it: as `visible`, its leading and trailing spaces as ␣, and ∅ for an empty one. */
export function visibleToken(token: string): string {
  if (token === '') return '∅';
  return visible(token).replace(/^ +| +$/g, (spaces) => '␣'.repeat(spaces.length));
}
