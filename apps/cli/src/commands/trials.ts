/** `sweep trials SWEEP` */
import { pages } from '@sweep/api';
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { wholeNumber } from '../assignment.js';
import type { Context } from '../context.js';
import { addListOptions, gather, type ListOptions } from '../listing.js';
import { trialColumns } from '../show/views.js';
import { trialNames } from '../where.js';

export function configure(command: Command, act: Act): void {
  addListOptions(command.argument('<sweep>', 'ID, PROJECT/ID or ENTITY/PROJECT/ID'))
    .option('-n, --limit <count>', 'at most so many', wholeNumber('--limit', 1))
    .action(act(trials));
  examples(
    command,
    ['sweep trials k3f9x2ab --state failed', 'the failed ones, with the reason'],
    ["sweep trials k3f9x2ab --where 'params.lr < 0.01' --sort -metrics.acc -n 5", 'the five most accurate with a small learning rate'],
  );
}

async function trials(context: Context, sweep: string, options: ListOptions): Promise<void> {
  const client = await context.client();
  const filter = options.state === undefined ? {} : { state: options.state };
  const items = await gather((most) => pages((page) => client.listTrials(sweep, { ...page, ...filter }), most), options, trialNames);
  await context.print.list(items, trialColumns(context.now()));
}
