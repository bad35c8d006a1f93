// Features held at other values, and the answers then.

import type { TokenProbability } from './circuits';
import type { PromptSubmitted } from './prompts';
import type { Provenance, Status } from './traces';

export type SteeringMode = 'MODEL' | 'CONSTRAINED' | 'DIRECT' | 'ITERATIVE';

export interface HeldFeature {
  layer: number;
  feature: number;
  from: number;
  /** Position after the last; null for all that follow. */
  to: number | null;
  factor: number | null;
  activation: number | null;
}

export interface SteeringRequest {
  text?: string;
  tokenIds?: number[];
  promptId?: string;
  interventions: HeldFeature[];
  mode: SteeringMode;
  ownLayerOnly: boolean;
  frozenAttention: boolean;
  topTokens: number;
  newTokens: number;
}

export interface GeneratedToken {
  tokenId: number;
  token: string;
  probability: number;
}

export interface SteeringCompleted {
  requestId: string;
  status: Status;
  message: string | null;
  request: { requestId: string; prompt: PromptSubmitted; interventions: HeldFeature[]; mode: SteeringMode };
  provenance: Provenance;
  tokenIds: number[];
  tokens: string[];
  cleanTop: TokenProbability[];
  steeredTop: TokenProbability[];
  divergence: number;
  cleanContinuation: GeneratedToken[];
  steeredContinuation: GeneratedToken[];
}
