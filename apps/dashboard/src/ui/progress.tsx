/** How far a sweep is: done of expected, and a bar whose parts are the states of trials. */
import { type Counts, doneOf } from '@sweep/api';

const parts = ['completed', 'pruned', 'failed', 'cancelled', 'stopping', 'running'] as const;

export function Progress({ counts, expected }: { readonly counts: Counts; readonly expected: number | null }) {
  const done = doneOf(counts);
  return (
    <span className="progress-cell">
      <span>{expected === null || done > expected ? `${done} done` : `${done} of ${expected}`}</span>
      <ProgressBar counts={counts} expected={expected} />
    </span>
  );
}

export function ProgressBar({ counts, expected }: { readonly counts: Counts; readonly expected: number | null }) {
  const words = parts
    .filter((part) => counts[part] > 0)
    .map((part) => `${counts[part]} ${part}`)
    .join(', ');
  const known = parts.reduce((sum, part) => sum + counts[part], 0);
  // Without an end in sight the bar shows how what there is divides.
  const whole = Math.max(expected ?? known + counts.queued, known, 1);
  return (
    <span className="progress" role="img" aria-label={words} title={words}>
      {parts.map((part) =>
        counts[part] === 0 ? null : (
          <span key={part} className={`progress-${part}`} style={{ width: `${(100 * counts[part]) / whole}%` }} />
        ),
      )}
    </span>
  );
}
