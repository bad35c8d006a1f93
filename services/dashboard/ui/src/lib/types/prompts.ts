// What is asked for.

export type Criterion = 'UNKNOWN' | 'AUTOMATIC' | 'INFLUENCE' | 'ELIMINATION';

export interface ChatMessage {
  role: string;
  content: string;
}

export interface TokenDifference {
  plus: string;
  minus: string;
}

export interface FeatureTarget {
  layer: number;
  feature: number;
  position: number;
}

export interface AttributionSettings {
  maxLogits: number;
  logitProbability: number;
  targetTokens: string[];
  rowDrop: number;
  targetDifferences: TokenDifference[];
  targetFeatures: FeatureTarget[];
  targetVectors: { label: string; values: number[] }[];
  expansion: 'AUTOMATIC' | 'EXACT' | 'BOUNDED';
  epsilon: number;
  maxFeatures: number;
}

export interface PruningSettings {
  nodeThreshold: number;
  edgeThreshold: number;
  mode: 'THRESHOLDS' | 'COMPLETENESS' | 'NODE_BUDGET';
  completenessShare: number;
  nodeBudget: number;
  criterion: Criterion;
}

export interface ValidationSettings {
  enabled: boolean;
  maxFeatures: number;
  controls: number;
  targetsPerFeature: number;
  factors: number[];
  constrained: boolean;
}

export interface PromptSubmitted {
  promptId: string;
  text: string | null;
  tokenIds: number[] | null;
  messages: ChatMessage[] | null;
  model: string | null;
  tenant: string;
  tags: string[];
  attribution: AttributionSettings;
  pruning: PruningSettings;
  validation: ValidationSettings;
}

export interface PreviewToken {
  id: number;
  token: string;
  /** Code points in the text; −1 for a token that the text does not have. */
  start: number;
  end: number;
  unknown: boolean;
}

export interface TokenPreview {
  tokens: PreviewToken[];
  warnings: string[];
  secondsEstimate: number | null;
}

/** Exactly one of text, tokenIds and messages; partial settings are filled with the server's defaults. */
export interface Submission {
  text?: string;
  tokenIds?: number[];
  messages?: ChatMessage[];
  tenant?: string;
  tags?: string[];
  attribution?: Partial<AttributionSettings>;
  pruning?: Partial<PruningSettings>;
  validation?: Partial<ValidationSettings>;
}
