/** `sweep stop SWEEP`: no new trials, running ones finish. */
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { commandSweeps } from '../command-sweeps.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('<sweep...>', 'ID, PROJECT/ID or ENTITY/PROJECT/ID')
    .action(act((context, sweeps: string[]) => commandSweeps(context, 'stop', sweeps)));
  examples(
    command,
    ['sweep stop k3f9x2ab', 'no new trials, running ones finish'],
    ['sweep stop k3f9x2ab mnist/p2q4r6s8', 'several at once'],
  );
}
