import { route } from './router';

let path = $state(location.pathname);
let search = $state(location.search);
const current = $derived(route(path));

/** Where the page is: reactive. */
export const here = {
  get path() {
    return path;
  },
  get search() {
    return search;
  },
  get route() {
    return current;
  },
};

function read(): void {
  path = location.pathname;
  search = location.search;
}

/** Goes to an address of this page; `replace` leaves no step in the history. */
export function navigate(address: string, options: { replace?: boolean } = {}): void {
  if (address === location.pathname + location.search) return;
  const left = location.pathname;
  history[options.replace ? 'replaceState' : 'pushState'](null, '', address);
  read();
  if (left !== location.pathname) document.getElementById('main')?.scrollTo(0, 0);
}

/** Changes only the query string, as a view's state does. */
export function setSearch(text: string, options: { replace?: boolean } = { replace: true }): void {
  navigate(location.pathname + text, options);
}

/** Lets plain clicks on links within the page go without a load. */
export function followLinks(): () => void {
  const click = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = (event.target as Element | null)?.closest?.('a[href^="/"]');
    if (!(link instanceof HTMLAnchorElement) || link.target || link.download) return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  };
  document.addEventListener('click', click);
  window.addEventListener('popstate', read);
  return () => {
    document.removeEventListener('click', click);
    window.removeEventListener('popstate', read);
  };
}
