/** A project as clients see it, and lists of them. */
import type { Project } from '@sweep/store';
import { type FieldArgs, parseFilter, parseRunOrder, runField, storageId } from '@sweep/wandb';
import { allPages } from '../../views/paging.js';
import { artifactsOfProject } from '../artifacts/resolvers.js';
import { connectionOf, pageOfAll, placeOf } from '../connection.js';
import type { WandbContext, WandbParts } from '../parts.js';
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
    const record = await parts.store.runs.recordByHandle(project.id, name);
    return record === null || record.deletedAt !== null ? null : parts.nodes.run(record, project);
  };
  const runs = (args: FieldArgs['Project.runs']) => runConnection(parts, project, args);
  return {
    id: storageId('Project', project.id),
    internalId: storageId('ProjectInternalId', project.number),
    name: project.name,
    entityName: project.entity,
    entity: () => parts.nodes.entity(project.entity),
    access: 'PRIVATE',
    views: '{}',
    createdAt: wireTime(project.createdAt),
    isBenchmark: false,
    readOnly: false,
    tags: [],
    runCount: ({ filters }: FieldArgs['Project.runCount']) => parts.store.runs.count(project.id, parseFilter(filters, runField)),
    run,
    bucket: run,
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

const usualPage = 50;

async function runConnection(parts: WandbParts, project: Project, args: FieldArgs['Project.runs']) {
  const slice = placeOf(args, usualPage);
  const query = { project: project.id, filter: parseFilter(args.filters, runField), orders: parseRunOrder(args.order) };
  const { items, total } = await parts.store.runs.query(query, slice);
  return connectionOf(
    items.map((record) => parts.nodes.run(record, project)),
    slice.start,
    total,
  );
}

export async function projectConnection(
  parts: WandbParts,
  args: { readonly entityName?: string | null; readonly after?: string | null; readonly first?: number | null },
  { scope }: WandbContext,
) {
  const entity = scope.entityName(args.entityName);
  const all = await allPages((page) => parts.store.projects.list(page));
  const visible = all.filter((project) => project.entity === entity && scope.mayRead(project.id));
  return pageOfAll(visible, args, (project) => projectNode(parts, project));
}
