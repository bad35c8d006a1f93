import { api, orNull } from '../lib/api';
import type { Circuit } from '../lib/types';
import { featureKey } from './names';

/** Labels of a circuit's features by `layer_feature`; those without one are left out. */
export async function featureLabelsOf(circuit: Circuit): Promise<Map<string, string>> {
  const features = featuresOf(circuit);
  const labels = new Map<string, string>();
  for (let from = 0; from < features.length; from += atOnce) {
    const part = features.slice(from, from + atOnce);
    const answer = await api.lookup(circuit.provenance.scan, part);
    answer.labels.forEach((label, index) => {
      const feature = part[index];
      if (label && feature) labels.set(featureKey(...feature), label);
    });
  }
  return labels;
}

const atOnce = 5000;

function featuresOf(circuit: Circuit): [number, number][] {
  const seen = new Map<string, [number, number]>();
  for (const node of circuit.nodes) {
    if (node.kind === 'FEATURE') seen.set(featureKey(node.layer, node.feature), [node.layer, node.feature]);
  }
  return circuit.provenance.scan === '' ? [] : [...seen.values()];
}

/** [N] share of tokens at which each feature is active; null for the others, and altogether when nothing is known. */
export async function densitiesOf(circuit: Circuit): Promise<(number | null)[] | null> {
  if (circuit.provenance.scan === '') return null;
  const scatter = await orNull(api.scatter(circuit.provenance.scan));
  if (!scatter || scatter.layer.length === 0) return null;
  const density = new Map(
    scatter.layer.map((layer, index) => [
      featureKey(layer, scatter.feature[index] ?? -1),
      scatter.density[index] ?? null,
    ]),
  );
  return circuit.nodes.map((node) =>
    node.kind === 'FEATURE' ? (density.get(featureKey(node.layer, node.feature)) ?? null) : null,
  );
}
