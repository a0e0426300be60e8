/** `upsertSweep`: a sweep is made from its file, changed, or told to pause, go on, stop or be cancelled. */
import { Conflict, Forbidden, Invalid, NotFound, type Sweep, SweepFileRefused, sweepId } from '@sweep/domain';
import { parseSweepFile } from '@sweep/sweep-file';
import {
  readRaw,
  storageKey,
  stringOf,
  sweepEventOf,
  sweepRefusal,
  sweepWarnings,
  type UpsertSweepInput,
  wireSweepState,
} from '@sweep/wandb';
import type { WandbContext, WandbParts } from '../parts.js';
import { samePostMs } from '../same-post.js';
import { obeyController } from './local-controller.js';
import { sweepNode } from './sweep-node.js';

const newest = { limit: 20, cursor: null };

export async function upsertSweep(parts: WandbParts, input: UpsertSweepInput, context: WandbContext) {
  if (context.caller.key.trial !== null) throw new Forbidden('permission denied: the key of a trial cannot make or change sweeps');
  const accepted = input.config ? acceptedFile(input.config) : null;
  const sweep = input.id ? await change(parts, input, context) : await create(parts, input, context);
  const project = (await parts.store.projects.findById(sweep.project))!;
  return { sweep: sweepNode(parts, sweep, project), configValidationWarnings: accepted ?? [] };
}

/** The warnings. @throws Invalid with everything that is wrong, as the client prints it */
function acceptedFile(config: string): readonly string[] {
  const { findings } = parseSweepFile(config);
  const refusal = sweepRefusal(findings);
  if (refusal !== undefined) throw new Invalid(refusal);
  return sweepWarnings(findings);
}

async function create(parts: WandbParts, input: UpsertSweepInput, { caller, scope }: WandbContext): Promise<Sweep> {
  const { config, displayName } = input;
  if (!config) throw new Invalid('Invalid sweep config: there is none');
  const project = await scope.writableProject(input.entityName, input.projectName);
  const { items } = await parts.store.sweeps.list({ project: project.id, states: ['pending'] }, newest);
  const since = (await parts.store.now()) - samePostMs;
  const same = items.find(
    (sweep) =>
      sweep.createdBy === caller.user.id &&
      sweep.config === config &&
      sweep.createdAt > since &&
      (!displayName || sweep.name === displayName),
  );
  if (same !== undefined) return same;
  const priorRuns = await priorRunsOf(parts, input, project.id);
  const wish = { config, home: project, priorRuns, ...(displayName ? { name: displayName } : {}) };
  return refusedInClientsWords(() => parts.engine.sweeps.create(wish, caller));
}

async function change(parts: WandbParts, input: UpsertSweepInput, { caller, scope }: WandbContext): Promise<Sweep> {
  const { sweeps } = parts.engine;
  let sweep = await parts.store.sweeps.find(sweepId(storageKey('Sweep', input.id!) ?? input.id!));
  if (sweep === null) throw new NotFound(`there is no sweep ${input.id!.slice(0, 80)}`);
  await scope.demandEntity(sweep.entity);
  // The file that comes with it is the one that the client read here, written anew.
  if (input.controller && input.controller !== 'null') {
    await obeyController(parts, sweep, input.controller);
    return (await parts.store.sweeps.find(sweep.id)) ?? sweep;
  }
  const edit = {
    ...(input.config && input.config !== sweep.config ? { config: input.config } : {}),
    ...(input.displayName && input.displayName !== sweep.name ? { name: input.displayName } : {}),
  };
  const { id } = sweep;
  if (Object.keys(edit).length > 0) sweep = await refusedInClientsWords(() => sweeps.edit(id, null, edit, caller));
  if (!input.state || input.state.toUpperCase() === wireSweepState(sweep)) return sweep;
  const { kind } = sweepEventOf(input.state);
  return refusedInClientsWords(() => sweeps.command(id, kind));
}

/** Clients repeat what is answered with a conflict. */
async function refusedInClientsWords(act: () => Promise<Sweep>): Promise<Sweep> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof SweepFileRefused) throw new Invalid(`Invalid sweep config: ${error.message}`);
    if (error instanceof Conflict) throw new Invalid(error.message);
    throw error;
  }
}

/** `{"$or": [{"name": …}, …]}` */
async function priorRunsOf(parts: WandbParts, { priorRunsFilters }: UpsertSweepInput, project: Sweep['project']): Promise<string[]> {
  if (!priorRunsFilters) return [];
  const names = namesIn(priorRunsFilters);
  if (names === null) throw new Invalid('priorRunsFilters names runs as {"$or": [{"name": "…"}, …]}');
  return Promise.all(names.map(async (name) => (await parts.store.runs.recordByHandle(project, name))?.id ?? name));
}

function namesIn(text: string): readonly string[] | null {
  const filter = readRaw(text);
  if (filter?.kind === 'null') return [];
  const any = filter?.kind === 'object' ? filter.members.get('$or') : undefined;
  if (any?.kind !== 'list') return null;
  const names = any.items.flatMap((item) => {
    const name = item.kind === 'object' ? item.members.get('name') : undefined;
    return name?.kind === 'string' ? [stringOf(name)] : [];
  });
  return names.length === any.items.length ? names : null;
}
