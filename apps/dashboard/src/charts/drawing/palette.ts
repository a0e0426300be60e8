/** The colours of the page as charts need them: read from its CSS variables, anew when the theme changes. */
import { useSyncExternalStore } from 'react';
import type { MarkState } from '../chart-data.js';
import type { Theme } from '../maths/colours.js';

export interface Palette {
  readonly theme: Theme;
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  readonly faint: string;
  readonly rule: string;
  readonly accent: string;
  readonly states: Readonly<Record<MarkState, string>>;
}

/** One for the page: what changes the theme is the system's preference or an attribute of the root element. */
function createPaletteSource() {
  let current: Palette | null = null;
  const listeners = new Set<() => void>();
  const changed = (): void => {
    current = null;
    for (const listener of listeners) listener();
  };
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', changed);
  new MutationObserver(changed).observe(document.documentElement, { attributes: true });
  return {
    read(): Palette {
      current ??= readPalette(getComputedStyle(document.documentElement));
      return current;
    },
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

let source: ReturnType<typeof createPaletteSource> | null = null;
const paletteSource = () => {
  source ??= createPaletteSource();
  return source;
};

function readPalette(style: CSSStyleDeclaration): Palette {
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const surface = colour('surface');
  return {
    theme: isDark(surface) ? 'dark' : 'light',
    surface,
    text: colour('text'),
    muted: colour('muted'),
    faint: colour('faint'),
    rule: colour('rule'),
    accent: colour('accent'),
    states: {
      queued: colour('queued'),
      running: colour('running'),
      stopping: colour('running'),
      completed: colour('completed'),
      pruned: colour('pruned'),
      failed: colour('failed'),
      cancelled: colour('cancelled'),
    },
  };
}

/** By its first digit: `#1b1c1e` is, `#ffffff` is not. */
const isDark = (colour: string): boolean => Number.parseInt(colour.replace('#', '')[0] ?? 'f', 16) < 8;

export const usePalette = (): Palette => useSyncExternalStore(paletteSource().subscribe, paletteSource().read);
