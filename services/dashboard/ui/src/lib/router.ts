export type Route =
  | { name: 'live' }
  | { name: 'circuit'; promptId: string }
  | { name: 'features' }
  | { name: 'feature'; scan: string; layer: number; feature: number }
  | { name: 'audit' }
  | { name: 'training' }
  | { name: 'operations' }
  | { name: 'bench' }
  | { name: 'missing'; path: string };

const PLAIN = ['live', 'features', 'audit', 'training', 'operations', 'bench'] as const;

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** What a path shows. */
export function route(path: string): Route {
  const parts = path.split('/').filter(Boolean).map(decode);
  const [first = 'live', second, third, fourth] = parts;
  const plain = PLAIN.find((name) => name === first);
  if (plain && parts.length <= 1) return { name: plain };
  if (first === 'circuit' && second && parts.length === 2) return { name: 'circuit', promptId: second };
  if (first === 'features' && second && parts.length === 4) {
    const layer = Number(third);
    const feature = Number(fourth);
    if (Number.isInteger(layer) && Number.isInteger(feature)) return { name: 'feature', scan: second, layer, feature };
  }
  return { name: 'missing', path };
}

export const paths = {
  circuit: (promptId: string) => `/circuit/${encodeURIComponent(promptId)}`,
  feature: (scan: string, layer: number, feature: number) =>
    `/features/${encodeURIComponent(scan)}/${layer}/${feature}`,
};

/** How one value of a view is written in the address; `read` yields the default for anything it cannot read. */
export interface Param<V> {
  read(text: string | null): V;
  /** Null leaves it out: the value is the default. */
  write(value: V): string | null;
}

export const param = {
  text: (fallback = ''): Param<string> => ({
    read: (text) => text ?? fallback,
    write: (value) => (value === fallback ? null : value),
  }),
  number: (fallback: number, min = -Infinity, max = Infinity): Param<number> => ({
    read: (text) => {
      const value = text === null || text.trim() === '' ? NaN : Number(text);
      return Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : fallback;
    },
    write: (value) => (value === fallback ? null : String(value)),
  }),
  flag: (fallback = false): Param<boolean> => ({
    read: (text) => (text === null ? fallback : text !== 'false'),
    write: (value) => (value === fallback ? null : String(value)),
  }),
  choice: <V extends string>(first: V, ...others: V[]): Param<V> => ({
    read: (text) => [first, ...others].find((value) => value === text) ?? first,
    write: (value) => (value === first ? null : value),
  }),
  list: (): Param<string[]> => ({
    read: (text) => (text ? text.split(',').filter(Boolean).map(decode) : []),
    write: (value) => (value.length ? value.map((item) => item.replace(/[%,]/g, encodeURIComponent)).join(',') : null),
  }),
  json: <V>(fallback: V, valid: (value: unknown) => value is V): Param<V> => ({
    read: (text) => {
      if (text === null) return fallback;
      try {
        const value: unknown = JSON.parse(text);
        return valid(value) ? value : fallback;
      } catch {
        return fallback;
      }
    },
    write: (value) => {
      const text = JSON.stringify(value);
      return text === JSON.stringify(fallback) ? null : text;
    },
  }),
};

export type Params<V> = { [K in keyof V]: Param<V[K]> };

/** A view's values from `?a=…&b=…`. */
export function readView<V extends object>(params: Params<V>, search: string): V {
  const given = new URLSearchParams(search);
  const view: Partial<V> = {};
  for (const name of Object.keys(params) as (keyof V & string)[]) view[name] = params[name].read(given.get(name));
  return view as V;
}

/** `?a=…&b=…` of the values that are not the defaults; empty when all are. What `readView` reads back. */
export function writeView<V extends object>(params: Params<V>, view: V): string {
  const search = new URLSearchParams();
  for (const name of Object.keys(params) as (keyof V & string)[]) {
    const text = params[name].write(view[name]);
    if (text !== null) search.set(name, text);
  }
  const text = search.toString();
  return text ? `?${text}` : '';
}
