/** `sweep ask SWEEP` */
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { wholeNumber } from '../assignment.js';
import type { Context } from '../context.js';
import { trialColumns } from '../show/views.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('<sweep>', 'ID, PROJECT/ID or ENTITY/PROJECT/ID')
    .option('-n, --count <count>', 'so many proposals', wholeNumber('--count', 1), 1)
    .option('--name <name>', 'who asks, as shown beside the trials')
    .action(act(ask));
  examples(command, ['sweep ask k3f9x2ab --json', 'one proposal, with its params'], ['sweep ask k3f9x2ab -n 4', 'four to work on at once']);
}

async function ask(context: Context, sweep: string, options: { readonly count: number; readonly name?: string }): Promise<void> {
  const client = await context.client();
  const answer = await client.ask(sweep, options);
  if (answer.exhausted && answer.trials.length < options.count) context.notice('the sweep has nothing more to propose');
  if (context.print.format === 'table') return context.print.list(answer.trials, trialColumns(context.now()));
  await context.print.one(answer, () => '');
}
