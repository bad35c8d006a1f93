import type { AttributionSettings, Config, PruningSettings, Submission, ValidationSettings } from '../lib/types';

type Defaults = Config['defaults'];

/** The settings drawer as it is filled in: lists as text. */
export interface Form {
  targetTokens: string;
  targetDifferences: string;
  maxLogits: number;
  logitProbability: number;
  expansion: AttributionSettings['expansion'];
  epsilon: number;
  maxFeatures: number;
  mode: PruningSettings['mode'];
  nodeThreshold: number;
  edgeThreshold: number;
  completenessShare: number;
  nodeBudget: number;
  criterion: PruningSettings['criterion'];
  validate: boolean;
  validated: number;
  controls: number;
  tenant: string;
  tags: string;
}

/** Who a prompt belongs to that names no tenant. */
const NOBODY = 'default';

/** The form that asks for what the server does anyway, for the first of the tenants that may be sent for. */
export function initialForm({ attribution, pruning, validation }: Defaults, tenants: readonly string[] | null): Form {
  return {
    targetTokens: attribution.targetTokens.join(', '),
    targetDifferences: attribution.targetDifferences.map(({ plus, minus }) => `${plus} - ${minus}`).join(', '),
    maxLogits: attribution.maxLogits,
    logitProbability: attribution.logitProbability,
    expansion: attribution.expansion,
    epsilon: attribution.epsilon,
    maxFeatures: attribution.maxFeatures,
    mode: pruning.mode,
    nodeThreshold: pruning.nodeThreshold,
    edgeThreshold: pruning.edgeThreshold,
    completenessShare: pruning.completenessShare,
    nodeBudget: pruning.nodeBudget || 50,
    criterion: pruning.criterion,
    validate: validation.enabled,
    validated: validation.maxFeatures,
    controls: validation.controls,
    tenant: tenants === null || tenants.includes(NOBODY) ? NOBODY : (tenants[0] ?? NOBODY),
    tags: '',
  };
}

/** Items between commas, without the spaces around them. */
export function items(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** `a - b, c - d` as pairs; throws an Error that says which is none. */
export function differences(text: string): { plus: string; minus: string }[] {
  return items(text).map((item) => {
    const [plus, minus, ...more] = item.split(/\s+[-−]\s+/);
    if (!plus || !minus || more.length) throw new Error(`“${item}” is no difference: write first - second`);
    return { plus, minus };
  });
}

/** What is sent beside the prompt: only what differs from the defaults. Throws as `differences`. */
export function asSettings(form: Form, defaults: Defaults): Omit<Submission, 'text' | 'tokenIds' | 'messages'> {
  const attribution: Partial<AttributionSettings> = {
    targetTokens: items(form.targetTokens),
    targetDifferences: differences(form.targetDifferences),
    maxLogits: form.maxLogits,
    logitProbability: form.logitProbability,
    expansion: form.expansion,
    epsilon: form.epsilon,
    maxFeatures: form.maxFeatures,
  };
  const pruning: Partial<PruningSettings> = {
    mode: form.mode,
    nodeThreshold: form.nodeThreshold,
    edgeThreshold: form.edgeThreshold,
    completenessShare: form.completenessShare,
    ...(form.mode === 'NODE_BUDGET' ? { nodeBudget: form.nodeBudget } : {}),
    criterion: form.criterion,
  };
  const validation: Partial<ValidationSettings> = {
    enabled: form.validate,
    maxFeatures: form.validated,
    controls: form.controls,
  };
  const tags = items(form.tags);
  return {
    ...section('attribution', changed(attribution, defaults.attribution)),
    ...section('pruning', changed(pruning, defaults.pruning)),
    ...section('validation', changed(validation, defaults.validation)),
    ...(form.tenant.trim() && form.tenant.trim() !== NOBODY ? { tenant: form.tenant.trim() } : {}),
    ...(tags.length ? { tags } : {}),
  };
}

/** How many settings are not those of `initial`; a form that cannot be sent counts as one. */
export function changes(form: Form, initial: Form, defaults: Defaults): number {
  try {
    const { attribution = {}, pruning = {}, validation = {}, tenant, tags } = asSettings(form, defaults);
    const sender = [tenant !== asSettings(initial, defaults).tenant, tags !== undefined].filter(Boolean).length;
    return [attribution, pruning, validation].reduce((sum, part) => sum + Object.keys(part).length, sender);
  } catch {
    return 1;
  }
}

function section<K extends string, V extends object>(name: K, values: V): { [P in K]?: V } {
  return (Object.keys(values).length ? { [name]: values } : {}) as { [P in K]?: V };
}

function changed<V extends object>(values: Partial<V>, defaults: V): Partial<V> {
  const entries = Object.entries(values).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(defaults[name as keyof V]),
  );
  return Object.fromEntries(entries) as Partial<V>;
}
