/** Sweeps as W&B's clients see them. What takes reading beyond the row is read when it is asked for. */
import { runId, type Sweep, sweepId } from '@sweep/domain';
import type { Project } from '@sweep/store';
import { type FieldArgs, storageId, wireSweepState, wireSweepStateForCommands } from '@sweep/wandb';
import { allPages } from '../../views/paging.js';
import { pageOfAll } from '../connection.js';
import type { GraphNode } from '../nodes.js';
import type { WandbContext, WandbParts } from '../parts.js';
import { runConnection, shown } from '../runs/run-connection.js';
import { wireTime } from '../times.js';
import { agentConnection, agentOf } from './agent-node.js';
import { controllerDocument, schedulerDocument } from './local-controller.js';

/** What clients ask before they pause a sweep, and will not pause while it is PENDING: ours can be. */
const beforeCommands = 'SweepWithRuns';

export function sweepNode(parts: WandbParts, sweep: Sweep, project: Project): GraphNode {
  const { store, engine } = parts;
  const spec = engine.specs.of(sweep);
  const changedAt = sweep.endedAt ?? sweep.startedAt ?? sweep.createdAt;
  return {
    id: storageId('Sweep', sweep.id),
    name: sweep.id,
    displayName: sweep.name,
    project: () => parts.nodes.project(project),
    method: spec.method,
    state: (_args: unknown, { operation }: WandbContext) =>
      operation === beforeCommands ? wireSweepStateForCommands(sweep) : wireSweepState(sweep),
    description: spec.description,
    bestLoss: () => bestLoss(parts, sweep),
    config: sweep.config,
    createdAt: wireTime(sweep.createdAt),
    updatedAt: wireTime(changedAt),
    heartbeatAt: wireTime(changedAt),
    earlyStopJobRunning: false,
    controller: () => controllerDocument(parts, sweep),
    scheduler: () => schedulerDocument(parts, sweep),
    runCount: () => store.runs.count(project.id, shown(ofSweep(sweep))),
    runCountExpected: engine.specs.expected(sweep),
    // Made by the scheduler itself, as a run without a sweep.
    controllerRunName: `scheduler-${sweep.id}`,
    runs: ({ order, ...slice }: FieldArgs['Sweep.runs']) => runConnection(parts, project, { filter: ofSweep(sweep), order, slice }),
    priorRuns: async (args: FieldArgs['Sweep.priorRuns'], context: WandbContext) =>
      pageOfAll(await priorRunsOf(parts, sweep, context), args, ({ record, home }) => parts.nodes.run(record, home)),
    agent: ({ agentName }: FieldArgs['Sweep.agent']) => agentOf(parts, sweep, project, agentName),
    agents: () => agentConnection(parts, sweep, project),
  };
}

/** Null where there is none: clients say so themselves. */
export async function sweepOf(parts: WandbParts, project: Project, name: string) {
  const sweep = /^[a-z0-9]{8}$/.test(name) ? await parts.store.sweeps.find(sweepId(name)) : null;
  return sweep === null || sweep.project !== project.id ? null : sweepNode(parts, sweep, project);
}

export async function sweepConnection(parts: WandbParts, project: Project, args: { after?: string | null; first?: number | null }) {
  const all = await allPages((page) => parts.store.sweeps.list({ project: project.id }, page));
  return pageOfAll(all, args, (sweep) => sweepNode(parts, sweep, project));
}

/** They may be of other projects, which not everybody may read. */
async function priorRunsOf({ store }: WandbParts, { priorRuns }: Sweep, { scope }: WandbContext) {
  const records = await Promise.all(priorRuns.map((id) => store.runs.record(runId(id))));
  const readable = records.flatMap((record) =>
    record === null || record.deletedAt !== null || !scope.mayRead(record.project) ? [] : record,
  );
  return await Promise.all(readable.map(async (record) => ({ record, home: (await store.projects.findById(record.project))! })));
}

export const ofSweep = ({ id }: Sweep) => ({ op: 'eq', field: { kind: 'column', column: 'sweep' }, value: id }) as const;

async function bestLoss({ store, engine }: WandbParts, sweep: Sweep): Promise<number | null> {
  const { objectives, limits } = engine.specs.of(sweep);
  const [objective] = objectives;
  if (objective === undefined) return null;
  const [best] = await store.trials.best(sweep.id, { goal: objective.goal, limits }, 1);
  return best?.values[0] ?? null;
}
