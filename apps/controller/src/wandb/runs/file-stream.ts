/**
 * `file_stream`: the lines of a run, and how it stands. The answer says whether the program should stop.
 *
 * A 4xx would end the client's upload for good, so only what can never succeed is refused: a run that is not there, or not the caller's.
 */
import { NotFound } from '@sweep/domain';
import type { LineBlock, LineOutcome, RunChange, RunRecord } from '@sweep/store';
import { type FileStreamRequest, nextRunState, type RunEvent, readFileStream } from '@sweep/wandb';
import { jsonFrom } from '../body.js';
import type { WandbContext, WandbParts } from '../parts.js';
import { named } from './commands.js';
import { linesOutcome } from './outcome.js';
import { withoutRepeats } from './repeats.js';

export interface StreamPath {
  readonly entity: string;
  readonly project: string;
  readonly run: string;
}

export async function takeStream(parts: WandbParts, path: StreamPath, body: string, context: WandbContext) {
  const names = { entityName: path.entity, projectName: path.project, runName: path.run };
  const { record } = await named(parts, names, context);
  const request = readFileStream(jsonFrom(body));
  if (request.ignored.length > 0)
    parts.log.warn({ run: record.id, ignored: request.ignored }, 'parts of a file_stream request were left out');
  const attempt = await context.scope.attemptOf(record);
  const blocks = blocksOf(request);
  let outcome: LineOutcome = { change: {}, series: [] };
  const after = await parts.store.lines.write({
    run: record.id,
    attempt,
    blocks: attempt === record.attempt ? await withoutRepeats(parts.store, record, blocks) : blocks,
    decide: (current, added) => {
      const { change, series } = linesOutcome(current, added, parts.clock.now());
      outcome = { change: { ...change, ...summaryOf(request), ...standing(current, request) }, series };
      return outcome;
    },
  });
  if (after === null) throw new NotFound(`run ${record.handle} was deleted`);
  // What W&B's agents do not say, their programs do. Those of our own agents, which have keys of their own, are watched by them.
  const ofWandbAgent = after.trial !== null && context.caller.key.trial === null;
  const outdated = ofWandbAgent && (await parts.engine.wandbAgents.isOutdated(after.id));
  if (after.trial !== null && after.sweep !== null && !outdated) {
    const series = outcome.series.flatMap((one) => (one.stream === 'history' ? one.series : []));
    if (series.length > 0) parts.engine.onPoints({ run: after.id, attempt, sweep: after.sweep }, { series });
  }
  if (ofWandbAgent) await tellAgent(parts, after, request);
  return { exitcode: null, limits: {}, stopped: !request.complete && (outdated || shouldStop(after)) };
}

async function tellAgent({ engine }: WandbParts, { id }: RunRecord, { preempting, complete, exitCode }: FileStreamRequest): Promise<void> {
  if (preempting) await engine.wandbAgents.preempting(id);
  if (complete) await engine.wandbAgents.ended({ id, exitCode });
}

function blocksOf({ history, events, output }: FileStreamRequest): readonly LineBlock[] {
  const blocks = [
    { stream: 'history', given: history },
    { stream: 'events', given: events },
    { stream: 'log', given: output },
  ] as const;
  return blocks.flatMap(({ stream, given }) => (given === null ? [] : [{ stream, offset: given.offset, lines: given.lines }]));
}

const summaryOf = ({ summary }: FileStreamRequest): RunChange => (summary === null ? {} : { summary });

/** A trial's run stands as its trial does: its agent says how the program ended. */
function standing(record: RunRecord, request: FileStreamRequest): RunChange {
  const ended = request.complete ? { exitCode: request.exitCode } : {};
  if (record.state === null) return ended;
  const stopAsked = record.stopRequested;
  const state = eventsOf(request).reduce((before, event) => nextRunState({ state: before, stopAsked }, event), record.state);
  return { ...ended, ...(state === record.state ? {} : { state }) };
}

/** A short run says in one request that it is preempted and that it has ended. */
function eventsOf({ complete, exitCode, preempting }: FileStreamRequest): readonly RunEvent[] {
  const last: RunEvent = complete ? { kind: 'completed', exitCode } : { kind: 'heard' };
  return preempting ? [{ kind: 'preempting' }, last] : [last];
}

const shouldStop = ({ stopRequested, trialState }: RunRecord): boolean => stopRequested || trialState === 'stopping';
