/** `sweep rm SWEEP` */
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import type { Context } from '../context.js';

export function configure(command: Command, act: Act): void {
  command.argument('<sweep>', 'ID, PROJECT/ID or ENTITY/PROJECT/ID; it must have ended').action(act(rm));
  examples(
    command,
    ['sweep rm k3f9x2ab', 'hidden now, deleted for good after 30 days'],
    ['sweep cancel k3f9x2ab; sweep rm k3f9x2ab', 'one that still runs'],
  );
}

async function rm(context: Context, sweep: string): Promise<void> {
  await (await context.client()).removeSweep(sweep);
  context.notice(`${sweep} is deleted`);
}
