/** One run in full, as the API shows it. Pure. */
import type { AttemptView, OneRunView, RunView } from '@sweep/api';
import type { RunRecord } from '@sweep/store';
import { chartsIn, valuesIn } from './logged-values.js';
import { shownAttempt } from './run-reader.js';
import { isoTimeOrNull } from './time.js';

export function oneRunView(record: RunRecord, view: RunView, attempts: readonly AttemptView[]): OneRunView {
  const { host, program, repo, commit, exitCode, heartbeatAt, summary, configDocument } = record;
  return {
    ...view,
    attempt: shownAttempt(record),
    host,
    program,
    repo,
    commit,
    exitCode,
    heartbeatAt: isoTimeOrNull(heartbeatAt),
    // Of a program that told nothing as a document, what it measured.
    fullSummary: { ...view.summary, ...valuesIn(summary) },
    charts: [...chartsIn(configDocument)],
    attempts: [...attempts],
  };
}
