import type { Me } from './types';
import { visible } from './visible';

/** Why something is not for this person, in a sentence for them; null: it is. */
export type Refusal = string | null;

/** What a person may do here beside looking. */
export interface Rights {
  /** False until the server has said who this is: nothing is allowed then, and there is no reason to tell. */
  known: boolean;
  /** Send prompts and steerings, annotate, import. */
  write: Refusal;
  /** Name features for everybody. */
  label: Refusal;
  /** What is summed over the prompts of all tenants. */
  sums: Refusal;
  deadLetters: Refusal;
}

const UNKNOWN: Rights = { known: false, write: '', label: '', sums: '', deadLetters: '' };

/** The rights of a person; of nobody yet for null. */
export function rightsOf(me: Me | null): Rights {
  if (!me) return UNKNOWN;
  const viewer = me.role === 'viewer' ? 'Your role is viewer, which only looks.' : null;
  return {
    known: true,
    write: viewer,
    label: viewer ?? bound(me, 'Labels are everybody’s: whoever gives one sees all tenants.'),
    sums: bound(me, 'They sum up the prompts of all tenants.'),
    deadLetters:
      me.role === 'admin'
        ? bound(me, 'Dead letters are of all tenants.')
        : `Your role is ${me.role}; that is for admins.`,
  };
}

function bound(me: Me, because: string): Refusal {
  return me.tenants === null ? null : `${because} You see ${seen(me.tenants)}.`;
}

/** The tenants in words. */
export function seen(tenants: readonly string[] | null): string {
  if (tenants === null) return 'all tenants';
  return `${tenants.length === 1 ? 'the tenant' : 'the tenants'} ${tenants.map((name) => `“${visible(name)}”`).join(', ')}`;
}
