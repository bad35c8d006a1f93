import type { Summary } from '../lib/types';

/** A finished trace of a test, with what the test says. */
export function trace(changes: Partial<Summary> = {}): Summary {
  return {
    promptId: 'p',
    text: 'the capital of texas is',
    tokens: null,
    model: 'tiny',
    modelHash: 'hash',
    scan: 'scan',
    tenant: 'default',
    tags: [],
    submittedAt: 1000,
    updatedAt: 2000,
    stage: 'validation',
    state: 'COMPLETED',
    message: null,
    topLogits: [],
    activeFeatures: 10,
    nodes: 5,
    edges: 6,
    replacementScore: 0.9,
    completenessScore: 0.9,
    circuitReplacementScore: 0.5,
    circuitCompletenessScore: 0.5,
    skippedInfluenceBound: 0,
    sameTopToken: true,
    confirmed: 1,
    refuted: 0,
    inconclusive: 0,
    verdict: 'SUPPORTED',
    stageMs: { inference: 1, attribution: 2, pruning: 3, validation: 4 },
    imported: false,
    ...changes,
  };
}
