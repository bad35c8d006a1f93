import type { Claim, ClaimVerdict, ValidationReport } from '../lib/types';
import { at } from './at';
import { edgeBetween, type CircuitGraph } from './graph';

/** What interventions say of one edge of the circuit. Effects are changes of the target when the source is ablated. */
export interface TestedEdge {
  readonly edge: number;
  readonly source: number;
  readonly target: number;
  readonly predicted: number;
  readonly ownLayer: number;
  readonly allLayers: number;
  readonly verdict: ClaimVerdict;
  /** The claim about the same two nodes; null where the edge was measured without controls. */
  readonly claim: Claim | null;
}

/** Tested edges by edge index. With a claim the verdict is the claim's, else see {@link verdictOf}. */
export function testedEdges(graph: CircuitGraph, report: ValidationReport): Map<number, TestedEdge> {
  const claims = new Map(report.claims.map((claim) => [`${claim.source} ${claim.target}`, claim]));
  const tested = new Map<number, TestedEdge>();
  report.edgePredicted.forEach((predicted, row) => {
    const edge = edgeOf(graph, report, row);
    if (edge < 0 || edge >= graph.source.length) return;
    const ownLayer = at(report.edgeOwnLayer, row);
    const allLayers = at(report.edgeAllLayers, row);
    const source = at(graph.source, edge);
    const target = at(graph.target, edge);
    const claim = claims.get(`${at(graph.nodes, source).id} ${at(graph.nodes, target).id}`) ?? null;
    const verdict = claim?.verdict ?? verdictOf(predicted, ownLayer, allLayers);
    tested.set(edge, { edge, source, target, predicted, ownLayer, allLayers, verdict, claim });
  });
  for (const claim of report.claims) addClaim(graph, claim, tested);
  return tested;
}

/** An index among the circuit's edges, or the pair of nodes that it joins, whichever the report has. */
function edgeOf(graph: CircuitGraph, report: ValidationReport, row: number): number {
  if (report.testedEdge.length !== 2 * report.edgePredicted.length) return at(report.testedEdge, row);
  return edgeBetween(graph, at(report.testedEdge, 2 * row), at(report.testedEdge, 2 * row + 1));
}

function addClaim(graph: CircuitGraph, claim: Claim, tested: Map<number, TestedEdge>): void {
  const source = graph.indexOf.get(claim.source);
  const target = graph.indexOf.get(claim.target);
  if (source === undefined || target === undefined) return;
  const edge = edgeBetween(graph, source, target);
  if (edge < 0 || tested.has(edge)) return;
  tested.set(edge, {
    edge,
    source,
    target,
    predicted: claim.predicted,
    ownLayer: claim.measuredOwnLayer,
    allLayers: claim.measuredAllLayers,
    verdict: claim.verdict,
    claim,
  });
}

/**
 * A claim's rule without its controls: CONFIRMED when both measurements have the predicted sign and a quarter of its
 * size, REFUTED when both have the other sign and that size, else INCONCLUSIVE.
 */
export function verdictOf(predicted: number, ownLayer: number, allLayers: number): ClaimVerdict {
  const ratios = [ownLayer / predicted, allLayers / predicted];
  if (predicted === 0 || ratios.some(Number.isNaN)) return 'INCONCLUSIVE';
  if (ratios.every((ratio) => ratio >= 0.25)) return 'CONFIRMED';
  return ratios.every((ratio) => ratio <= -0.25) ? 'REFUTED' : 'INCONCLUSIVE';
}

export function badgeOf(verdict: ClaimVerdict): '✓' | '✗' | '~' {
  if (verdict === 'CONFIRMED') return '✓';
  return verdict === 'REFUTED' ? '✗' : '~';
}

/** Smallest and largest change that the random controls caused; null without controls. */
export function controlRange(claim: Claim): readonly [number, number] | null {
  if (claim.controls.length === 0) return null;
  return [Math.min(...claim.controls), Math.max(...claim.controls)];
}

export type Measurement = 'ownLayer' | 'allLayers';
export type Predictor = 'FROZEN_GRAPH' | 'BEST';

/** Points of the scatter: one per claim, of the predictor and the measurement chosen. */
export function pointsOf(report: ValidationReport, predictor: Predictor, measurement: Measurement) {
  return report.claims.flatMap((claim, index) => {
    const measured = measurement === 'ownLayer' ? claim.measuredOwnLayer : claim.measuredAllLayers;
    const best = measurement === 'ownLayer' ? claim.bestPredictedOwnLayer : claim.bestPredictedAllLayers;
    const predicted = predictor === 'BEST' ? best : claim.predicted;
    if (predicted === null || !Number.isFinite(predicted) || !Number.isFinite(measured)) return [];
    return [{ claim: index, predicted, measured, verdict: claim.verdict }];
  });
}
