import { count, duration, percent } from '../lib/format';
import type { Stage, StageProgress, Summary } from '../lib/types';

const STAGES: Stage[] = ['prompts', 'inference', 'attribution', 'pruning', 'validation'];
const UNITS: Partial<Record<Stage, string>> = { attribution: 'rows', validation: 'interventions' };

/** The stage after the last one with a result. */
export function nextStage(stage: Stage): Stage {
  return STAGES[Math.min(STAGES.length - 1, STAGES.indexOf(stage) + 1)] ?? 'validation';
}

export interface ProgressLook {
  stage: Stage;
  /** 0 to 1; null when it is not known how much there is to do. */
  share: number | null;
  text: string;
}

/** What a running trace is doing; progress of a stage that it has left already does not count. */
export function progressLook(trace: Summary, progress: StageProgress | undefined): ProgressLook {
  const waiting = nextStage(trace.stage);
  const current = progress && STAGES.indexOf(progress.stage) > STAGES.indexOf(trace.stage) ? progress : undefined;
  if (!current) return { stage: waiting, share: null, text: 'waiting' };
  if (current.total <= 0) return { stage: current.stage, share: null, text: 'running' };
  const parts = [`${count(current.done)} of ${count(current.total)} ${UNITS[current.stage] ?? 'steps'}`];
  if (current.secondsLeft !== null) parts.push(`${duration(current.secondsLeft * 1000)} left`);
  if (current.settledInfluence !== null) parts.push(`${percent(current.settledInfluence, 0)} settled`);
  return { stage: current.stage, share: Math.min(1, current.done / current.total), text: parts.join(' · ') };
}
