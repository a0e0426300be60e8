/** `sweep optimize FILE --stdio`: the optimiser alone, for programs in any language. */
import { createInterface } from 'node:readline';
import { createPruner, createSampler, samplerOf } from '@sweep/sweep-file';
import type { Command } from 'commander';
import { type Act, collect, examples } from '../act.js';
import { readSeed } from '../assignment.js';
import type { Context } from '../context.js';
import { CommandError, exit, UsageError } from '../exit.js';
import { Conversation } from '../optimize/conversation.js';
import { Study } from '../optimize/study.js';
import { type AcceptedFile, readSweepFile } from '../sweep-input.js';

interface Options {
  readonly seed?: bigint;
  readonly set?: readonly string[];
}

export function configure(command: Command, act: Act): void {
  command
    .argument('<file>', 'a sweep file; its command and limits do not matter here')
    .requiredOption('--stdio', 'one JSON object a line on stdin, one answer a line on stdout')
    .option('--seed <seed>', "instead of the file's own; 0 if neither", readSeed('--seed'))
    .option('--set <key=value>', 'dotted path into the file; several may be given', collect)
    .action(act(optimize));
  examples(
    command,
    [
      `echo '{"op":"ask","n":2}' | sweep optimize sweep.yaml --seed 7 --stdio`,
      'two points to try; lines may be: ask, report, tell, best, close',
    ],
    ['sweep optimize sweep.yaml --stdio < lines.jsonl', 'the same lines give the same answers each time'],
  );
}

async function optimize(context: Context, file: string, options: Options): Promise<void> {
  if (file === '-') throw new UsageError('the sweep file cannot come from stdin: the conversation does');
  const { spec } = await readSweepFile(context, file, options.set === undefined ? {} : { set: options.set });
  const conversation = new Conversation(openStudy(spec, options.seed ?? spec.seed ?? 0n));
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    const answer = conversation.answer(line);
    if (answer === null) break;
    context.write(`${answer}\n`);
  }
  process.stdin.destroy();
}

/** @throws CommandError, SamplerFailed */
function openStudy(spec: AcceptedFile['spec'], seed: bigint): Study {
  const definition = samplerOf(spec);
  if (definition === null)
    throw new CommandError('the points of `method: custom` come from outside: there is nothing to optimise here', exit.usage);
  const { space, objectives, limits } = spec;
  return new Study({ space, objectives, limits, definition, sampler: createSampler(definition, spec, seed), pruner: createPruner(spec) });
}
