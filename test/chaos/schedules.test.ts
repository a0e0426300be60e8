/**
 * Random faults from a seed, over a grid sweep and one that learns and prunes: nothing is lost, nothing counted twice, no point missing, no
 * process left. `npm run chaos -- --kills N --seed S` runs longer ones; one that fails is made smaller and kept in `regressions/`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../support/cluster.js';
import { Arena } from './arena.js';
import { readPlan } from './config.js';
import { drawSchedule, type Fault, type Plan, shrink } from './schedule.js';
import { lineOf, runSchedule, type Verdict } from './verdict.js';

const asked = readPlan();
const short: Plan = { seed: 702, kills: 40, queue: 'postgres', controllers: 2 };
const plan = asked ?? short;
const folder = join(root, 'test/chaos/regressions');
/** A kill takes some two seconds on a busy machine, mending included; the sweeps end after the last. */
const withinMs = 240_000 + plan.kills * 15_000;

interface Kept {
  readonly plan: Plan;
  readonly faults: readonly Fault[];
  /** What was wrong when it was found. */
  readonly wrong: readonly string[];
}

describe('a sweep under a random schedule of faults', () => {
  it(
    `loses nothing and counts nothing twice: seed ${plan.seed}, ${plan.kills} kills, queue ${plan.queue}, ${plan.controllers} controllers`,
    async ({ skip }) => {
      const arena = await Arena.open(plan);
      if ('skip' in arena) return skip(arena.skip);
      const faults = drawSchedule(plan);
      const verdict = await runSchedule(arena, plan, faults);
      console.log(lineOf(verdict));
      for (const what of arena.skipped) console.log(`left out: ${what}`);
      if (asked !== null && !asked.once && verdict.wrong.length > 0) await keepSmaller(faults, verdict);
      expect(verdict.wrong).toEqual([]);
      expect(verdict).toMatchObject({ kills: plan.kills, lost: 0, doubled: 0, pointsMissing: 0, processesLeft: 0 });
    },
    withinMs,
  );
});

const kept = readdirSync(folder).filter((name) => name.endsWith('.json'));

describe.skipIf(asked !== null)('a schedule that once failed', () => {
  it.for(kept)('%s', async (name, { skip }) => {
    const { plan: planned, faults } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Kept;
    const arena = await Arena.open(planned);
    if ('skip' in arena) return skip(arena.skip);
    expect((await runSchedule(arena, planned, faults)).wrong).toEqual([]);
  });
});

/** Only where somebody waits for it: each try takes as long as the schedule. */
async function keepSmaller(faults: readonly Fault[], { wrong }: Verdict): Promise<void> {
  console.log(`${wrong.join('\n')}\nlooking for the smallest schedule that fails`);
  const fails = async (some: readonly Fault[]): Promise<boolean> => {
    const arena = await Arena.open(plan);
    if ('skip' in arena) return false;
    const verdict = await runSchedule(arena, plan, some);
    console.log(`${some.length} faults: ${verdict.wrong.length === 0 ? 'well' : verdict.wrong[0]}`);
    return verdict.wrong.length > 0;
  };
  const least = await shrink(faults, fails);
  const path = join(folder, `seed-${plan.seed}-${plan.queue}-${plan.controllers}.json`);
  writeFileSync(path, `${JSON.stringify({ plan, faults: least, wrong } satisfies Kept, null, 2)}\n`);
  console.log(`kept: ${path}`);
}
