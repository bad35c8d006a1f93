// What the audit says, and sums over many circuits.

export type Severity = 'UNKNOWN' | 'INFO' | 'WARNING' | 'CRITICAL';

export type RuleKind =
  | 'UNKNOWN'
  | 'WATCHED_FEATURE'
  | 'WATCHED_LABEL'
  | 'WATCHED_SUPERNODE'
  | 'LOW_TRUST'
  | 'STEERING'
  | 'MISSING_STAGE'
  | 'DRIFT';

/** One measured value and where it stands; −1 and empty where it is about none. */
export interface Evidence {
  topic: string;
  partition: number;
  offset: number;
  sha256: string;
  measure: string;
  value: number;
  threshold: number | null;
  node: string;
  target: string;
  layer: number;
  feature: number;
  position: number;
  text: string;
}

export interface Finding {
  findingId: string;
  rule: string;
  ruleKind: RuleKind;
  ruleVersion: string;
  severity: Severity;
  /** Of a steering its requestId; empty when it is about a window. */
  promptId: string;
  modelName: string;
  scan: string;
  message: string;
  /** The first one is what crossed the threshold. */
  evidence: Evidence[];
  evidenceLeftOut: number;
  eventTime: number;
  /** Of the topic of findings: its chain, its place there and its record's offset. */
  partition: number;
  sequence: number;
  offset: number;
}

export interface FindingQuery {
  limit?: number;
  before?: number;
  rule?: string;
  severity?: string;
  promptId?: string;
}

export interface FindingPage {
  findings: Finding[];
  next: number | null;
}

/** The hash chain of the findings of one partition, as the server has read it. */
export interface Chain {
  partition: number;
  findings: number;
  sequence: number;
  hash: string;
  broken: { offset: number; sequence: number; why: string } | null;
  checkpoint: { number: number; sequence: number; hash: string; time: number; key: string } | null;
  /** SAME or OTHER content than at the checkpoint's place; UNREAD: that was not read, or was cut off. */
  signed: 'UNKNOWN' | 'UNREAD' | 'SAME' | 'OTHER';
}

/** Counts by tenths: [0, .1), … [.9, 1]. */
export interface TrustDistribution {
  completeness: number[];
  replacement: number[];
  confirmedShare: number[];
  validated: number;
  validationFailed: number;
  replacementAgrees: number;
  supported: number;
  mixed: number;
  unsupported: number;
  untested: number;
}

export interface DriftMeasurement {
  measure: 'UNKNOWN' | 'FEATURES' | 'EDGES' | 'COMPLETENESS' | 'REPLACEMENT' | 'CONFIRMED_SHARE';
  divergence: number;
  pValue: number;
  nullQuantile95: number;
  circuits: number;
  previousCircuits: number;
  distinct: number;
}

/** A window of time of one scan, as lists have it. */
export interface BehaviourWindow {
  scan: string;
  windowStart: number;
  windowEnd: number;
  circuits: number;
  failed: number;
  late: number;
  lateValidations: number;
  features: number;
  featureSampling: number;
  edges: number;
  edgeSampling: number;
  trust: TrustDistribution;
  drift: { previousStart: number; permutations: number; sampleLimit: number; measurements: DriftMeasurement[] } | null;
}

export interface FeaturePlace {
  kind: 'FEATURE' | 'ERROR' | 'TOKEN' | 'LOGIT';
  layer: number;
  feature: number;
}

export interface Behaviour extends BehaviourWindow {
  topFeatures: { layer: number; feature: number; circuits: number; influence: number }[];
  recurrentEdges: { source: FeaturePlace; target: FeaturePlace; circuits: number; meanShare: number }[];
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
