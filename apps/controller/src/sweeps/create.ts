/**
 * From a sweep file to a stored sweep, or to a refusal that carries every finding. Nothing is half-created: the sampler and the
 * pruner are built once before anything is written.
 */
import { randomBytes } from 'node:crypto';
import {
  blobHash,
  Forbidden,
  Invalid,
  randomId,
  SamplerFailed,
  type Sweep,
  SweepFileRefused,
  type SweepSpec,
  sweepId,
} from '@sweep/domain';
import { OptionError } from '@sweep/optimizer';
import type { Project, Store } from '@sweep/store';
import { createPruner, createSampler, parseSweepFile, samplerOf } from '@sweep/sweep-file';
import type { Caller } from '../auth/caller.js';
import { mayWrite } from '../auth/ownership.js';
import { readPriorResults } from './prior-results.js';

export interface CreateSweepInput {
  readonly config: string;
  /** `ENTITY/PROJECT` or `PROJECT`; outranks the file. */
  readonly project?: string;
  /** Outranks both; that the caller may write there was found out before. */
  readonly home?: Project;
  readonly name?: string;
  readonly priorRuns?: readonly string[];
  /** Refuse on any warning. */
  readonly strict?: boolean;
  readonly code?: { readonly hash: string; readonly size: number };
}

export const defaultPool = 'default';

export async function createSweep(store: Store, input: CreateSweepInput, caller: Caller): Promise<Sweep> {
  const spec = acceptFile(input.config, input.strict ?? false);
  const seed = spec.seed ?? randomBytes(8).readBigUInt64LE();
  tryParts(spec, seed);
  const place = input.home ?? whereTo(input, spec, caller);
  await demandEntity(store, caller, place.entity);
  const { priors, left } = await readPriorResults(store, spec, input.priorRuns ?? []);
  const home = 'id' in place ? place : await store.projects.ensure(place.entity, place.project);
  const id = sweepId(randomId(8, randomBytes));
  const sweep = await store.sweeps.create({
    id,
    project: home.id,
    name: input.name ?? spec.name ?? id,
    config: input.config,
    seed,
    pool: defaultPool,
    priority: spec.priority,
    parallel: spec.parallel,
    runCap: spec.runCap,
    priorRuns: input.priorRuns ?? [],
    priors,
    createdBy: caller.user.id,
  });
  for (const text of left) await store.decisions.add({ sweep: id, trial: null, about: 'sampler', text });
  if (input.code !== undefined) await store.files.setCode(id, blobHash(input.code.hash), input.code.size);
  return sweep;
}

/** @throws SweepFileRefused with all findings as details */
export function acceptFile(config: string, strict: boolean): SweepSpec {
  const { accepted, spec, findings } = parseSweepFile(config);
  const refusing = findings.filter((finding) => finding.severity === 'error' || (strict && finding.severity === 'warning'));
  if (accepted && spec !== null && refusing.length === 0) return spec;
  const first = refusing[0];
  const more = refusing.length > 1 ? ` (and ${refusing.length - 1} more)` : '';
  throw new SweepFileRefused(`the sweep file is refused: ${first?.message ?? 'it cannot be read'}${more}`, findings);
}

/**
 * Builds what the sweep will need, so that a search that cannot go on is refused now and not by its next trial.
 *
 * @throws SweepFileRefused
 */
export function tryParts(spec: SweepSpec, seed: bigint): void {
  try {
    const definition = samplerOf(spec);
    if (definition !== null) createSampler(definition, spec, seed);
    createPruner(spec);
  } catch (error) {
    if (error instanceof SamplerFailed) throw new SweepFileRefused(error.message, [{ path: 'method', message: error.message }]);
    if (error instanceof OptionError) {
      throw new SweepFileRefused(error.message, [{ path: `early_terminate.${error.option}`, message: error.message }]);
    }
    throw error;
  }
}

/** @throws Forbidden */
async function demandEntity(store: Store, { user }: Caller, entity: string): Promise<void> {
  if (!(await mayWrite(store, user, entity))) throw new Forbidden(`you are ${user.name}: you cannot create sweeps for entity "${entity}"`);
}

const projectName = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

function whereTo(input: CreateSweepInput, spec: SweepSpec, caller: Caller): { entity: string; project: string } {
  const parts = input.project?.split('/') ?? [];
  const project = parts.at(-1) ?? spec.project ?? 'uncategorized';
  const entity = (parts.length === 2 ? parts[0] : undefined) ?? spec.entity ?? caller.user.name;
  for (const [what, name] of [
    ['project', project],
    ['entity', entity],
  ] as const) {
    if (!projectName.test(name))
      throw new Invalid(`${what} "${name}": use letters, digits, ".", "_" and "-", at most 128, starting with a letter or digit`, [
        { path: what, message: 'not a name' },
      ]);
  }
  return { entity, project };
}
