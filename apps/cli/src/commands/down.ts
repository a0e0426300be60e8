/** `sweep down`: ends what `sweep up` started on this data folder, whoever of it is still there. */
import { systemClock } from '@sweep/runtime';
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { wholeNumber } from '../assignment.js';
import type { Context } from '../context.js';
import { betweenSignalsMs, isRunning, markOf, type ProcessMark, signal } from '../local/process.js';
import { readServerFile, readSupervisorFile, removeServerFile, removeSupervisorFile } from '../local/server-file.js';

export function configure(command: Command, act: Act): void {
  command.option('--timeout <seconds>', 'then running programs are killed', wholeNumber('--timeout', 1), 60).action(act(down));
  examples(
    command,
    ['sweep down', 'stops agents, controller and database'],
    ['sweep down --data-dir /srv/sweep', 'those of another data folder'],
  );
}

const pollMs = 50;
/** For those that were told to hurry. */
const lastMs = 5000;

async function down(context: Context, options: { readonly timeout: number }): Promise<void> {
  const { dataDir, notice } = context;
  const noted = await readSupervisorFile(dataDir);
  const server = await readServerFile(dataDir);
  const supervisor = noted === null ? [] : [noted.supervisor].filter(isRunning);
  const agents = (noted?.agents ?? []).filter(isRunning);
  const controllers = [noted?.controller ?? [], server === null ? [] : markOf(server.pid)].flat().filter(isRunning);
  const timeoutMs = options.timeout * 1000;
  const everyone = [...supervisor, ...agents, ...controllers];
  if (everyone.length === 0) notice(`nothing runs on ${dataDir}`);
  // The supervisor ends its own in order; without it the order is kept here.
  else if (supervisor.length > 0) await end(everyone, supervisor, { times: 1, timeoutMs });
  else {
    await end(agents, agents, { times: 2, timeoutMs });
    await end(controllers, controllers, { times: 1, timeoutMs });
  }
  if (everyone.length > 0) notice(everyone.some(isRunning) ? 'some processes do not end' : 'stopped');
  removeSupervisorFile(dataDir);
  removeServerFile(dataDir);
}

/** Asks, waits, asks again, and at last kills. `asked`: those that see to it; `all`: those that must be gone. */
async function end(
  all: readonly ProcessMark[],
  asked: readonly ProcessMark[],
  { times, timeoutMs }: { readonly times: number; readonly timeoutMs: number },
): Promise<void> {
  for (let i = 0; i < times; i++) {
    for (const mark of asked) signal(mark, 'SIGTERM');
    if (i + 1 < times) await goneWithin(all, betweenSignalsMs);
  }
  if (await goneWithin(all, timeoutMs)) return;
  for (const mark of asked) signal(mark, 'SIGTERM');
  if (await goneWithin(all, lastMs)) return;
  for (const mark of all) signal(mark, 'SIGKILL');
  await goneWithin(all, lastMs);
}

async function goneWithin(marks: readonly ProcessMark[], ms: number): Promise<boolean> {
  const deadline = systemClock.now() + ms;
  while (marks.some(isRunning)) {
    if (systemClock.now() >= deadline) return false;
    await systemClock.sleep(pollMs);
  }
  return true;
}
