import { counted } from '../lib/format';
import type { DeadLetter } from '../lib/types';

/** `SerializationException` of a Java class's whole name. */
export function className(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1) || 'unknown reason';
}

/** `2 letters to prompts, 1 letter to graphs`: what sending them again means, the most first. */
export function destinations(letters: readonly Pick<DeadLetter, 'origin'>[]): string {
  const counts = new Map<string, number>();
  for (const { origin } of letters) if (origin) counts.set(origin.topic, (counts.get(origin.topic) ?? 0) + 1);
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || a.localeCompare(b))
    .map(([topic, n]) => `${counted(n, 'letter')} to ${topic}`)
    .join(', ');
}
