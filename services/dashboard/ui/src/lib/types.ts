/**
 * What the server's HTTP API sends and takes. Where an event of Kafka travels, its fields keep the names of the Avro
 * schemas (schemas/src/main/avro); columns of bytes are arrays of numbers, times are milliseconds since 1970 (UTC).
 */

export type Stage = 'prompts' | 'inference' | 'attribution' | 'pruning' | 'validation';
export type State = 'RUNNING' | 'COMPLETED' | 'FAILED';
export type TrustVerdict = 'UNKNOWN' | 'UNTESTED' | 'SUPPORTED' | 'MIXED' | 'UNSUPPORTED';
export type ClaimVerdict = 'UNKNOWN' | 'CONFIRMED' | 'REFUTED' | 'INCONCLUSIVE';
export type Status = 'UNKNOWN' | 'OK' | 'FAILED';
export type NodeKind = 'UNKNOWN' | 'FEATURE' | 'ERROR' | 'TOKEN' | 'LOGIT';
export type LabelSource = 'UNKNOWN' | 'NONE' | 'AUTOMATIC' | 'LANGUAGE_MODEL' | 'PERSON';
export type LabelEvidence = 'UNKNOWN' | 'UNLABELLED' | 'TOKEN' | 'CONTEXT' | 'OUTPUT' | 'OPERANDS' | 'POSITION';
export type ProgressState = 'UNKNOWN' | 'STARTED' | 'RUNNING' | 'COMPLETED' | 'FAILED';
export type Criterion = 'UNKNOWN' | 'AUTOMATIC' | 'INFLUENCE' | 'ELIMINATION';

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

export interface Claim {
  source: string;
  target: string;
  predicted: number;
  direct: number;
  directPredicted: number;
  measuredOwnLayer: number;
  measuredAllLayers: number;
  controls: number[];
  verdict: ClaimVerdict;
  kind: 'UNKNOWN' | 'KNOCK_ON' | 'DIRECT';
  bestPredictor: 'UNKNOWN' | 'FROZEN_GRAPH' | 'MODEL_GRADIENT';
  bestPredictedOwnLayer: number | null;
  bestPredictedAllLayers: number | null;
  divergence: number;
  sweep: { factor: number; ownLayer: number }[];
  constrained: number[];
}

export interface ValidationReport {
  promptId: string;
  status: Status;
  message: string | null;
  request: PromptSubmitted;
  provenance: Provenance;
  claims: Claim[];
  confirmed: number;
  refuted: number;
  inconclusive: number;
  spearman: number | null;
  signAgreement: number | null;
  worstDirectError: number;
  verdict: TrustVerdict;
  bestSpearman: number | null;
  divergenceSpearman: number | null;
  featureSpearman: number | null;
  depths: { depth: number; pairs: number; cosine: number }[];
  /** [n] indices among the circuit's edges. */
  testedEdge: number[];
  /** [n] change of the edge's target that the circuit predicts. */
  edgePredicted: number[];
  /** [n] change measured in the model, taken away at the source's own layer. */
  edgeOwnLayer: number[];
  /** [n] the same, taken away at every layer the source writes to. */
  edgeAllLayers: number[];
  confirmedShare: number | null;
  errorShare: number;
  completeness: number;
  replacementAgrees: boolean;
}

export interface Supernode {
  name: string;
  nodes: string[];
}

export interface Scores {
  replacement: number;
  completeness: number;
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
}

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

export interface DeadLetter {
  partition: number;
  offset: number;
  at: number;
  key: string | null;
  headers: Record<string, string>;
  bytes: number;
  /** Hexadecimal, the first 64 bytes. */
  preview: string;
}

export interface TrustBucket {
  from: number;
  supported: number;
  mixed: number;
  unsupported: number;
  untested: number;
  failed: number;
  replacementScore: number | null;
  completenessScore: number | null;
}

export type EdgeEnd =
  | { kind: 'FEATURE'; layer: number; feature: number }
  | { kind: 'TOKEN'; token: string }
  | { kind: 'LOGIT'; token: string };

export interface RecurrentEdge {
  scan: string;
  source: EdgeEnd;
  target: EdgeEnd;
  circuits: number;
  meanWeight: number;
}

/** The events of GET /api/v1/events by name. */
export interface LiveEvents {
  trace: Summary;
  progress: StageProgress;
  steered: { requestId: string; status: Status };
  annotations: { promptId: string; revision: number };
  label: { scan: string; layer: number; feature: number; label: string };
  training: TrainingProgress;
  operations: OperationsTotals;
  /** What came in between is lost: lists must be loaded again. */
  reset: Record<string, never>;
}
