import type { Annotations, Circuit, Supernode, ValidationReport } from '../lib/types';
import { draftOf, merged, sameDraft, type Draft } from './annotations';
import { at } from './at';
import { graphOf, indicesOf, type CircuitGraph } from './graph';
import { visibleIn, type LinkMode } from './hidden';
import { historyOf, rebased, recorded, redone, undone, type History } from './history';
import { featureKey, nameOf, type Labels } from './names';
import { firstNode, toggled, walk, type Direction } from './selection';
import { grouped, groupOf, proposals, renamed, ungrouped, without, type Proposal } from './supernodes';
import { testedEdges, type TestedEdge } from './tested';
import { type Panel, type ViewState } from './urlState';
import type { Zoom } from './zoom';

/** What is seen of one circuit and what people add to it: the state that all panels of the screen share. */
export class CircuitView {
  readonly graph: CircuitGraph;
  panel = $state<Panel>('subgraph');
  clicked = $state(-1);
  hovered = $state(-1);
  /** A tested edge whose numbers are open: its index, −1 for none. */
  edge = $state(-1);
  /** Nodes to group next. */
  marked = $state.raw<ReadonlySet<number>>(new Set());
  grouping = $state(false);
  /** Index in circuit.paths of the one that is shown, −1 for none. */
  path = $state(-1);
  /** Nodes that a search found. */
  found = $state.raw<ReadonlySet<number>>(new Set());
  threshold = $state(1);
  density = $state(1);
  errors = $state(true);
  links = $state<LinkMode>('all');
  compare = $state<string | null>(null);
  /** The part of the link graph that is seen; null for all of it. */
  zoom = $state.raw<Zoom | null>(null);
  positions = $state.raw<Readonly<Record<string, readonly [number, number]>>>({});
  edits = $state.raw<History<Draft>>(historyOf({ pins: [], supernodes: [], labels: {} }));
  featureLabels = $state.raw<ReadonlyMap<string, string>>(new Map());
  /** [N] share of tokens at which a feature is active; null where not known. */
  densities = $state.raw<readonly (number | null)[] | null>(null);
  report = $state.raw<ValidationReport | null>(null);

  readonly draft = $derived(this.edits.present);
  readonly labels = $derived<Labels>({ nodes: this.draft.labels, features: this.featureLabels });
  readonly pinned = $derived.by(() => new Set(indicesOf(this.graph, this.pins)));
  readonly visible = $derived.by(() => visibleIn(this.graph, this.filter, this.kept, this.pinned, this.densities));
  readonly proposed = $derived.by(() => proposals(this.graph, this.draft.supernodes, this.labels));
  readonly tested = $derived.by<ReadonlyMap<number, TestedEdge>>(() =>
    this.report ? testedEdges(this.graph, this.report) : none,
  );

  private came: { node: number; direction: 'up' | 'down' } | null = null;

  /** `changed` hears of every change that this person makes to the annotations. */
  constructor(
    circuit: Circuit,
    private readonly changed: (draft: Draft) => void,
  ) {
    this.graph = graphOf(circuit);
  }

  /** Pinned by hand or as member of a group. */
  get pins(): string[] {
    return [...new Set([...this.draft.pins, ...this.draft.supernodes.flatMap((group) => group.nodes)])];
  }

  get canUndo(): boolean {
    return this.edits.past.length > 0;
  }

  get canRedo(): boolean {
    return this.edits.future.length > 0;
  }

  name(node: number): string {
    return nameOf(this.graph, node, this.labels);
  }

  id(node: number): string {
    return at(this.graph.nodes, node).id;
  }

  click(node: number): void {
    if (this.grouping && node >= 0) {
      this.mark(node);
      return;
    }
    this.clicked = node === this.clicked ? -1 : node;
    this.came = null;
  }

  /** Clicks a node without unclicking it when it was. */
  show(node: number): void {
    this.clicked = node;
    this.came = null;
  }

  mark(node: number): void {
    this.marked = new Set(toggled([...this.marked], node));
  }

  walk(direction: Direction): void {
    if (this.clicked < 0) {
      this.clicked = firstNode(this.graph);
      return;
    }
    const next = walk(this.graph, this.visible, this.clicked, direction, this.came);
    if (next < 0) return;
    if (direction === 'up' || direction === 'down') this.came = { node: this.clicked, direction };
    this.clicked = next;
  }

  /** Leaves the innermost of what is open. */
  escape(): void {
    if (this.grouping || this.marked.size) {
      this.grouping = false;
      this.marked = new Set();
    } else if (this.edge >= 0) this.edge = -1;
    else if (this.path >= 0) this.path = -1;
    else if (this.found.size) this.found = new Set();
    else this.clicked = -1;
  }

  pin(node: number): void {
    const id = this.id(node);
    const draft = this.draft;
    if (this.pins.includes(id)) {
      this.record({
        ...draft,
        pins: draft.pins.filter((one) => one !== id),
        supernodes: without(draft.supernodes, id),
      });
    } else this.record({ ...draft, pins: [...draft.pins, id] });
  }

