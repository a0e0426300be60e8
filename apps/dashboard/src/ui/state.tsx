/** A state as a mark and its word: the mark's shape differs too, so that colour never stands alone. */

const marks: Readonly<Record<string, { readonly mark: string; readonly look: string }>> = {
  queued: { mark: '○', look: 'quiet' },
  pending: { mark: '○', look: 'quiet' },
  paused: { mark: '‖', look: 'quiet' },
  running: { mark: '▸', look: 'running' },
  online: { mark: '●', look: 'completed' },
  stopping: { mark: '▹', look: 'running' },
  draining: { mark: '▹', look: 'running' },
  preempting: { mark: '▹', look: 'running' },
  completed: { mark: '●', look: 'completed' },
  finished: { mark: '●', look: 'completed' },
  pruned: { mark: '◐', look: 'pruned' },
  failed: { mark: '×', look: 'failed' },
  crashed: { mark: '×', look: 'failed' },
  lost: { mark: '×', look: 'failed' },
  cancelled: { mark: '–', look: 'quiet' },
  killed: { mark: '–', look: 'quiet' },
  preempted: { mark: '–', look: 'quiet' },
  offline: { mark: '–', look: 'quiet' },
};

export function State({ state, title }: { readonly state: string; readonly title?: string | null }) {
  const { mark, look } = marks[state] ?? { mark: '?', look: 'quiet' };
  return (
    <span className={`state state-${look}`} title={title ?? undefined}>
      <span aria-hidden="true" className="state-mark">
        {mark}
      </span>
      {state}
    </span>
  );
}
