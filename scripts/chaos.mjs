/**
 * `npm run chaos -- --kills N --seed S [--queue redis|postgres] [--controllers 1|2]`: random faults from a seed, thrown at a running system.
 *
 * Prints `kills K, trials T, attempts A, lost 0, doubled 0, points missing 0, processes left 0`. A schedule that fails is made smaller
 * and written to test/chaos/regressions, where the tests run it from then on; with `--once` it is only reported.
 */
import { parseArgs } from 'node:util';
import { run } from './run.mjs';
import { main, SetupFailed, setup } from './setup.mjs';

const usage = 'usage: npm run chaos -- [--kills N] [--seed S] [--queue redis|postgres] [--controllers 1|2] [--once]';

function readPlan() {
  const text = { type: 'string' };
  const { values } = parseArgs({ options: { kills: text, seed: text, queue: text, controllers: text, once: { type: 'boolean' } } });
  const plan = {
    kills: whole('kills', values.kills ?? '40'),
    seed: whole('seed', values.seed ?? '1'),
    queue: values.queue ?? 'postgres',
    controllers: whole('controllers', values.controllers ?? '1'),
    once: values.once ?? false,
  };
  if (!['redis', 'postgres'].includes(plan.queue)) throw new SetupFailed(`there is no queue ${plan.queue}; ${usage}`);
  if (plan.controllers < 1 || plan.controllers > 2) throw new SetupFailed(`1 or 2 controllers, not ${plan.controllers}; ${usage}`);
  return plan;
}

function whole(name, text) {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new SetupFailed(`--${name}: "${text}" is not a whole number; ${usage}`);
}

await main(async () => {
  const plan = readPlan();
  await setup();
  const args = ['run', 'test/chaos/schedules.test.ts', '--project=chaos', '--disable-console-intercept=true'];
  const { code } = await run('vitest', args, { env: { SWEEP_CHAOS: JSON.stringify(plan) }, show: true });
  return code;
});
