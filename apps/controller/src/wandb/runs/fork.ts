/** Forks: a run that begins where another one was at a step has that one's history up to there. */
import { NotFound } from '@sweep/domain';
import type { Project, RunRecord } from '@sweep/store';
import { branchPoint } from '@sweep/wandb';
import type { WandbParts } from '../parts.js';
import { RunHistory } from './history.js';
import { lastValues, linesOutcome } from './outcome.js';

/**
 * Takes over what is missing of the history that the run was forked from. Begun anew where it was interrupted, since its client asks
 * again then. @throws NotFound
 */
export async function takeOver(parts: WandbParts, record: RunRecord, project: Project): Promise<RunRecord> {
  const at = record.configDocument === null ? undefined : branchPoint(record.configDocument);
  // A run that was rewound names itself.
  if (at === undefined || at.run === record.handle || record.forkLines !== null || record.trial !== null) return record;
  const { runs } = parts.store;
  const origin = await runs.recordByHandle(project.id, at.run);
  if (origin === null || origin.deletedAt !== null)
    throw new NotFound(`there is no run ${project.entity}/${project.name}/${at.run.slice(0, 80)} to fork from`);
  let count = 0;
  let summary = '{}';
  for await (const lines of new RunHistory(parts.store, origin).through(at.step)) {
    summary = lastValues([summary, ...lines]);
    await append(parts, record, { offset: count, lines });
    count += lines.length;
  }
  return (await runs.change(record.id, () => ({ forkLines: count, summary })))!;
}

async function append(
  { store, clock }: WandbParts,
  { id: run, attempt }: RunRecord,
  { offset, lines }: { readonly offset: number; readonly lines: readonly string[] },
): Promise<void> {
  const blocks = [{ stream: 'history' as const, offset, lines }];
  await store.lines.write({ run, attempt, blocks, decide: (current, added) => linesOutcome(current, added, clock.now()) });
}
