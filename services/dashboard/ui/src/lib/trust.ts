import type { TrustVerdict } from './types';

export interface VerdictLook {
  mark: string;
  name: string;
  tone: 'good' | 'warn' | 'bad' | 'idle';
  help: string;
}

const LOOKS: Record<TrustVerdict, VerdictLook> = {
  SUPPORTED: {
    mark: '✓',
    name: 'supported',
    tone: 'good',
    help: 'At least half of the circuit’s claims were confirmed by interventions and none refuted; completeness .5 or more; the replacement model gives the model’s answer.',
  },
  MIXED: { mark: '~', name: 'mixed', tone: 'warn', help: 'Some claims held, but not enough to call it supported.' },
  UNSUPPORTED: {
    mark: '✗',
    name: 'unsupported',
    tone: 'bad',
    help: 'Interventions refuted more claims than they confirmed.',
  },
  UNTESTED: { mark: '○', name: 'untested', tone: 'idle', help: 'No intervention was run on this circuit.' },
  UNKNOWN: { mark: '?', name: 'unknown', tone: 'idle', help: 'A verdict that this page does not know.' },
};

/** How a verdict is shown: a mark beside the colour, since colour alone does not reach everybody. */
export function verdictLook(verdict: TrustVerdict): VerdictLook {
  return LOOKS[verdict] ?? LOOKS.UNKNOWN;
}
