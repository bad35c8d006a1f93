import type { Circuit, CircuitNode, PromptSubmitted } from '../lib/types';
import { randomOf } from './random';

export interface Shape {
  readonly nodes: number;
  readonly edges: number;
  readonly layers: number;
  readonly tokens: number;
  readonly logits: number;
  readonly seed: number;
}

export const largest: Shape = { nodes: 10_000, edges: 100_000, layers: 26, tokens: 64, logits: 10, seed: 7 };

/**
 * A circuit of exactly so many nodes and edges, the same for the same shape. Edges go to later or equal positions and
 * higher layers, as in a real one; their number at a node and their weights are skewed, four in ten are negative.
 */
export function syntheticCircuit(shape: Shape): Circuit {
  const random = randomOf(shape.seed);
  const nodes = nodesOf(shape, random);
  const edges = edgesOf(nodes, shape, random);
  const sums = new Array<number>(nodes.length).fill(0);
  edges.target.forEach((node, edge) => (sums[node] = (sums[node] ?? 0) + Math.abs(edges.weight[edge] ?? 0)));
  return {
    ...frameOf(shape),
    nodes,
    edgeSource: edges.source,
    edgeTarget: edges.target,
    edgeWeight: edges.weight,
    targetAbsSum: sums,
  };
}

function nodesOf(shape: Shape, random: () => number): CircuitNode[] {
  const nodes: CircuitNode[] = [];
  const inner = shape.nodes - shape.tokens - shape.logits;
  for (let count = 0; count < inner; count++) {
    const layer = Math.floor((count * shape.layers) / inner);
    const position = Math.floor(random() ** 0.7 * shape.tokens);
    const error = random() < 0.1;
    const influence = random() ** 6;
    nodes.push({
      id: error ? `${layer}_error_mlp_${position}_${count}` : `${layer}_${count}_${position}`,
      kind: error ? 'ERROR' : 'FEATURE',
      layer,
      position,
      feature: error ? -1 : count,
      value: 1 + 10 * random(),
      influence,
      score: 1 - influence,
      effect: random() - 0.4,
    });
  }
  for (let position = 0; position < shape.tokens; position++) nodes.push(endNode('TOKEN', -1, position, position, 1));
  for (let rank = 0; rank < shape.logits; rank++) {
    nodes.push(endNode('LOGIT', shape.layers, shape.tokens - 1, rank, 0.6 / 2 ** rank));
  }
  return nodes;
}

function endNode(
  kind: 'TOKEN' | 'LOGIT',
  layer: number,
  position: number,
  feature: number,
  value: number,
): CircuitNode {
  const id = kind === 'TOKEN' ? `E_${feature}_${position}` : `${layer + 1}_${feature}_${position}`;
  return { id, kind, layer, position, feature, value, influence: 0, score: 0, effect: 0 };
}

function edgesOf(nodes: CircuitNode[], shape: Shape, random: () => number) {
  const source: number[] = [];
  const target: number[] = [];
  const weight: number[] = [];
  const seen = new Set<number>();
  while (source.length < shape.edges) {
    const to = Math.floor(random() ** 0.6 * nodes.length);
    const from = Math.floor(random() * nodes.length);
    const low = nodes[from];
    const high = nodes[to];
    const key = from * nodes.length + to;
    if (!low || !high || high.kind === 'ERROR' || low.layer >= high.layer || low.position > high.position) continue;
    if (seen.has(key)) continue;
    seen.add(key);
    source.push(from);
    target.push(to);
    weight.push((random() < 0.4 ? -1 : 1) * random() ** 4 * 3 + 1e-3);
  }
  return { source, target, weight };
}

function frameOf(shape: Shape): Circuit {
  const words = Array.from({ length: shape.tokens }, (_, index) => `token${index}`);
  const request = { promptId: 'synthetic', text: words.join(' ') } as PromptSubmitted;
  return {
    promptId: 'synthetic',
    status: 'OK',
    message: null,
    request,
    provenance: {
      modelName: 'synthetic',
      modelHash: '',
      scan: '',
      codeVersion: '',
      dtype: 'float32',
      threads: 0,
      source: { topic: '', sha256: '' },
    },
    tokenIds: words.map((_, index) => index),
    tokens: words,
    layers: shape.layers,
    targets: Array.from({ length: shape.logits }, (_, rank) => ({
      tokenId: rank,
      token: `answer${rank}`,
      probability: 0.6 / 2 ** rank,
      difference: null,
      feature: null,
      vector: null,
    })),
    nodes: [],
    edgeTarget: [],
    edgeSource: [],
    edgeWeight: [],
    targetAbsSum: [],
    activeFeatures: shape.nodes,
    rows: shape.nodes,
    storedEdges: shape.edges,
    replacementScore: 0,
    completenessScore: 0,
    circuitReplacementScore: 0,
    circuitCompletenessScore: 0,
    skippedInfluenceBound: 0,
    skippedRows: 0,
    leftOutEdges: 0,
    leftOutInfluenceBound: 0,
    circuitSignedReplacementScore: 0,
    circuitSignedCompletenessScore: 0,
    criterion: 'INFLUENCE',
    nodeThreshold: 1,
    edgeThreshold: 1,
    curve: [],
    supernodes: [],
    paths: [],
  };
}
