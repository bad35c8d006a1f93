const COUNT = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** What stands where a number is not known. */
export const NONE = '–';

type Maybe = number | null | undefined;

function known(value: Maybe): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

/** A true minus sign, as wide as the plus. */
function minus(text: string): string {
  return text.replace('-', '−');
}

/** 12,345 */
export function count(value: Maybe): string {
  return known(value) ? minus(COUNT.format(value)) : NONE;
}

/** 12.3K where there is little room. */
export function compact(value: Maybe): string {
  return known(value) ? minus(COMPACT.format(value)) : NONE;
}

/** `1 node`, `2 nodes` */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A share of 0 to 1 as `94.1 %`; what is small but not nothing is `< 0.1 %`. */
export function percent(share: Maybe, digits = 1): string {
  if (!known(share)) return NONE;
  const least = 10 ** -digits;
  if (share > 0 && share * 100 < least / 2) return `< ${least.toFixed(digits)} %`;
  return `${minus((share * 100).toFixed(digits))} %`;
}

/** Three significant digits: `0.00123`, `12.3`, `4,560`, `1.2e−9`. */
export function significant(value: Maybe, digits = 3): string {
  if (!known(value)) return NONE;
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (size >= 1e7 || size < 1e-4)
    return minus(value.toExponential(digits - 1))
      .replace('e-', 'e−')
      .replace('e+', 'e');
  if (size >= 10 ** (digits - 1)) return count(Math.round(value));
  return minus(String(Number(value.toPrecision(digits))));
}

/** As `significant`, always with a sign. */
export function signed(value: Maybe, digits = 3): string {
  const text = significant(value, digits);
  return known(value) && value > 0 ? `+${text}` : text;
}

/** `12 ms`, `1.2 s`, `3 min 5 s`, `2 h 3 min`, `4 d 2 h` */
export function duration(ms: Maybe): string {
  if (!known(ms)) return NONE;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return parts(whole, [86_400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']);
}

/** The two largest units that count. */
function parts(seconds: number, ...units: [number, string][]): string {
  const first = units.findIndex(([size]) => seconds >= size);
  const shown = units.slice(first, first + 2);
  let rest = seconds;
  const text: string[] = [];
  for (const [size, unit] of shown) {
    const n = Math.floor(rest / size);
    rest -= n * size;
    if (n > 0) text.push(`${n} ${unit}`);
  }
  return text.join(' ');
}

/** `512 B`, `1.5 kB`, `12.3 MB` */
export function bytes(value: Maybe): string {
  if (!known(value)) return NONE;
  if (value < 1000) return `${value} B`;
  const power = Math.min(4, Math.floor(Math.log10(value) / 3));
  return `${(value / 1000 ** power).toFixed(1)} ${['B', 'kB', 'MB', 'GB', 'TB'][power] ?? ''}`;
}

/** Local time of day. */
export function clock(ms: number): string {
  return new Date(ms).toLocaleTimeString('en-GB');
}

/** Local date and time to the millisecond, for tooltips. */
export function moment(ms: number): string {
  const date = new Date(ms);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${clock(ms)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** Time of day if it is today, else the date too. */
export function when(ms: number, now = Date.now()): string {
  const date = new Date(ms);
  if (date.toDateString() === new Date(now).toDateString()) return clock(ms);
  return `${two(date.getDate())} ${date.toLocaleString('en-GB', { month: 'short' })} ${clock(ms).slice(0, 5)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** The first eight digits of a hash. */
export function short(hash: string): string {
  return hash.slice(0, 8);
}
