/** `sweep best SWEEP` */
import { pages } from '@sweep/api';
import type { Params } from '@sweep/optimizer';
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { wholeNumber } from '../assignment.js';
import type { Context } from '../context.js';
import { CommandError } from '../exit.js';
import { paramsText } from '../show/value.js';
import { bestColumns, limitText } from '../show/views.js';
import { parseSort, parseWhere, trialNames } from '../where.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('<sweep>', 'ID, PROJECT/ID or ENTITY/PROJECT/ID')
    .option('-n, --count <count>', 'so many; else one, and of several objectives the whole Pareto set', wholeNumber('--count', 1))
    .option('--where <expression>', 'the best of those for which it holds')
    .option('--sort <name>', 'by this name instead of the objective; -name for largest first')
    .action(act(best));
  examples(
    command,
    ['sweep best k3f9x2ab', 'the best trial so far that keeps all limits; of several objectives all that no other beats'],
    ['sweep best k3f9x2ab -n 10 -o csv > best.csv', 'the ten best, for a spreadsheet'],
  );
}

interface Options {
  readonly count?: number;
  readonly where?: string;
  readonly sort?: string;
}

async function best(context: Context, sweep: string, options: Options): Promise<void> {
  const client = await context.client();
  const view = await client.getSweep(sweep);
  const columns = bestColumns(view, context.now());
  if (options.where === undefined && options.sort === undefined) {
    const { items, recommended } = await client.bestTrials(sweep, options.count ?? (view.objectives.length > 1 ? undefined : 1));
    await context.print.list(items, columns);
    if (items.length === 0 && view.limits.length > 0 && view.counts.completed > 0)
      context.notice(`none of ${view.counts.completed} completed trials keeps ${view.limits.map(limitText).join(' and ')}`);
    // Beside the table only: what reads data asks the API, where the trial stands whole.
    if (recommended !== null && context.print.format === 'table')
      context.notice(`noise considered, the model prefers trial ${recommended.number}: ${paramsText(recommended.params as Params)}`);
    return;
  }
  const keep = options.where === undefined ? () => true : parseWhere(options.where, trialNames);
  const { objective } = view;
  if (objective === null && options.sort === undefined)
    throw new CommandError('the sweep has no objective: say by what with --sort metrics.NAME');
  const order = parseSort(options.sort ?? (objective?.goal === 'maximize' ? '-objective' : 'objective'), trialNames);
  const found = [];
  for await (const trial of pages((page) => client.listTrials(sweep, { ...page, state: ['completed'] })))
    if (trial.limits.every(({ kept }) => kept) && keep(trial)) found.push(trial);
  await context.print.list(found.sort(order).slice(0, options.count ?? 1), columns);
}
