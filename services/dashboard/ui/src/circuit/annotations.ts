import type { Annotations, Supernode } from '../lib/types';

/** What people add to a circuit, without who and when. */
export interface Draft {
  readonly pins: readonly string[];
  readonly supernodes: readonly Supernode[];
  readonly labels: Readonly<Record<string, string>>;
}

export const noDraft: Draft = { pins: [], supernodes: [], labels: {} };

export function draftOf(annotations: Annotations): Draft {
  return { pins: annotations.pins, supernodes: annotations.supernodes, labels: annotations.labels };
}

export function sameDraft(a: Draft, b: Draft): boolean {
  return differences(a, b).length === 0;
}

/**
 * Two people's changes to the same base in one draft. Where both changed the same thing mine wins; a node that ends up
 * in two groups stays in mine.
 */
export function merged(base: Draft, mine: Draft, theirs: Draft): Draft {
  return {
    pins: mergedPins(base.pins, mine.pins, theirs.pins),
    supernodes: mergedGroups(base.supernodes, mine.supernodes, theirs.supernodes),
    labels: mergedLabels(base.labels, mine.labels, theirs.labels),
  };
}

function mergedPins(base: readonly string[], mine: readonly string[], theirs: readonly string[]): string[] {
  const removed = new Set(base.filter((pin) => !mine.includes(pin)));
  return [...new Set([...theirs, ...mine.filter((pin) => !base.includes(pin))])].filter((pin) => !removed.has(pin));
}

function mergedGroups(
  base: readonly Supernode[],
  mine: readonly Supernode[],
  theirs: readonly Supernode[],
): Supernode[] {
  const has = (groups: readonly Supernode[], one: Supernode) => groups.some((group) => sameGroup(group, one));
  const changed = mine.filter((group) => !has(base, group));
  const taken = new Set(changed.flatMap((group) => group.nodes));
  const kept = theirs
    .filter((group) => !has(base, group) || has(mine, group))
    .filter((group) => !changed.some((one) => one.name === group.name))
    .map((group) => ({ ...group, nodes: group.nodes.filter((node) => !taken.has(node)) }))
    .filter((group) => group.nodes.length > 0);
  return [...kept, ...changed];
}

function mergedLabels(base: Draft['labels'], mine: Draft['labels'], theirs: Draft['labels']): Record<string, string> {
  const result: Record<string, string> = { ...theirs };
  for (const node of new Set([...Object.keys(base), ...Object.keys(mine)])) {
    const label = mine[node];
    if (label === base[node]) continue;
    if (label === undefined) Reflect.deleteProperty(result, node);
    else result[node] = label;
  }
  return result;
}

function sameGroup(a: Supernode, b: Supernode): boolean {
  return a.name === b.name && [...a.nodes].sort().join() === [...b.nodes].sort().join();
}

/** What changed from one draft to another, a phrase for each: “2 nodes pinned”, “group ‘texas’ new”. Raw names. */
export function differences(from: Draft, to: Draft): string[] {
  const pinned = to.pins.filter((pin) => !from.pins.includes(pin)).length;
  const unpinned = from.pins.filter((pin) => !to.pins.includes(pin)).length;
  const names = (draft: Draft) => new Map(draft.supernodes.map((group) => [group.name, group]));
  const before = names(from);
  const after = names(to);
  const phrases: string[] = [];
  if (pinned) phrases.push(`${count(pinned, 'node')} pinned`);
  if (unpinned) phrases.push(`${count(unpinned, 'node')} unpinned`);
  for (const [name, group] of after) {
    const old = before.get(name);
    if (!old) phrases.push(`group ‘${name}’ new`);
    else if (!sameGroup(old, group)) phrases.push(`group ‘${name}’ has other members`);
  }
  for (const name of before.keys()) if (!after.has(name)) phrases.push(`group ‘${name}’ gone`);
  const nodes = new Set([...Object.keys(from.labels), ...Object.keys(to.labels)]);
  const relabelled = [...nodes].filter((node) => from.labels[node] !== to.labels[node]).length;
  if (relabelled) phrases.push(`${count(relabelled, 'label')} changed`);
  return phrases;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
