/** Agents for one sweep, here, for as long as it takes. They leave by themselves when it ends; what is left then is asked to. */
import { once } from 'node:events';
import { join } from 'node:path';
import { childEnvironment, trustEnvironment } from '../config.js';
import type { Context } from '../context.js';
import { CommandError } from '../exit.js';
import { exitOfSignal, takeSignals } from '../signals.js';
import { nameFlags } from './agent-name.js';
import { askToLeave, start } from './process.js';
import { programPath } from './programs.js';

export interface LocalAgents {
  readonly sweep: string;
  readonly count: number;
}

/** Runs `work` beside them. @throws CommandError when all of them have left before it is done, or on a signal. */
export async function withLocalAgents<T>(
  context: Context,
  { sweep, count }: LocalAgents,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const program = programPath('agent', context.config.agentProgram);
  const key = await context.key();
  const environment = childEnvironment({
    SWEEP_URL: await context.url(),
    ...trustEnvironment((await context.trust()).fingerprint, context.config.caFile),
    SWEEP_LOG_LEVEL: context.config.logLevel,
    ...(key === null ? {} : { SWEEP_API_KEY: key }),
  });
  const children = Array.from({ length: count }, (_, index) =>
    start({
      program,
      args: [sweep, '--workdir', join(context.dataDir, 'agents', `${sweep}-${index + 1}`), ...nameFlags(index, count)],
      environment,
    }),
  );
  const ends = Promise.all(children.map((child) => once(child, 'exit')));
  const stopped = new AbortController();
  let interrupted: NodeJS.Signals | undefined;
  // The first lets running programs finish, the second ends them: the agents' own rule.
  const release = takeSignals((signal) => {
    interrupted ??= signal;
    for (const child of children) child.kill(signal);
  });
  const allLeft = ends.then(() => {
    if (interrupted !== undefined) stopped.abort();
    // An agent can hand its last result in and leave a moment before we see the end of the sweep.
    else setTimeout(() => stopped.abort(), 3000).unref();
  });
  try {
    const result = await work(stopped.signal);
    if (!stopped.signal.aborted) return result;
    if (interrupted !== undefined) throw new CommandError('interrupted', exitOfSignal(interrupted) as 130 | 143);
    throw new CommandError(`the agents left before the sweep ended; go on with \`sweep agent ${sweep}\``);
  } finally {
    await Promise.all([...children.map(askToLeave), allLeft]);
    release();
  }
}
