/** `sweep create FILE` */
import type { Client, SweepView } from '@sweep/api';
import type { Command } from 'commander';
import { type Act, collect, examples } from '../act.js';
import { wholeNumber } from '../assignment.js';
import type { Context } from '../context.js';
import { type ExitCode, exit } from '../exit.js';
import { waitForEnd } from '../live/wait.js';
import { withLocalAgents } from '../local/sweep-agents.js';
import { createdText } from '../show/created.js';
import { bytes } from '../show/value.js';
import { type FileFlags, readSweepFile } from '../sweep-input.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('<file>', 'a sweep file; - = stdin')
    .option('--name <name>', 'display name')
    .option('--program <program>', 'what is run')
    .option('--set <key=value>', 'dotted path into the file; several may be given', collect)
    .option('--strict', 'any warning refuses')
    .option('--prior-run <run>', 'learn from this finished run; several may be given', collect)
    .option('--agents <count>', 'run so many agents here until the sweep ends', wholeNumber('--agents', 1))
    .option('--wait', 'until the sweep ends; exit code 1 if it failed')
    .action(act(create));
  examples(
    command,
    ['sweep create sweep.yaml', 'prints its id, its URL and the line that starts an agent'],
    ['sweep create sweep.yaml --set parameters.lr.max=0.1 --agents 2 --wait', 'with a wider range, run here'],
  );
}

interface Options extends FileFlags {
  readonly priorRun?: readonly string[];
  readonly agents?: number;
  readonly wait?: true;
}

async function create(context: Context, file: string, options: Options): Promise<ExitCode> {
  const { text, spec } = await readSweepFile(context, file, options);
  const client = await context.client();
  const code = spec.code === null ? undefined : await ship(context, client, spec.code);
  const { project } = context.config;
  const sweep = await client.createSweep({
    config: text,
    ...(project === null ? {} : { project }),
    ...(options.priorRun === undefined ? {} : { priorRuns: [...options.priorRun] }),
    ...(options.strict ? { strict: true } : {}),
    ...(code === undefined ? {} : { code }),
  });
  const show = (one: SweepView): Promise<void> => context.print.one(one, () => createdText(one));
  const waits = options.agents !== undefined || options.wait;
  // People want to look while it runs; a program that waits wants what came of it.
  const atOnce = !waits || context.print.format === 'table';
  if (atOnce) await show(sweep);
  if (!waits) return exit.done;
  const ended = await untilEnd(context, client, { sweep, agents: options.agents ?? 0 });
  if (!atOnce) await show(ended);
  return options.wait && ended.state === 'failed' ? exit.failed : exit.done;
}

function untilEnd(context: Context, client: Client, { sweep, agents }: { sweep: SweepView; agents: number }): Promise<SweepView> {
  const wait = (signal?: AbortSignal): Promise<SweepView> => waitForEnd(context, client, sweep.id, signal);
  return agents === 0 ? wait() : withLocalAgents(context, { sweep: sweep.id, count: agents }, wait);
}

/** The working folder: agents run its content, wherever they are. */
async function ship(
  context: Context,
  client: Client,
  selection: { readonly include: readonly string[]; readonly exclude: readonly string[] },
) {
  const { packFolder } = await import('../archive.js');
  const archive = await packFolder(process.cwd(), selection);
  context.notice(`shipping ${archive.files.length} files, ${bytes(archive.bytes.length)} packed`);
  await client.putBlob(archive.hash, archive.bytes);
  return { hash: archive.hash, size: archive.bytes.length };
}
