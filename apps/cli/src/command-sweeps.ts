/** One verb for several sweeps: all are tried, the first error decides the exit code. */
import type { SweepVerb, SweepView } from '@sweep/api';
import type { Context } from './context.js';
import { type ExitCode, exit, exitOf, explain } from './exit.js';
import { sweepText } from './show/views.js';

export async function commandSweeps(context: Context, verb: SweepVerb, sweeps: readonly string[]): Promise<ExitCode> {
  const client = await context.client();
  const done: SweepView[] = [];
  const failures: unknown[] = [];
  for (const sweep of sweeps) {
    try {
      done.push(await client.commandSweep(sweep, verb));
    } catch (error) {
      failures.push(error);
    }
  }
  const [only] = done;
  if (sweeps.length === 1 && only !== undefined) await context.print.one(only, () => `${only.id} is ${only.state}`);
  else if (done.length > 0 && context.print.format === 'table')
    context.write(`${done.map(({ id, state }) => `${id} is ${state}`).join('\n')}\n`);
  else if (done.length > 0) await context.print.one(done, () => done.map((sweep) => sweepText(sweep, context.now(), null)).join('\n'));
  for (const error of failures) context.notice(explain(error));
  return failures.length === 0 ? exit.done : exitOf(failures[0]);
}
