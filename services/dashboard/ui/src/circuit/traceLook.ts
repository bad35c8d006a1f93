import { progressLook } from '../live/progress';
import { verdictLook } from '../lib/trust';
import type { StageProgress, Summary } from '../lib/types';

/** How a trace stands, in a word with a mark and a colour. */
export interface TraceLook {
  readonly tone: 'good' | 'warn' | 'bad' | 'idle' | 'accent';
  readonly mark: string;
  readonly text: string;
  /** Of a running trace: how far its stage is, 0 to 1, null when unknown. */
  readonly share?: number | null;
}

export function lookOf(trace: Summary, progress: StageProgress | undefined): TraceLook {
  if (trace.state === 'FAILED') return { tone: 'bad', mark: '✗', text: 'failed' };
  if (trace.state === 'RUNNING') {
    const { stage, share } = progressLook(trace, progress);
    return { tone: 'accent', mark: '●', text: stage, share };
  }
  if (trace.verdict) {
    const { tone, mark, name } = verdictLook(trace.verdict);
    return { tone, mark, text: name };
  }
  return { tone: 'idle', mark: '○', text: trace.imported ? 'imported' : 'not tested' };
}

/** The prompt; of one that came as ids its tokens; its id before anything else is known. */
export function textOf(trace: Summary): string {
  return trace.text ?? trace.tokens?.join(' ') ?? trace.promptId;
}
