/** `sweep edit SWEEP [FILE]` */
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { wholeNumber } from '../assignment.js';
import type { Context } from '../context.js';
import { UsageError } from '../exit.js';
import { readText } from '../input.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('<sweep>', 'ID, PROJECT/ID or ENTITY/PROJECT/ID')
    .argument('[file]', 'the new sweep file; - = stdin')
    .option('--run-cap <count>', 'most trials; "none" takes the limit away', numberOrNone('--run-cap', 1))
    .option('--priority <priority>', 'larger ones get free slots first', wholeNumber('--priority', Number.MIN_SAFE_INTEGER))
    .option('--parallel <count>', 'most trials at once; "none" takes the limit away', numberOrNone('--parallel', 1))
    .option('--name <name>', 'display name')
    .option('--revision <number>', 'refuse unless this is the current revision', wholeNumber('--revision', 1))
    .action(act(edit));
  examples(
    command,
    ['sweep edit k3f9x2ab --run-cap 200 --parallel 8', 'go on for longer, eight at a time'],
    ['sweep edit k3f9x2ab sweep.yaml', 'with a changed file'],
  );
}

interface Options {
  readonly runCap?: number | 'none';
  readonly priority?: number;
  readonly parallel?: number | 'none';
  readonly name?: string;
  readonly revision?: number;
}

async function edit(context: Context, sweep: string, file: string | undefined, options: Options): Promise<void> {
  const { runCap, parallel, priority, name } = options;
  const change = {
    ...(file === undefined ? {} : { config: await readText(file) }),
    ...(runCap === undefined ? {} : { runCap: runCap === 'none' ? null : runCap }),
    ...(parallel === undefined ? {} : { parallel: parallel === 'none' ? null : parallel }),
    ...(priority === undefined ? {} : { priority }),
    ...(name === undefined ? {} : { name }),
  };
  if (Object.keys(change).length === 0) throw new UsageError('nothing to change: give a file, --run-cap, --priority, --parallel or --name');
  const client = await context.client();
  // Without --revision: what was current a moment ago, so that of two editors at once the second is told.
  const revision = options.revision ?? (await client.getSweep(sweep)).revision;
  const view = await client.editSweep(sweep, change, revision);
  await context.print.one(view, () => `${view.id} is at revision ${view.revision}`);
}

function numberOrNone(name: string, least: number): (text: string) => number | 'none' {
  const read = wholeNumber(name, least);
  return (text) => (text === 'none' ? text : read(text));
}
