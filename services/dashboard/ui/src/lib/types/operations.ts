// How the deployment is getting on, and what the stream tells.

import type { Finding } from './audit';
import type { Stage, StageTimes, Status, Summary } from './traces';

export type ProgressState = 'UNKNOWN' | 'STARTED' | 'RUNNING' | 'COMPLETED' | 'FAILED';

export interface StageProgress {
  promptId: string;
  stage: Exclude<Stage, 'prompts'>;
  state: ProgressState;
  done: number;
  total: number;
  elapsedMs: number;
  message: string | null;
  settledInfluence: number | null;
  secondsLeft: number | null;
}

export interface TrainingProgress {
  runId: string;
  job: string;
  name: string;
  kind: string;
  activation: string;
  state: ProgressState;
  step: number;
  steps: number;
  tokens: number;
  loss: number;
  squaredError: number;
  penalty: number;
  l0: number;
  l0ByLayer: number[];
  normalisedMseByLayer: number[];
  deadFraction: number;
  lambda: number;
  learningRate: number;
  tokensPerSecond: number;
  secondsLeft: number;
  elapsedMs: number;
  message: string | null;
  emittedAt: number;
}

/** A trained transcoder, or the neurons, measured on held-out text. */
export interface EvaluationPoint {
  kind: string;
  name: string;
  l0: number;
  normalisedMse: number;
  explainedVariance: number;
  top1Agreement: number;
  replacementScore: number;
  completenessScore: number;
  features: number;
  deadFraction: number;
}

export interface PartitionLag {
  topic: string;
  partition: number;
  end: number;
  committed: number;
  lag: number;
}

export interface ServiceInfo {
  name: string;
  group: string;
  state: string;
  members: number;
  partitions: PartitionLag[];
  lag: number;
}

export interface Operations {
  services: ServiceInfo[];
  topics: { name: string; partitions: number; records: number }[];
  deadLetters: { service: string; topic: string; records: number }[];
  versions: { codeVersion: string; seen: number }[];
  dashboard: { clients: number; dropped: number; events: number; storeBytes: number; readLag: number };
}

/** What the stream says of the whole deployment every two seconds. */
export interface OperationsTotals {
  traces: number;
  running: number;
  failed: number;
  /** Null while it is not known. */
  lag: number | null;
  ratePerMinute: number;
  p50Ms: Partial<Record<keyof StageTimes, number | null>>;
}

/** A record that a service could not process. */
export interface DeadLetter {
  /** `partition:offset` in the service's dead letters. */
  place: string;
  at: number;
  key: string | null;
  bytes: number;
  exception: string;
  message: string;
  /** How often it had been sent again before it came here. */
  replays: number;
  /** Null when it does not say where it came from: then it cannot be sent again. */
  origin: { topic: string; partition: number; offset: number } | null;
}

export interface DeadLetterDetail extends DeadLetter {
  headers: { name: string; value: string | null }[];
  stacktrace: string;
  /** Hexadecimal, the first 256 bytes. */
  preview: string;
}

/** The events of GET /api/v1/events by name. */
export interface LiveEvents {
  trace: Summary;
  progress: StageProgress;
  steered: { requestId: string; status: Status };
  annotations: { promptId: string; revision: number };
  label: { scan: string; layer: number; feature: number; label: string };
  finding: Finding;
  behaviour: { scan: string; windowStart: number };
  training: TrainingProgress;
  operations: OperationsTotals;
  /** What came in between is lost: lists must be loaded again. */
  reset: Record<string, never>;
}
