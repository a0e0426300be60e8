/** A project as clients see it, and lists of them. */
import type { Project, RunRecord } from '@sweep/store';
import { type FieldArgs, parseFilter, runField, storageId } from '@sweep/wandb';
import { artifactsOfProject } from '../artifacts/resolvers.js';
import { pageOfAll } from '../connection.js';
import type { WandbContext, WandbParts } from '../parts.js';
import { runConnection, shown } from '../runs/run-connection.js';
import type { Scope } from '../scope.js';
import { sweepConnection, sweepOf } from '../sweeps/sweep-node.js';
import { wireTime } from '../times.js';

interface Named {
  readonly name?: string | null | undefined;
  readonly entityName?: string | null | undefined;
}

/** Null where there is none: clients say so themselves. */
export async function projectOf(parts: WandbParts, { name, entityName }: Named, { scope }: WandbContext) {
  const project = await scope.project(entityName, name);
  return project === null ? null : projectNode(parts, project);
}

export function projectNode(parts: WandbParts, project: Project) {
  const run = async ({ name }: FieldArgs['Project.run']) => {
    const record = await presentRun(parts, project, name);
    return record === null ? null : parts.nodes.run(record, project);
  };
  const runs = ({ filters, order, ...slice }: FieldArgs['Project.runs']) =>
    runConnection(parts, project, { filter: parseFilter(filters, runField), order, slice });
  return {
    id: storageId('Project', project.id),
    internalId: storageId('ProjectInternalId', project.number),
    name: project.name,
    entityName: project.entity,
    entity: () => parts.nodes.entity(project.entity),
    access: project.access,
    description: project.description,
    views: '{}',
    createdAt: wireTime(project.createdAt),
    isBenchmark: false,
    readOnly: false,
    tags: [],
    runCount: ({ filters }: FieldArgs['Project.runCount']) => parts.store.runs.count(project.id, shown(parseFilter(filters, runField))),
    run,
    bucket: (args: FieldArgs['Project.bucket'], { scope }: WandbContext) => bucketOf(parts, project, args, scope),
    runs,
    buckets: runs,
    sweep: ({ sweepName }: FieldArgs['Project.sweep']) => (sweepName ? sweepOf(parts, project, sweepName) : null),
    totalSweeps: async () => (await parts.store.sweeps.list({ project: project.id }, { limit: 1, cursor: null })).total,
    sweeps: (args: FieldArgs['Project.sweeps']) => sweepConnection(parts, project, args),
    ...artifactsOfProject(parts, project),
    allowAllArtifactTypesInRegistry: true,
    members: [],
    teamMembers: [],
  };
}

async function presentRun({ store }: WandbParts, { id }: Project, name: string): Promise<RunRecord | null> {
  const record = await store.runs.recordByHandle(id, name);
  return record === null || record.deletedAt !== null ? null : record;
}

/** Asked with `missingOk` by a client that is about to resume the run. */
async function bucketOf(parts: WandbParts, project: Project, { name, missingOk }: FieldArgs['Project.bucket'], scope: Scope) {
  const record = await presentRun(parts, project, name);
  if (record === null) return null;
  if (missingOk === true && (await scope.mayWrite(record))) {
    const now = await parts.store.now();
    await parts.store.runs.change(record.id, () => ({ resumeAskedAt: now }));
  }
  return parts.nodes.run(record, project);
}

export async function projectConnection(
  parts: WandbParts,
  args: { readonly entityName?: string | null; readonly after?: string | null; readonly first?: number | null },
  { scope }: WandbContext,
) {
  const entity = scope.entityName(args.entityName);
  const all = await parts.store.projects.ofEntity(entity);
  const visible = all.filter(({ id }) => scope.mayRead(id));
  return pageOfAll(visible, args, (project) => projectNode(parts, project));
}
