/** `j` and `k` pick the next and the last row of the table on the page; `Esc` picks none. */
import { useEffect, useRef } from 'react';
import { isTyping } from './typing.js';

interface RowKeys {
  readonly ids: readonly { readonly id: string }[];
  readonly picked: string | null;
  /** Null: the rows of this table cannot be picked. */
  readonly onPick: ((id: string | null) => void) | null;
  readonly reveal: (index: number) => void;
}

export function useRowKeys(keys: RowKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { ids, picked, onPick, reveal } = latest.current;
      if (onPick === null || event.defaultPrevented || isTyping(event)) return;
      if (event.key === 'Escape' && picked !== null) onPick(null);
      if (event.key !== 'j' && event.key !== 'k') return;
      const at = ids.findIndex(({ id }) => id === picked);
      const next = at < 0 ? 0 : Math.min(Math.max(at + (event.key === 'j' ? 1 : -1), 0), ids.length - 1);
      const row = ids[next];
      if (row === undefined) return;
      event.preventDefault();
      onPick(row.id);
      reveal(next);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
