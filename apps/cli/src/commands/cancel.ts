/** `sweep cancel SWEEP`: running trials are terminated. */
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { commandSweeps } from '../command-sweeps.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('<sweep...>', 'ID, PROJECT/ID or ENTITY/PROJECT/ID')
    .action(act((context, sweeps: string[]) => commandSweeps(context, 'cancel', sweeps)));
  examples(
    command,
    ['sweep cancel k3f9x2ab', 'running trials are terminated'],
    ['sweep cancel k3f9x2ab mnist/p2q4r6s8', 'several at once'],
  );
}
