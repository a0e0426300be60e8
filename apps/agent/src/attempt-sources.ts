/** Which sources an attempt's points come from: its metrics file always, what its sweep collects beside it. */
import { resolve } from 'node:path';
import type { Logger } from '@sweep/runtime';
import type { AttemptRecord } from './attempt.js';
import type { Leaders } from './leaders.js';
import { metricsFile } from './metrics-file.js';
import { environmentHas } from './processes.js';
import type { Source } from './source.js';
import { stdoutPatterns } from './stdout-patterns.js';
import { tensorboard } from './tensorboard.js';
import type { AttemptPaths } from './workdir.js';

export interface SourceParts {
  /** Where the program runs when its record does not say. */
  readonly cwd: string;
  readonly leaders: Leaders;
  readonly now: () => number;
  readonly log: Logger;
}

/** File systems keep times in coarse steps: a file made in the first moment may look older than the start. */
const coarsenessMs = 10;

export function sourcesOf({ grant, cwd, startedAt }: AttemptRecord, paths: AttemptPaths, parts: SourceParts): readonly Source[] {
  const { now, log, leaders } = parts;
  const onMalformed = (line: string): void =>
    log.warn({ line }, 'a line of the metrics file is no JSON object; such lines are passed over');
  const sources: Source[] = [metricsFile({ path: paths.metrics, now, onMalformed })];
  if (grant.collectStdout.length > 0) sources.push(stdoutPatterns({ path: paths.stdout, patterns: grant.collectStdout, now }));
  if (grant.collectTensorboard !== '') {
    const folder = resolve(cwd ?? parts.cwd, grant.collectTensorboard);
    // A process that is gone was ours unless it is known as another's: what it started itself nobody remembers.
    const isOurs = (pid: number): boolean =>
      environmentHas(pid, `SWEEP_TRIAL=${grant.trialId}`) ?? (leaders.leaseOf(pid) ?? grant.leaseId) === grant.leaseId;
    sources.push(tensorboard({ folder, since: (startedAt ?? 0) - coarsenessMs, isOurs }));
  }
  return sources;
}
