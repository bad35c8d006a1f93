import { expect, test } from 'vitest';
import { at } from './at';
import { badgesOf } from './badges';
import { texasGraph, texasReport } from './fixtures/fixtures';
import { everything, visibleIn } from './hidden';
import { layoutOf } from './layout';
import { badgeOf, controlRange, pointsOf, testedEdges, verdictOf } from './tested';

const tested = testedEdges(texasGraph, texasReport);

test('every tested edge of a real report is one of the circuit’s', () => {
  expect(tested.size).toBeGreaterThanOrEqual(texasReport.testedEdge.length);
  texasReport.testedEdge.forEach((edge, row) => {
    expect(tested.get(edge)?.predicted).toBe(texasReport.edgePredicted[row]);
    expect(tested.get(edge)?.source).toBe(texasGraph.source[edge]);
  });
});

test('an edge that a claim is about has the claim’s verdict', () => {
  for (const claim of texasReport.claims) {
    const edge = [...tested.values()].find(
      (one) =>
        at(texasGraph.nodes, one.source).id === claim.source && at(texasGraph.nodes, one.target).id === claim.target,
    );
    if (edge) expect(edge.verdict).toBe(claim.verdict);
  }
  expect([...tested.values()].some((edge) => edge.claim)).toBe(true);
});

test('pairs of nodes are read like indices of edges', () => {
  const pairs = texasReport.testedEdge.flatMap((edge) => [at(texasGraph.source, edge), at(texasGraph.target, edge)]);
  expect(testedEdges(texasGraph, { ...texasReport, testedEdge: pairs })).toEqual(tested);
});

test.each([
  [-4, -1, -4, 'CONFIRMED'],
  [-4, -0.9, -4, 'INCONCLUSIVE'],
  [-4, 1, 2, 'REFUTED'],
  [-4, -1, 2, 'INCONCLUSIVE'],
  [0, 1, 1, 'INCONCLUSIVE'],
] as const)('predicted %d, measured %d and %d: %s', (predicted, own, all, verdict) => {
  expect(verdictOf(predicted, own, all)).toBe(verdict);
});

test('badges, controls and points', () => {
  expect(['CONFIRMED', 'REFUTED', 'INCONCLUSIVE', 'UNKNOWN'].map((verdict) => badgeOf(verdict as 'UNKNOWN'))).toEqual([
    '✓',
    '✗',
    '~',
    '~',
  ]);
  const claim = at(texasReport.claims, 0);
  expect(controlRange(claim)).toEqual([Math.min(...claim.controls), Math.max(...claim.controls)]);
  expect(controlRange({ ...claim, controls: [] })).toBeNull();
  expect(pointsOf(texasReport, 'FROZEN_GRAPH', 'allLayers')[0]).toEqual({
    claim: 0,
    predicted: claim.predicted,
    measured: claim.measuredAllLayers,
    verdict: claim.verdict,
  });
  expect(pointsOf(texasReport, 'BEST', 'ownLayer')[0]?.predicted).toBe(claim.bestPredictedOwnLayer);
});

test('badges lie on their edges and away from nodes', () => {
  const layout = layoutOf(texasGraph, { width: 900, height: 600 });
  const visible = visibleIn(texasGraph, everything, new Set(), new Set(), null);
  const idle = badgesOf(layout, visible, tested, -1, 8);
  const claimed = [...tested.values()].filter((edge) => edge.claim);
  expect(idle.map((badge) => badge.tested)).toEqual(claimed);
  expect(badgesOf(layout, visible, tested, -1, 0.05).length).toBeLessThan(claimed.length);
  const source = at(idle, 0).tested.source;
  const clicked = badgesOf(layout, visible, tested, source);
  expect(clicked.every((badge) => badge.tested.source === source || badge.tested.target === source)).toBe(true);
  for (const { tested: edge, x, y } of idle) {
    const part = (y - at(layout.y, edge.source)) / (at(layout.y, edge.target) - at(layout.y, edge.source));
    expect(x).toBeCloseTo(
      at(layout.x, edge.source) + part * (at(layout.x, edge.target) - at(layout.x, edge.source)),
      3,
    );
  }
});
