// Results of the stages that a circuit is shown from, and what people add to it.

import type { Criterion, FeatureTarget, PromptSubmitted } from './prompts';
import type { Provenance, Status } from './traces';

export type NodeKind = 'UNKNOWN' | 'FEATURE' | 'ERROR' | 'TOKEN' | 'LOGIT';

export interface TokenProbability {
  id: number;
  token: string;
  logit: number;
  probability: number;
}

export interface ReplacementAgreement {
  sameTopToken: boolean;
  topToken: string;
  klDivergence: number;
  normalisedMse: number[];
}

/** InferenceCompleted without its feature columns. */
export interface Inference {
  promptId: string;
  status: Status;
  message: string | null;
  request: PromptSubmitted;
  provenance: Provenance;
  warnings: string[];
  tokenIds: number[];
  tokens: string[];
  text: string | null;
  tokenStart: number[];
  tokenEnd: number[];
  topLogits: TokenProbability[];
  layers: number;
  maskedPositions: number;
  featuresDigest: string;
  /** [L·T], layer-major. */
  errorNorm: number[];
  agreement: ReplacementAgreement | null;
}

export interface CircuitNode {
  /** Neuronpedia's node id. */
  id: string;
  kind: NodeKind;
  /** −1 for tokens, L for logits. */
  layer: number;
  position: number;
  /** Feature index; token id for tokens and logits; −1 for errors. */
  feature: number;
  value: number;
  influence: number;
  /** Cumulative share of influence up to this node: low is important, 0 for logits. */
  score: number;
  /** Signed total effect on the first target's demeaned logit. */
  effect: number;
}

export interface LogitTarget {
  tokenId: number;
  token: string;
  probability: number;
  difference: { plus: number; minus: number } | null;
  feature: FeatureTarget | null;
  vector: number[] | null;
}

export interface CurvePoint {
  criterion: Criterion;
  nodeThreshold: number;
  nodes: number;
  edges: number;
  completeness: number;
  replacement: number;
}

export interface SupernodeProposal {
  reason: 'UNKNOWN' | 'SAME_FEATURE' | 'SAME_PROFILE';
  /** Indices in nodes. */
  nodes: number[];
  similarity: number;
}

export interface CircuitPath {
  /** Indices in nodes: the token first, the logit last. */
  nodes: number[];
  strength: number;
  effect: number;
}

export interface Circuit {
  promptId: string;
  status: Status;
  message: string | null;
  request: PromptSubmitted;
  provenance: Provenance;
  tokenIds: number[];
  tokens: string[];
  layers: number;
  targets: LogitTarget[];
  nodes: CircuitNode[];
  /** [E] indices in nodes. */
  edgeTarget: number[];
  /** [E] indices in nodes. */
  edgeSource: number[];
  /** [E] direct effects. */
  edgeWeight: number[];
  /** Per node: Σ|weight| of the edges kept at it, 0 if none. */
  targetAbsSum: number[];
  activeFeatures: number;
  rows: number;
  storedEdges: number;
  replacementScore: number;
  completenessScore: number;
  circuitReplacementScore: number;
  circuitCompletenessScore: number;
  skippedInfluenceBound: number;
  skippedRows: number;
  leftOutEdges: number;
  leftOutInfluenceBound: number;
  circuitSignedReplacementScore: number;
  circuitSignedCompletenessScore: number;
  criterion: Criterion;
  nodeThreshold: number;
  edgeThreshold: number;
  curve: CurvePoint[];
  supernodes: SupernodeProposal[];
  paths: CircuitPath[];
}

export interface Supernode {
  name: string;
  nodes: string[];
}

export interface Scores {
  replacement: number;
  completeness: number;
}

export interface AnnotationEdit {
  baseRevision: number;
  pins: string[];
  supernodes: Supernode[];
  labels: Record<string, string>;
  author?: string;
}

export interface Annotations {
  /** 0: nobody has annotated this circuit yet. */
  revision: number;
  pins: string[];
  supernodes: Supernode[];
  labels: Record<string, string>;
  author: string | null;
  at: number | null;
  history: { revision: number; author: string | null; at: number; summary: string }[];
}
