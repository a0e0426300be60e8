/** `sweep doctor`: what is found, and for each finding how to mend it. */
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import type { Context } from '../context.js';
import { checkController } from '../controller-checks.js';
import { type ExitCode, exit } from '../exit.js';
import { type Check, checkDisk, checkGpus, checkNode, checkPorts } from '../local/machine-checks.js';

export function configure(command: Command, act: Act): void {
  command.action(act(doctor));
  examples(
    command,
    ['sweep doctor', 'this machine, and the controller if there is one'],
    ['sweep doctor --json --url https://sweeps.example.org', 'for a monitor: exit code 1 if something fails'],
  );
}

const signs = { ok: '✔', warning: '!', failed: '✘', skipped: '-' } as const;

async function doctor(context: Context): Promise<ExitCode> {
  const { checks: remote, reachable } = await checkController(context);
  const machine = await Promise.all([checkDisk(context.dataDir), checkGpus()]);
  const ports = reachable ? [] : [await checkPorts(context.config)];
  const checks: readonly Check[] = [checkNode(), ...machine, ...ports, ...remote];
  await context.print.one(checks, () => checks.map((check) => checkText(check, context)).join('\n'));
  return checks.some(({ status }) => status === 'failed') ? exit.failed : exit.done;
}

function checkText({ name, status, found, mend }: Check, { colors }: Context): string {
  const paint = { ok: colors.green, warning: colors.yellow, failed: colors.red, skipped: colors.dim }[status];
  return `${paint(signs[status])} ${name.padEnd(14)} ${found}${mend === null ? '' : `\n${' '.repeat(17)}mend: ${mend}`}`;
}
