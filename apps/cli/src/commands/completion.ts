/** `sweep completion bash|zsh|fish` */
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { completionScript, shells } from '../completion.js';
import type { Context } from '../context.js';
import { UsageError } from '../exit.js';

export function configure(command: Command, act: Act, whole: () => Promise<Command>): void {
  command.argument('<shell>', shells.join(', ')).action(act((context, name: string) => completion(context, name, whole)));
  examples(
    command,
    ['source <(sweep completion bash)', 'in ~/.bashrc'],
    ['sweep completion fish > ~/.config/fish/completions/sweep.fish', 'for fish'],
  );
}

async function completion(context: Context, name: string, whole: () => Promise<Command>): Promise<void> {
  const shell = shells.find((each) => each === name);
  if (shell === undefined) throw new UsageError(`${name}: one of ${shells.join(', ')}`);
  context.write(completionScript(shell, await whole()));
}
