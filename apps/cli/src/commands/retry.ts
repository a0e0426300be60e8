/** `sweep retry SWEEP` */
import type { Command } from 'commander';
import { type Act, collect, examples } from '../act.js';
import type { Context } from '../context.js';
import { UsageError } from '../exit.js';
import { trialColumns } from '../show/views.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('<sweep>', 'ID, PROJECT/ID or ENTITY/PROJECT/ID')
    .option('--failed', 'all that failed')
    .option('--trial <number...>', 'this one; several may be given', collect)
    .action(act(retry));
  examples(command, ['sweep retry k3f9x2ab --failed', 'every failed trial once more'], ['sweep retry k3f9x2ab --trial 4 7', 'two of them']);
}

async function retry(
  context: Context,
  sweep: string,
  options: { readonly failed?: true; readonly trial?: readonly string[] },
): Promise<void> {
  const trials = (options.trial ?? []).flatMap((text) => text.split(',')).map((text) => text.replace(/^.*#/, ''));
  const wrong = trials.find((text) => !/^[1-9]\d*$/.test(text));
  if (wrong !== undefined) throw new UsageError(`--trial ${wrong}: the number of a trial, 1 or more`);
  if (!options.failed && trials.length === 0) throw new UsageError('say which trials: --failed, or --trial NUMBER');
  const client = await context.client();
  const which = { ...(options.failed ? { failed: true } : {}), ...(trials.length > 0 ? { trials: trials.map(Number) } : {}) };
  const { items } = await client.retrySweep(sweep, which);
  context.notice(items.length === 1 ? '1 trial is queued again' : `${items.length} trials are queued again`);
  await context.print.list(items, trialColumns(context.now()));
}
