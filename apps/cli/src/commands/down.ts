/** `sweep down`: ends what `sweep up` started on this data folder, whoever of it is still there. */
import { systemClock } from '@sweep/runtime';
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { wholeNumber } from '../assignment.js';
import type { Context } from '../context.js';
import { isRunning, markOf, type ProcessMark, signal } from '../local/process.js';
import { readServerFile, readSupervisorFile, removeServerFile, removeSupervisorFile } from '../local/server-file.js';

export function configure(command: Command, act: Act): void {
  command.option('--timeout <seconds>', 'then what is left is killed', wholeNumber('--timeout', 1), 60).action(act(down));
  examples(
    command,
    ['sweep down', 'stops agents, controller and database'],
    ['sweep down --data-dir /srv/sweep', 'those of another data folder'],
  );
}

const pollMs = 50;

async function down(context: Context, options: { readonly timeout: number }): Promise<void> {
  const { dataDir, notice } = context;
  const noted = await readSupervisorFile(dataDir);
  const server = await readServerFile(dataDir);
  const supervisor = noted !== null && isRunning(noted.supervisor) ? [noted.supervisor] : [];
  const started = [...(noted?.started ?? []), ...(server === null ? [] : [markOf(server.pid)])];
  const everyone = [...supervisor, ...started].filter(isRunning);
  if (everyone.length === 0) {
    notice(`nothing runs on ${dataDir}`);
  } else {
    // The supervisor ends its own in order; without it each is asked, agents (noted last) before the controller.
    for (const mark of supervisor.length > 0 ? supervisor : started.toReversed()) signal(mark, 'SIGTERM');
    const left = await goneWithin(everyone, options.timeout * 1000);
    if (left.length > 0) {
      notice(`still running after ${options.timeout} s, killed: ${left.map(({ pid }) => pid).join(', ')}`);
      for (const mark of left) signal(mark, 'SIGKILL');
      await goneWithin(left, 5000);
    }
    notice('stopped');
  }
  removeSupervisorFile(dataDir);
  removeServerFile(dataDir);
}

async function goneWithin(marks: readonly ProcessMark[], ms: number): Promise<readonly ProcessMark[]> {
  const deadline = systemClock.now() + ms;
  let left = marks.filter(isRunning);
  while (left.length > 0 && systemClock.now() < deadline) {
    await systemClock.sleep(pollMs);
    left = left.filter(isRunning);
  }
  return left;
}
