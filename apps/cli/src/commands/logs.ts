/** `sweep logs TRIAL` */
import type { LogStream } from '@sweep/api';
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { wholeNumber } from '../assignment.js';
import type { Context } from '../context.js';
import { UsageError } from '../exit.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('<trial>', 'ID or SWEEP#NUMBER')
    .option('-f, --follow', 'go on until the trial has ended')
    .option('--stream <name>', 'stdout or stderr alone')
    .option('--attempt <number>', 'of this attempt', wholeNumber('--attempt', 1))
    .action(act(logs));
  examples(
    command,
    ['sweep logs k3f9x2ab#17', 'what it printed on stdout, then on stderr'],
    ['sweep logs k3f9x2ab#17 -f', 'both as they come'],
  );
}

interface Options {
  readonly follow?: true;
  readonly stream?: string;
  readonly attempt?: number;
}

const streams: readonly LogStream[] = ['stdout', 'stderr'];

async function logs(context: Context, trial: string, options: Options): Promise<void> {
  const wanted = options.stream === undefined ? streams : streams.filter((stream) => stream === options.stream);
  if (wanted.length === 0) throw new UsageError(`--stream ${options.stream}: one of ${streams.join(', ')}`);
  const client = await context.client();
  const copy = async (stream: LogStream): Promise<void> => {
    const rest = { ...(options.follow ? { follow: true } : {}), ...(options.attempt === undefined ? {} : { attempt: options.attempt }) };
    for await (const bytes of client.trialLogs(trial, { stream, ...rest })) await write(bytes);
  };
  if (options.follow) await Promise.all(wanted.map(copy));
  else for (const stream of wanted) await copy(stream);
}

/** Waits when the reader is slower than we are. */
function write(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    if (process.stdout.write(bytes)) resolve();
    else process.stdout.once('drain', resolve);
  });
}
