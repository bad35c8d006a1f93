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

/** The tenants that somebody may send for; null for any. */
export type Tenants = readonly string[] | null;

/** Whose a prompt is that names no tenant. */
function otherwise(tenants: Tenants): string {
  return tenants?.[0] ?? 'default';
}

/** The form that asks for what the server does anyway. */
export function initialForm({ attribution, pruning, validation }: Defaults, tenants: Tenants): Form {
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
    tenant: otherwise(tenants),
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
export function asSettings(
  form: Form,
  defaults: Defaults,
  tenants: Tenants,
): Omit<Submission, 'text' | 'tokenIds' | 'messages'> {
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
    ...(form.tenant.trim() && form.tenant.trim() !== otherwise(tenants) ? { tenant: form.tenant.trim() } : {}),
    ...(tags.length ? { tags } : {}),
  };
}

/** How many settings are not the server's; a form that cannot be sent counts as one. */
export function changes(form: Form, defaults: Defaults, tenants: Tenants): number {
  try {
    const { attribution = {}, pruning = {}, validation = {}, ...sender } = asSettings(form, defaults, tenants);
    return [attribution, pruning, validation, sender].reduce((sum, part) => sum + Object.keys(part).length, 0);
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
