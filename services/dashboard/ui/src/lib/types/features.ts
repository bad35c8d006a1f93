// Features over all prompts.

import type { Provenance } from './traces';

export type LabelSource = 'UNKNOWN' | 'NONE' | 'AUTOMATIC' | 'LANGUAGE_MODEL' | 'PERSON';
export type LabelEvidence = 'UNKNOWN' | 'UNLABELLED' | 'TOKEN' | 'CONTEXT' | 'OUTPUT' | 'OPERANDS' | 'POSITION';
export type FeatureSort = 'influence' | 'density' | 'label' | 'score';

export interface FeatureQuery {
  scan?: string;
  layer?: number;
  q?: string;
  sort?: FeatureSort;
  limit?: number;
  offset?: number;
}

export interface FeatureRow {
  scan: string;
  layer: number;
  feature: number;
  label: string;
  labelSource: LabelSource;
  evidence: LabelEvidence | null;
  score: number | null;
  activeTokens: number;
  /** Share of tokens at which the feature is active. */
  density: number;
  actMax: number;
  /** Summed over the circuits that the server has read. */
  influence: number;
  /** In how many circuits it is. */
  circuits: number;
}

export interface FeaturePage {
  total: number;
  features: FeatureRow[];
}

export interface FeatureScatter {
  layer: number[];
  feature: number[];
  density: number[];
  influence: number[];
}

export interface FeatureExample {
  tokens: string[];
  tokenIds: number[];
  activations: number[];
  peak: number;
  start: number;
}

export interface TokenEffect {
  id: number;
  token: string;
  effect: number;
}

export interface TokenCount {
  id: number;
  token: string;
  count: number;
}

export interface AutomaticLabel {
  text: string;
  evidence: LabelEvidence;
  score: number | null;
  recall: number;
  falsePositiveRate: number;
  heldOutActive: number;
  heldOutInactive: number;
}

/** What the server's circuits say of a feature. */
export interface FeatureUse {
  scan: string;
  layer: number;
  feature: number;
  influence: number;
  circuits: number;
  traces: { promptId: string; text: string | null; influence: number; position: number }[];
}

/** A feature of a circuit that the description service has not described yet. */
export interface UndescribedFeature extends FeatureUse {
  described: false;
}

/** FeatureDescription with its use. */
export interface Feature extends FeatureUse {
  described?: true;
  provenance: Provenance;
  prompts: number;
  tokens: number;
  activePrompts: number;
  activeTokens: number;
  actMin: number;
  actMax: number;
  /** Bin b holds activations from intBitsToFloat(b << 20) up to intBitsToFloat((b + 1) << 20). */
  histogramBin: number[];
  histogramCount: number[];
  quantiles: { name: string; examples: FeatureExample[] }[];
  promoted: TokenEffect[];
  suppressed: TokenEffect[];
  peakTokens: TokenCount[];
  peakTokensSampled: boolean;
  positionStart: number[];
  positionCount: number[];
  label: string;
  labelSource: LabelSource;
  automatic: AutomaticLabel | null;
  labelAuthor: string;
  labelTime: number | null;
  /** Contexts are of anybody's prompts: who does not see all tenants gets none. */
  contextsWithheld?: boolean;
}
