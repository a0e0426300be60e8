/** `sweep preview FILE`: without a controller. */
import { type Preview, preview } from '@sweep/sweep-file';
import type { Command } from 'commander';
import { type Act, collect, examples } from '../act.js';
import { readSeed, wholeNumber } from '../assignment.js';
import { environmentVariable } from '../config.js';
import type { Context } from '../context.js';
import { readSweepFile } from '../sweep-input.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('<file>', 'a sweep file; - = stdin')
    .option('-n, --count <count>', 'so many trials', wholeNumber('--count', 0), 5)
    .option('--seed <seed>', "instead of the file's own; 0 if neither", readSeed('--seed'))
    .option('--set <key=value>', 'dotted path into the file; several may be given', collect)
    .action(act(show));
  examples(
    command,
    ['sweep preview sweep.yaml', 'the first five trials and how they are started'],
    ['sweep preview sweep.yaml -n 100 --seed 7 --json', 'the same ones each time'],
  );
}

async function show(
  context: Context,
  file: string,
  options: { readonly count: number; readonly seed?: bigint; readonly set?: readonly string[] },
): Promise<void> {
  const { spec } = await readSweepFile(context, file, options.set === undefined ? {} : { set: options.set });
  const host = { environment: environmentVariable, platform: process.platform, argsJsonFile: () => 'args.json' };
  const found = preview(spec, options.count, options.seed ?? spec.seed ?? 0n, host);
  await context.print.one(found, () => previewText(found));
}

export function previewText({ method, expectedTrials, exhausted, rungs, trials }: Preview): string {
  const head = [`${method}, ${expectedTrials === null ? 'no limit on trials' : `${expectedTrials} trials`}`];
  if (rungs.length > 0) head.push(`early stopping at ${rungs.join(', ')}`);
  const lines = trials.map(
    ({ number, argv }) => `${String(number).padStart(String(trials.length).length)}  ${argv.map(shellWord).join(' ')}`,
  );
  return [...head, ...lines, ...(exhausted ? ['that is the whole space'] : [])].join('\n');
}

/** As it could be pasted into a shell. */
const shellWord = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
