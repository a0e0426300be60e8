/** `sweep resume SWEEP`: goes on. */
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { commandSweeps } from '../command-sweeps.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('<sweep...>', 'ID, PROJECT/ID or ENTITY/PROJECT/ID')
    .action(act((context, sweeps: string[]) => commandSweeps(context, 'resume', sweeps)));
  examples(command, ['sweep resume k3f9x2ab', 'goes on'], ['sweep resume k3f9x2ab mnist/p2q4r6s8', 'several at once']);
}
