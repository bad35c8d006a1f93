export type Theme = 'system' | 'light' | 'dark';

const KEY = 'circuitstream.theme';
const media = matchMedia('(prefers-color-scheme: dark)');

function saved(): Theme {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

let chosen = $state<Theme>(saved());
let system = $state(media.matches);
const dark = $derived(chosen === 'dark' || (chosen === 'system' && system));

media.addEventListener('change', (event) => (system = event.matches));

/** What is drawn on a canvas must be drawn again when `dark` changes. */
export const theme = {
  get chosen() {
    return chosen;
  },
  get dark() {
    return dark;
  },
};

function show(): void {
  if (chosen === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = chosen;
}

show();

export function chooseTheme(value: Theme): void {
  if (value === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, value);
  chosen = value;
  show();
}

/** The value of a CSS variable of theme.css, for a canvas. Read `theme.dark` before, to be told of changes. */
export function colour(name: `--${string}`): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
