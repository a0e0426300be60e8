/** `sweep ls` */
import { pages } from '@sweep/api';
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { wholeNumber } from '../assignment.js';
import type { Context } from '../context.js';
import { addListOptions, gather, type ListOptions } from '../listing.js';
import { sweepColumns } from '../show/views.js';
import { sweepNames } from '../where.js';

export function configure(command: Command, act: Act): void {
  addListOptions(command).option('-n, --limit <count>', 'at most so many', wholeNumber('--limit', 1)).action(act(ls));
  examples(
    command,
    ['sweep ls --state running,paused', 'those that are not over'],
    ['sweep ls --where \'method == "bayes" and counts.failed > 0\' --sort -created', 'those with failed trials, newest first'],
  );
}

async function ls(context: Context, options: ListOptions & { readonly limit?: number }): Promise<void> {
  const client = await context.client();
  const { project } = context.config;
  const filter = { ...(options.state === undefined ? {} : { state: options.state }), ...(project === null ? {} : { project }) };
  const items = await gather((most) => pages((page) => client.listSweeps({ ...page, ...filter }), most), options, sweepNames);
  if (items.length === 0 && context.print.format === 'table') return context.notice(emptyText(options));
  await context.print.list(items, sweepColumns(context.now()));
}

const emptyText = ({ state, where }: ListOptions): string =>
  state === undefined && where === undefined ? 'no sweep yet: `sweep create sweep.yaml` makes one' : 'no sweep is like that';
