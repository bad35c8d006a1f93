// What interventions said of a circuit.

import type { PromptSubmitted } from './prompts';
import type { Provenance, Status, TrustVerdict } from './traces';

export type ClaimVerdict = 'UNKNOWN' | 'CONFIRMED' | 'REFUTED' | 'INCONCLUSIVE';

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
