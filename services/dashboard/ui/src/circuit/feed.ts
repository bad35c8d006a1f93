import { api, orNull } from '../lib/api';
import { live } from '../lib/session.svelte';
import { densitiesOf, featureLabelsOf } from './load';
import type { AnnotationSaving } from './saving.svelte';
import type { CircuitView } from './view.svelte';

/** Brings what the server knows beside the circuit into a view, now and as it changes, until the answer is called. */
export function feed(view: CircuitView, saving: AnnotationSaving): () => void {
  const { promptId, provenance } = view.graph.circuit;
  void featureLabelsOf(view.graph.circuit).then(
    (labels) => (view.featureLabels = labels),
    () => undefined,
  );
  void densitiesOf(view.graph.circuit).then(
    (densities) => (view.densities = densities),
    () => undefined,
  );
  void readReport(view);
  const offs = [
    live.on('annotations', (event) => {
      if (event.promptId === promptId) void saving.heard(view, event.revision);
    }),
    live.on('reset', () => void saving.heard(view, Infinity)),
    live.on('label', (event) => {
      if (event.scan === provenance.scan) view.nameFeature(event.layer, event.feature, event.label);
    }),
    live.on('trace', (event) => {
      if (event.promptId === promptId && !view.report) void readReport(view);
    }),
  ];
  return () => offs.forEach((off) => off());
}

async function readReport(view: CircuitView): Promise<void> {
  const report = await orNull(api.validation(view.graph.circuit.promptId)).catch(() => null);
  if (report?.status === 'OK') view.report = report;
}
