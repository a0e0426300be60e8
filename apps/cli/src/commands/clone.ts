/** `sweep clone SWEEP` */
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import type { Context } from '../context.js';
import { createdText } from '../show/created.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('<sweep>', 'ID, PROJECT/ID or ENTITY/PROJECT/ID')
    .option('--prior-runs', 'the new sweep learns from the finished trials of the old one')
    .option('--name <name>', 'of the new sweep')
    .action(act(clone));
  examples(
    command,
    ['sweep clone k3f9x2ab', 'the same search from the beginning'],
    ['sweep clone k3f9x2ab --prior-runs', 'one that knows what was found'],
  );
}

async function clone(context: Context, sweep: string, options: { readonly priorRuns?: true; readonly name?: string }): Promise<void> {
  const client = await context.client();
  const view = await client.cloneSweep(sweep, options);
  await context.print.one(view, () => createdText(view));
}
