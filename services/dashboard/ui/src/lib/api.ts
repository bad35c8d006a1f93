import { authorization, renewToken } from './auth';
import { token } from './credentials';
import type * as T from './types';

export const BASE = '/api/v1';

/** An RFC 9457 answer of the server; status 0 when there was no answer at all. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly body: Record<string, unknown> = {},
  ) {
    super(detail || title);
    this.name = 'Problem';
  }
}

/** Whether a request ended because its caller gave it up. */
export function aborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** A sentence for a person about anything that was thrown. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function problem(response: Response): Promise<Problem> {
  const fallback = response.statusText || `HTTP ${response.status}`;
  try {
    const body = (await response.json()) as Record<string, unknown>;
    return new Problem(response.status, String(body['title'] ?? fallback), String(body['detail'] ?? ''), body);
  } catch {
    return new Problem(response.status, fallback, '');
  }
}

/** The answer to a request, with the token, renewing it when it is refused; throws Problem for any error. */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const used = token();
  let response: Response;
  try {
    response = await fetch(BASE + path, { ...init, headers: { ...authorization(), ...init.headers } });
  } catch (error) {
    if (aborted(error)) throw error;
    throw new Problem(0, 'No answer', 'The server does not answer. It may be restarting.');
  }
  if (response.ok) return response;
  const refusal = await problem(response);
  if (refusal.status === 401 && (token() !== used || (await renewToken(refusal.detail)))) return send(path, init);
  throw refusal;
}

async function get<R>(path: string, signal?: AbortSignal): Promise<R> {
  const response = await send(path, signal ? { signal } : {});
  return (await response.json()) as R;
}

async function write<R>(method: 'POST' | 'PUT', path: string, body: unknown, signal?: AbortSignal): Promise<R> {
  const response = await send(path, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as R;
}

/** `?a=1&b=2` of what is set, in the order given; empty without any. */
export function query(parameters: object): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `?${text}` : '';
}

function trace(promptId: string): string {
  return `/traces/${encodeURIComponent(promptId)}`;
}

function feature(scan: string, layer: number, index: number): string {
  return `${encodeURIComponent(scan)}/${layer}/${index}`;
}

/** The result, or null where the server says 404: not there, or not there yet. */
export async function orNull<R>(request: Promise<R>): Promise<R | null> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

/** Every operation of the server, one function each. All throw Problem. */
export const api = {
  config: () => get<T.Config>('/config'),
  me: () => get<T.Me>('/me'),

  traces: (q: T.TraceQuery = {}, signal?: AbortSignal) => get<T.TracePage>(`/traces${query(q)}`, signal),
  trace: (id: string, signal?: AbortSignal) => get<T.TraceDetail>(trace(id), signal),
  inference: (id: string, signal?: AbortSignal) => get<T.Inference>(`${trace(id)}/inference`, signal),
  circuit: (id: string, signal?: AbortSignal) => get<T.Circuit>(`${trace(id)}/circuit`, signal),
  validation: (id: string, signal?: AbortSignal) => get<T.ValidationReport>(`${trace(id)}/validation`, signal),
  scores: (id: string, nodes: string[], supernodes: T.Supernode[], signal?: AbortSignal) =>
    write<T.Scores>('POST', `${trace(id)}/scores`, { nodes, supernodes }, signal),

  tokens: (prompt: Pick<T.Submission, 'text' | 'messages'>, signal?: AbortSignal) =>
    write<T.TokenPreview>('POST', '/tokens', prompt, signal),
  submit: (prompt: T.Submission) => write<{ promptId: string }>('POST', '/traces', prompt),
  steer: (request: T.SteeringRequest) => write<{ requestId: string }>('POST', '/steerings', request),
  steering: (requestId: string, signal?: AbortSignal) =>
    get<T.SteeringCompleted>(`/steerings/${encodeURIComponent(requestId)}`, signal),
  importGraph: async (graph: Blob, name: string): Promise<{ promptId: string }> => {
    const headers = { 'Content-Type': 'application/json' };
    const response = await send(`/imports${query({ name })}`, { method: 'POST', headers, body: graph });
    return (await response.json()) as { promptId: string };
  },

  annotations: (id: string, signal?: AbortSignal) => get<T.Annotations>(`${trace(id)}/annotations`, signal),
  annotate: (id: string, edit: T.AnnotationEdit) =>
    write<{ revision: number }>('PUT', `${trace(id)}/annotations`, edit),
  label: (scan: string, layer: number, index: number, label: string, author?: string) =>
    write<undefined>('PUT', `/labels/${feature(scan, layer, index)}`, author ? { label, author } : { label }),

  features: (q: T.FeatureQuery = {}, signal?: AbortSignal) => get<T.FeaturePage>(`/features${query(q)}`, signal),
  scatter: (scan: string, signal?: AbortSignal) => get<T.FeatureScatter>(`/features/scatter${query({ scan })}`, signal),
  feature: (scan: string, layer: number, index: number, signal?: AbortSignal) =>
    get<T.Feature | T.UndescribedFeature>(`/features/${feature(scan, layer, index)}`, signal),
  lookup: (scan: string, features: [layer: number, feature: number][]) =>
    write<{ labels: (string | null)[] }>('POST', '/features/lookup', { scan, features }),

  training: () => get<{ runs: T.TrainingProgress[] }>('/training'),
  run: (runId: string) => get<{ points: T.TrainingProgress[] }>(`/training/${encodeURIComponent(runId)}`),
  evaluation: () => get<{ points: T.EvaluationPoint[] }>('/evaluation'),

  operations: () => get<T.Operations>('/operations'),
  deadLetters: (service: string, limit = 50) =>
    get<{ records: T.DeadLetter[] }>(`/dead-letters/${encodeURIComponent(service)}${query({ limit })}`),
  deadLetter: (service: string, place: string) =>
    get<T.DeadLetterDetail>(`/dead-letters/${encodeURIComponent(service)}/${place}`),
  replay: (service: string, letters: string[]) =>
    write<{ sent: { place: string; topic: string }[] }>(
      'POST',
      `/dead-letters/${encodeURIComponent(service)}/replays`,
      {
        letters,
      },
    ),

  findings: (q: T.FindingQuery = {}, signal?: AbortSignal) => get<T.FindingPage>(`/audit/findings${query(q)}`, signal),
  chains: () => get<{ chains: T.Chain[] }>('/audit/chains'),
  behaviours: (limit = 100) => get<{ windows: T.BehaviourWindow[] }>(`/audit/behaviours${query({ limit })}`),
  behaviour: (scan: string, windowStart: number, signal?: AbortSignal) =>
    get<T.Behaviour>(`/audit/behaviours/${encodeURIComponent(scan)}/${windowStart}`, signal),
  trust: () => get<{ buckets: T.TrustBucket[] }>('/audit/trust'),
  recurrentEdges: (limit = 50) => get<{ edges: T.RecurrentEdge[] }>(`/audit/edges${query({ limit })}`),
};

/** Paths of `download`. */
export const files = {
  event: (id: string, stage: Exclude<T.Stage, 'prompts'>) => `${trace(id)}/events/${stage}`,
  neuronpedia: (id: string) => `${trace(id)}/neuronpedia`,
};

/** Saves a file of the server. A plain link would not send the token. */
export async function download(path: string, name: string): Promise<void> {
  const response = await send(path);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads the address after this turn of the event loop.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
