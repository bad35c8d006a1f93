import { colour } from '../lib/theme.svelte';
import type { OverlayColours } from './overlay';
import { darkColours, lightColours } from './scales';

/** The page's colours as the pictures of a circuit use them. */
export function paletteOf(dark: boolean): OverlayColours {
  return {
    edges: dark ? darkColours : lightColours,
    nodeFill: colour('--surface'),
    nodeStroke: colour('--text'),
    errorFill: colour('--idle-soft'),
    surface: colour('--surface'),
    text: colour('--text'),
    muted: colour('--muted'),
    line: colour('--line'),
    ring: dark ? '#ff7ad9' : '#c2187f',
    pin: colour('--accent'),
    good: colour('--good'),
    bad: colour('--bad'),
    warn: colour('--warn'),
  };
}
