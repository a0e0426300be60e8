/** `sweep agent [SWEEP]`: this process becomes the agent. What it does then is that program's. */
import type { Command } from 'commander';
import { type Act, collect, examples } from '../act.js';
import { wholeNumber } from '../assignment.js';
import { inheritable, trustEnvironment } from '../config.js';
import type { Context } from '../context.js';
import type { ExitCode } from '../exit.js';
import { become } from '../local/become.js';
import { programPath } from '../local/programs.js';

export function configure(command: Command, act: Act): void {
  command
    .argument('[sweep]', 'work for this one only; otherwise for every sweep of its pool')
    .option('--count <trials>', 'leave after so many', wholeNumber('--count', 1))
    .option('--gpus <which>', 'all, none, 0,1 or UUIDs')
    .option('--slots <count>', 'trials at once', wholeNumber('--slots', 1))
    .option('--slots-per-gpu <count>', 'trials at once on each GPU', wholeNumber('--slots-per-gpu', 1))
    .option('--pool <name>', 'group of agents that sweeps can choose')
    .option('--label <name=value>', 'what sweeps can ask for; several may be given', collect)
    .option('--allow-program <words>', 'run nothing but commands that begin so; several may be given', collect)
    .option('--allow-folder <folder>', 'run nothing but what lies below it; several may be given', collect)
    .option('--workdir <folder>', 'its identity, journal and the work folders of trials')
    .option('--name <name>', 'as shown; the host name if absent')
    .option('-f, --forward-signals', 'hand signals on to the programs')
    .option('-t, --term-timeout <seconds>', 'between SIGTERM and SIGKILL', wholeNumber('--term-timeout', 0))
    .option('--max-initial-failures <count>', 'leave when the first trials all fail', wholeNumber('--max-initial-failures', 1))
    .option('--join <token>', 'a one-time token of `sweep token create`')
    .action(act(agent));
  examples(
    command,
    ['sweep agent k3f9x2ab', 'work for one sweep'],
    ['sweep agent --gpus 0,1 --slots-per-gpu 2 --pool lab', 'four slots on two GPUs, for every sweep of the pool'],
  );
}

export type AgentFlags = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

async function agent(context: Context, sweep: string | undefined, { join, ...flags }: AgentFlags): Promise<ExitCode> {
  const { config } = context;
  const program = programPath('agent', config.agentProgram);
  // Who joins by a token becomes an agent with a key of its own, not the user who happens to be logged in here.
  const key = join === undefined ? await context.key() : null;
  inheritable({
    SWEEP_URL: await context.url(),
    ...trustEnvironment((await context.trust()).fingerprint, config.caFile),
    SWEEP_LOG_LEVEL: config.logLevel,
    ...(key === null ? {} : { SWEEP_API_KEY: key }),
    // Not as an argument again: those are seen by every user of the machine.
    ...(join === undefined ? {} : { SWEEP_JOIN_TOKEN: String(join) }),
  });
  return (await become(program, [...(sweep === undefined ? [] : [sweep]), ...flagTexts(flags)])) as ExitCode;
}

/** `{ slotsPerGpu: 2, label: ['a=1'] }` as `--slots-per-gpu 2 --label a=1`. */
export function flagTexts(flags: AgentFlags): string[] {
  return Object.entries(flags).flatMap(([name, value]) => {
    const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === undefined || value === false) return [];
    if (value === true) return [flag];
    return (typeof value === 'object' ? value : [value]).flatMap((each) => [flag, String(each)]);
  });
}
