// A prompt with what has become of it.

import type { AttributionSettings, PromptSubmitted, PruningSettings, ValidationSettings } from './prompts';

export type Stage = 'prompts' | 'inference' | 'attribution' | 'pruning' | 'validation';
export type State = 'RUNNING' | 'COMPLETED' | 'FAILED';
export type TrustVerdict = 'UNKNOWN' | 'UNTESTED' | 'SUPPORTED' | 'MIXED' | 'UNSUPPORTED';
export type Status = 'UNKNOWN' | 'OK' | 'FAILED';

/** Milliseconds that each stage took, by record timestamps; null until there. */
export interface StageTimes {
  inference: number | null;
  attribution: number | null;
  pruning: number | null;
  validation: number | null;
}

export interface AnswerToken {
  token: string;
  probability: number;
}

/** One row of the Live screen. */
export interface Summary {
  promptId: string;
  text: string | null;
  tokens: string[] | null;
  /** As everything that a later stage tells: null until it has. */
  model: string | null;
  modelHash: string | null;
  scan: string | null;
  tenant: string;
  tags: string[];
  submittedAt: number;
  updatedAt: number;
  /** The last stage with a result. */
  stage: Stage;
  state: State;
  message: string | null;
  topLogits: AnswerToken[];
  activeFeatures: number | null;
  /** Of the circuit. */
  nodes: number | null;
  edges: number | null;
  replacementScore: number | null;
  completenessScore: number | null;
  circuitReplacementScore: number | null;
  circuitCompletenessScore: number | null;
  skippedInfluenceBound: number | null;
  sameTopToken: boolean | null;
  confirmed: number | null;
  refuted: number | null;
  inconclusive: number | null;
  verdict: TrustVerdict | null;
  stageMs: StageTimes;
  imported: boolean;
}

export interface Provenance {
  modelName: string;
  modelHash: string;
  scan: string;
  codeVersion: string;
  dtype: string;
  threads: number;
  source: { topic: string; sha256: string };
}

export interface ModelInfo {
  model: string;
  modelHash: string;
  scan: string;
  layers: number;
  /** Null for models that the deployment has only read results of. */
  features: number | null;
  maxTokens: number | null;
}

export interface Config {
  version: string;
  commit: string;
  authRequired: boolean;
  topicPrefix: string;
  models: ModelInfo[];
  limits: { maxPromptCharacters: number; maxTokens: number | null; maxUploadBytes: number };
  defaults: { attribution: AttributionSettings; pruning: PruningSettings; validation: ValidationSettings };
}

export interface TraceQuery {
  limit?: number;
  before?: string;
  tenant?: string;
  tag?: string;
  model?: string;
  verdict?: string;
  state?: string;
  q?: string;
}

/** `next` continues with the older ones; null at the end. A page of a filter may be short, even empty, before that. */
export interface TracePage {
  traces: Summary[];
  next: string | null;
}

export interface HistoryEntry {
  stage: Stage;
  at: number;
  topic: string;
  partition: number;
  offset: number;
}

export interface TraceDetail extends Summary {
  request: PromptSubmitted;
  provenance: Provenance;
  history: HistoryEntry[];
}
