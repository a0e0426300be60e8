/** What the page shown is called, for the window's title and the breadcrumb. */
import { useEffect, useSyncExternalStore } from 'react';

let current = 'Sweep';
const listeners = new Set<() => void>();

/** Called by every page with its name. */
export function useNamedPage(name: string): void {
  useEffect(() => {
    current = name;
    document.title = name === 'Sweep' ? name : `${name} · Sweep`;
    for (const listener of listeners) listener();
  }, [name]);
}

export function usePageName(): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
