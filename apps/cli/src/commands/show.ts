/** `sweep show SWEEP` */
import { type DecisionView, pages } from '@sweep/api';
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import type { Context } from '../context.js';
import { sweepText } from '../show/views.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('<sweep>', 'ID, PROJECT/ID or ENTITY/PROJECT/ID')
    .option('--config', 'the sweep file alone, as it was given')
    .option('--revisions', 'every edit')
    .option('--decisions', 'why things happened, oldest first')
    .action(act(show));
  examples(command, ['sweep show k3f9x2ab', 'state, counts, best trial'], ['sweep show k3f9x2ab --config > sweep.yaml', 'its file']);
}

interface Options {
  readonly config?: true;
  readonly revisions?: true;
  readonly decisions?: true;
}

async function show(context: Context, sweep: string, options: Options): Promise<void> {
  const client = await context.client();
  if (options.revisions) {
    const { items } = await client.listRevisions(sweep);
    return context.print.list(items, [
      { title: 'REVISION', align: 'right', text: ({ revision }) => String(revision) },
      { title: 'PRIORITY', align: 'right', text: ({ priority }) => String(priority) },
      { title: 'PARALLEL', align: 'right', text: ({ parallel }) => String(parallel ?? '') },
      { title: 'RUN CAP', align: 'right', text: ({ runCap }) => String(runCap ?? '') },
      { title: 'BY', text: ({ by }) => by ?? '' },
      { title: 'AT', text: ({ at }) => at },
    ]);
  }
  if (options.decisions) {
    const items: DecisionView[] = [];
    for await (const decision of pages((page) => client.listSweepDecisions(sweep, page))) items.push(decision);
    return context.print.list(items, [
      { title: 'AT', text: ({ at }) => at },
      { title: 'TRIAL', align: 'right', text: ({ trial }) => String(trial ?? '') },
      { title: 'ABOUT', text: ({ about }) => about },
      { title: 'WHY', text: ({ text }) => text },
    ]);
  }
  const view = await client.getSweep(sweep);
  if (options.config) return context.write(view.config);
  await context.print.one(view, () => sweepText(view, context.now()));
}