  unpinAll(): void {
    this.record({ ...this.draft, pins: [], supernodes: [] });
  }

  /** With two or more nodes marked groups them; else begins or ends the marking. */
  group(): void {
    if (this.marked.size >= 2) {
      this.makeGroup([...this.marked]);
      this.marked = new Set();
      this.grouping = false;
      return;
    }
    this.grouping = !this.grouping;
    this.marked = new Set(this.grouping && this.clicked >= 0 ? [this.clicked] : []);
  }

  accept(proposal: Proposal): void {
    this.makeGroup([...proposal.nodes], proposal.name);
  }

  rename(group: string, name: string): void {
    this.record({ ...this.draft, supernodes: renamed(this.draft.supernodes, group, name) });
    const place = this.positions[`group:${group}`];
    if (place) this.positions = { ...this.positions, [`group:${name}`]: place };
  }

  /** The members stay pinned. */
  ungroup(group: string): void {
    const members = this.draft.supernodes.find((one) => one.name === group)?.nodes ?? [];
    this.record({
      ...this.draft,
      pins: [...new Set([...this.draft.pins, ...members])],
      supernodes: ungrouped(this.draft.supernodes, group),
    });
  }

  /** Calls a node of this circuit so; an empty label takes it back. */
  label(node: number, text: string): void {
    if ((this.draft.labels[this.id(node)] ?? '') === text) return;
    const others = Object.entries(this.draft.labels).filter(([id]) => id !== this.id(node));
    const labels = Object.fromEntries(text ? [...others, [this.id(node), text]] : others);
    this.record({ ...this.draft, labels });
  }

  /** What a feature is called in every circuit, as the server says now; empty takes the label away. */
  nameFeature(layer: number, feature: number, label: string): void {
    const labels = new Map(this.featureLabels);
    if (label) labels.set(featureKey(layer, feature), label);
    else labels.delete(featureKey(layer, feature));
    this.featureLabels = labels;
  }

  undo(): void {
    this.step(undone(this.edits));
  }

  redo(): void {
    this.step(redone(this.edits));
  }

  /** Takes what is saved, with nothing to undo. */
  restore(draft: Draft): void {
    this.edits = historyOf(draft);
  }

  /** Takes what somebody else changed into the present and into what undo leads to. */
  take(base: Draft, theirs: Annotations): void {
    const other = draftOf(theirs);
    this.edits = rebased(this.edits, (mine) => merged(base, mine, other));
  }

  /** Applies an address; what it does not say of pins and groups stays as it is. */
  apply(state: ViewState): void {
    const index = (id: string | null) => (id === null ? -1 : (this.graph.indexOf.get(id) ?? -1));
    this.panel = state.view;
    this.clicked = index(state.clicked);
    this.threshold = state.threshold;
    this.density = state.density;
    this.errors = state.errors;
    this.links = state.links;
    this.compare = state.compare;
    this.zoom = state.zoom;
    this.positions = state.positions;
    this.edge = state.edge ? edgeOf(this.graph, index(state.edge[0]), index(state.edge[1])) : -1;
    if (state.pins === null && state.supernodes === null) return;
    const draft = { ...this.draft, pins: state.pins ?? [], supernodes: state.supernodes ?? [] };
    if (!sameDraft(draft, this.draft)) this.edits = recorded(this.edits, draft);
  }

  get state(): ViewState {
    const { pins, supernodes } = this.draft;
    const own = pins.length > 0 || supernodes.length > 0;
    return {
      view: this.panel,
      clicked: this.clicked < 0 ? null : this.id(this.clicked),
      edge:
        this.edge < 0 ? null : [this.id(at(this.graph.source, this.edge)), this.id(at(this.graph.target, this.edge))],
      pins: own ? pins : null,
      supernodes: supernodes.length ? supernodes : null,
      threshold: this.threshold,
      density: this.density,
      errors: this.errors,
      links: this.links,
      compare: this.compare,
      zoom: this.zoom,
      positions: this.positions,
    };
  }

  groupOf(node: number): Supernode | undefined {
    return groupOf(this.draft.supernodes, this.id(node));
  }

  private get filter() {
    return { threshold: this.threshold, density: this.density, errors: this.errors, links: this.links };
  }

  private get kept(): ReadonlySet<number> {
    return this.clicked < 0 ? this.pinned : new Set([...this.pinned, this.clicked]);
  }

  private makeGroup(nodes: number[], name?: string): void {
    const ids = nodes.map((node) => this.id(node));
    const labelled = name ?? this.name(at(nodes, 0));
    this.record({ ...this.draft, supernodes: grouped(this.draft.supernodes, ids, labelled) });
  }

  private record(draft: Draft): void {
    this.step(recorded(this.edits, draft));
  }

  private step(edits: History<Draft>): void {
    if (edits === this.edits) return;
    this.edits = edits;
    this.changed(edits.present);
  }
}

const none: ReadonlyMap<number, TestedEdge> = new Map();

function edgeOf(graph: CircuitGraph, source: number, target: number): number {
  if (source < 0 || target < 0) return -1;
  return graph.source.findIndex((one, edge) => one === source && graph.target[edge] === target);
}
