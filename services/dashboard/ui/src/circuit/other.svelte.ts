import { api, aborted, reason } from '../lib/api';
import { at } from './at';
import { compared, type Comparison } from './compare';
import { CircuitView } from './view.svelte';

/** The circuit that another one is compared with. Reactive. */
export class Other {
  view = $state.raw<CircuitView | null>(null);
  failure = $state('');
  comparison = $state.raw<Comparison | null>(null);
  /** Nodes without a partner: of the circuit, of the other. */
  alone = $state.raw<readonly [ReadonlySet<number>, ReadonlySet<number>]>([new Set(), new Set()]);

  /** Loads the other circuit and compares; the answer gives it up. */
  load(promptId: string, own: CircuitView): () => void {
    const abort = new AbortController();
    this.failure = '';
    this.view = null;
    this.comparison = null;
    api.circuit(promptId, abort.signal).then(
      (circuit) => {
        const view = new CircuitView(circuit, () => undefined);
        const comparison = compared(own.graph, view.graph);
        this.alone = [alone(comparison.toRight), alone(comparison.toLeft)];
        this.comparison = comparison;
        this.view = view;
      },
      (error: unknown) => {
        if (!aborted(error)) this.failure = reason(error);
      },
    );
    return () => abort.abort();
  }

  /** Points at the same node in both. */
  follow(own: CircuitView): void {
    if (!this.view || !this.comparison) return;
    const partner = own.hovered < 0 ? -1 : at(this.comparison.toRight, own.hovered);
    if (this.view.hovered !== partner) this.view.hovered = partner;
  }
}

function alone(partners: Int32Array): Set<number> {
  return new Set([...partners.keys()].filter((node) => at(partners, node) < 0));
}
