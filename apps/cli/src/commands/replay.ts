/**
 * `sweep replay SWEEP`: every stored proposal computed again and compared.
 *
 * Computed here and not by the controller: it may take minutes, which must not keep other sweeps from their next points, and a record is
 * best checked by somebody else than who wrote it.
 */
import type { Client, LoggedTrialView, SearchLogView } from '@sweep/api';
import { numeric, type Observation, type Params, type ParamValue } from '@sweep/optimizer';
import { createSampler, parseSweepFile, samplerOf } from '@sweep/sweep-file';
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import type { Context } from '../context.js';
import { CommandError, type ExitCode, exit } from '../exit.js';
import { isWhole, type Replayed, type ReplayedTrial, replay, type Search } from '../replay/replay.js';
import { paramsText } from '../show/value.js';

export function configure(command: Command, act: Act): void {
  command.argument('<sweep>', 'ID, PROJECT/ID or ENTITY/PROJECT/ID').action(act(compare));
  examples(
    command,
    ['sweep replay k3f9x2ab', 'computes every proposal again; exit code 1 and the first difference, if there is one'],
    ['sweep replay k3f9x2ab --json', 'the same as data'],
  );
}

async function compare(context: Context, sweep: string): Promise<ExitCode> {
  const client = await context.client();
  const replayed = replay(await readSearch(client, sweep));
  await context.print.one(replayed, () => replayText(replayed));
  return replayed.difference === null && replayed.otherVersions.length === 0 ? exit.done : exit.failed;
}

export function replayText({ proposals, otherVersions, difference }: Replayed): string {
  const others = otherVersions.map(
    ({ sampler, stored, here, proposals: count }) =>
      `${count} proposals were made by version ${stored} of ${sampler}; this is version ${here}, which cannot be compared: use the program that made them`,
  );
  const lines = [`${proposals} proposals, ${difference === null ? 'no difference' : 'then a difference'}`, ...others];
  if (difference === null) return lines.join('\n');
  const computed = difference.computed === null ? 'nothing: the space has ended' : paramsText(difference.computed);
  return [...lines, `trial ${difference.number}`, `  stored    ${paramsText(difference.stored)}`, `  computed  ${computed}`].join('\n');
}

/** Pages of a search that goes on may not fit together. */
const mostReadings = 5;

async function readSearch(client: Client, sweep: string): Promise<Search> {
  for (let readings = 0; readings < mostReadings; readings++) {
    const { trials, priors, seed } = await readLog(client, sweep);
    if (!isWhole(trials)) continue;
    const samplers = await makeSamplers(client, sweep, seed);
    return { priors, trials, sampler: (revision) => samplers(revision) };
  }
  throw new CommandError(`sweep ${sweep} goes on faster than its log can be read: pause it first, with \`sweep pause ${sweep}\``);
}

async function readLog(client: Client, sweep: string): Promise<Pick<Search, 'trials' | 'priors'> & { readonly seed: bigint }> {
  const first = await client.searchLog(sweep, { limit: 1_000 });
  const trials = first.items.map(trialOf);
  for (let cursor = first.nextCursor; cursor !== null; ) {
    const page: SearchLogView = await client.searchLog(sweep, { limit: 1_000, cursor });
    trials.push(...page.items.map(trialOf));
    cursor = page.nextCursor;
  }
  return { trials, priors: first.priors.map(observationOf), seed: BigInt(first.seed) };
}

async function makeSamplers(client: Client, sweep: string, seed: bigint): Promise<Search['sampler']> {
  const configs = new Map((await client.listRevisions(sweep)).items.map(({ revision, config }) => [revision, config]));
  const made = new Map<number, ReturnType<Search['sampler']>>();
  return (revision) => {
    const known = made.get(revision);
    if (known !== undefined) return known;
    const spec = parseSweepFile(configs.get(revision) ?? '').spec;
    const definition = spec === null ? null : samplerOf(spec);
    if (spec === null || definition === null)
      throw new CommandError(`revision ${revision} of sweep ${sweep} has no sampler in this version`);
    const fresh = { definition, sampler: createSampler(definition, spec, seed) };
    made.set(revision, fresh);
    return fresh;
  };
}

const trialOf = ({ origin, observed, proposal, ...entry }: LoggedTrialView): ReplayedTrial => ({
  ...observationOf(entry),
  origin,
  observed,
  proposal,
});

/** Answers are read with the optimizer's own JSON, so that params are params and whole numbers beyond 2^53 are bigints. */
function observationOf({ number, params, state, values, limits, curve, blame }: SearchLogView['priors'][number]): Observation {
  return {
    number,
    state,
    params: params as Params,
    values: values.map(plain),
    ...(limits === undefined ? {} : { limits: limits.map(plain) }),
    ...(curve === undefined ? {} : { curve: curve.map(([place, value]) => [plain(place)!, plain(value)!] as const) }),
    ...(blame === undefined ? {} : { blame }),
  };
}

const plain = (value: number | null): number | null => (value === null ? null : numeric(value as ParamValue)!);
