/** `sweep best SWEEP` */
import { pages } from '@sweep/api';
import type { Params } from '@sweep/optimizer';
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { wholeNumber } from '../assignment.js';
import type { Context } from '../context.js';
import { CommandError } from '../exit.js';
import { paramsText } from '../show/value.js';
import { trialColumns } from '../show/views.js';
import { parseSort, parseWhere, trialNames } from '../where.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('<sweep>', 'ID, PROJECT/ID or ENTITY/PROJECT/ID')
    .option('-n, --count <count>', 'so many', wholeNumber('--count', 1), 1)
    .option('--where <expression>', 'the best of those for which it holds')
    .option('--sort <name>', 'by this name instead of the objective; -name for largest first')
    .action(act(best));
  examples(
    command,
    ['sweep best k3f9x2ab', 'the best trial so far'],
    ['sweep best k3f9x2ab -n 10 -o csv > best.csv', 'the ten best, for a spreadsheet'],
  );
}

interface Options {
  readonly count: number;
  readonly where?: string;
  readonly sort?: string;
}

async function best(context: Context, sweep: string, options: Options): Promise<void> {
  const client = await context.client();
  if (options.where === undefined && options.sort === undefined) {
    const { items, recommended } = await client.bestTrials(sweep, options.count);
    await context.print.list(items.slice(0, options.count), trialColumns(context.now()));
    // Beside the table only: what reads data asks the API, where the trial stands whole.
    if (recommended !== null && context.print.format === 'table')
      context.notice(`noise considered, the model prefers trial ${recommended.number}: ${paramsText(recommended.params as Params)}`);
    return;
  }
  const keep = options.where === undefined ? () => true : parseWhere(options.where, trialNames);
  const { objective } = await client.getSweep(sweep);
  if (objective === null && options.sort === undefined)
    throw new CommandError('the sweep has no objective: say by what with --sort metrics.NAME');
  const order = parseSort(options.sort ?? (objective?.goal === 'maximize' ? '-objective' : 'objective'), trialNames);
  const found = [];
  for await (const trial of pages((page) => client.listTrials(sweep, { ...page, state: ['completed'] })))
    if (keep(trial)) found.push(trial);
  await context.print.list(found.sort(order).slice(0, options.count), trialColumns(context.now()));
}
