/** Short messages at the edge of the page. What can be undone is undone from here, instead of being asked about before. */
import { useSyncExternalStore } from 'react';
import { messageOf } from '../data/errors.js';
import { Button } from './button.js';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly bad: boolean;
  readonly undo: (() => Promise<unknown>) | null;
}

const shownMs = 8_000;
let toasts: readonly Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function set(changed: readonly Toast[]): void {
  toasts = changed;
  for (const listener of listeners) listener();
}

const dismiss = (id: number): void => set(toasts.filter((toast) => toast.id !== id));

function show(toast: Omit<Toast, 'id'>): void {
  const id = next++;
  set([...toasts.slice(-2), { ...toast, id }]);
  setTimeout(() => dismiss(id), shownMs);
}

export const say = (text: string, undo: (() => Promise<unknown>) | null = null): void => show({ text, undo, bad: false });
export const complain = (error: unknown): void => show({ text: messageOf(error), undo: null, bad: true });

/** Runs an action that a person asked for; what goes wrong is said. */
export async function attempt(action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    complain(error);
  }
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text, bad, undo }) => (
        <div key={id} className={bad ? 'toast toast-bad' : 'toast'}>
          <span>{text}</span>
          {undo === null ? null : (
            <Button
              look="quiet"
              onPress={() => {
                dismiss(id);
                void attempt(undo);
              }}
            >
              Undo
            </Button>
          )}
          <Button look="quiet" aria-label="Dismiss" onPress={() => dismiss(id)}>
            ×
          </Button>
        </div>
      ))}
    </div>
  );
}
