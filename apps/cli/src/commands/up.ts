/** `sweep up`: the controller and local agents, kept running; in the foreground or behind. */
import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemClock } from '@sweep/runtime';
import { type Command, Option } from 'commander';
import { type Act, examples } from '../act.js';
import { wholeNumber } from '../assignment.js';
import type { Context } from '../context.js';
import { CommandError, type ExitCode, exit } from '../exit.js';
import { announcement } from '../local/announce.js';
import { isRunning, tail } from '../local/process.js';
import { liveServer, readSupervisorFile, removeSupervisorFile, type ServerFile } from '../local/server-file.js';
import { Supervisor } from '../local/supervisor.js';
import { logPath, supervisorOptions } from '../local/up-parts.js';
import { exitOfSignal, takeSignals } from '../signals.js';

export function configure(command: Command, act: Act): void {
  command
    .option('--agents <count>', 'local agents to run', wholeNumber('--agents', 0), 0)
    .option('--detach', 'return when ready; `sweep down` ends it')
    .option('--host <host>', 'address to listen on (SWEEP_HOST)')
    .option('--port <port>', 'of HTTP; 0 = any free one (SWEEP_PORT)')
    .option('--grpc-port <port>', 'of the agents; 0 = any free one (SWEEP_GRPC_PORT)')
    .option('--public-url <url>', 'what links are built from (SWEEP_PUBLIC_URL)')
    .option('--database-url <url>', 'an existing PostgreSQL; better in SWEEP_DATABASE_URL, where nobody sees its password')
    .option('--redis-url <url>', 'Redis for the queue; better in SWEEP_REDIS_URL')
    .addOption(new Option('--report', 'tell the process that started this one when it is ready').hideHelp())
    .argument('[controller-flags...]', 'after --: handed to the controller as they are')
    .action(act(up));
  examples(
    command,
    ['sweep up --agents 1', 'everything on this machine, until Ctrl-C'],
    ['sweep up --detach --host 0.0.0.0 --public-url https://sweeps.example.org', 'behind, for other machines too'],
  );
}

/** For another `sweep up` on the same data folder to become ready. */
const otherStartMs = 60_000;

interface Options {
  readonly agents: number;
  readonly detach?: true;
  readonly report?: true;
}

interface Ready {
  readonly server: ServerFile;
  /** Made by this start. */
  readonly key: string | null;
}

async function up(context: Context, controllerFlags: readonly string[], options: Options): Promise<ExitCode> {
  const running = await runningHere(context.dataDir);
  if (running !== null) {
    context.notice(`a controller already runs on ${context.dataDir} (process ${running.pid})`);
    await context.print.one(running, () => announcement(running, null));
    return exit.done;
  }
  if (!options.detach) return foreground(context, { controllerFlags, ...options });
  await announce(context, await detached(context));
  return exit.done;
}

/** Also one that another `sweep up` is just starting. */
async function runningHere(dataDir: string): Promise<ServerFile | null> {
  const deadline = systemClock.now() + otherStartMs;
  for (;;) {
    const server = await liveServer(dataDir);
    if (server !== null) return server;
    const other = await readSupervisorFile(dataDir);
    if (other === null || !isRunning(other.supervisor)) return null;
    if (systemClock.now() >= deadline) {
      throw new CommandError(
        `another \`sweep up\` (process ${other.supervisor.pid}) has been starting on ${dataDir} for long: end it with \`sweep down\``,
      );
    }
    await systemClock.sleep(100);
  }
}

const announce = ({ print }: Context, { server, key }: Ready): Promise<void> =>
  print.one(key === null ? server : { ...server, key }, () => announcement(server, key));

async function foreground(context: Context, plan: Options & { readonly controllerFlags: readonly string[] }): Promise<ExitCode> {
  const made: { key: string | null } = { key: null };
  const onFirstKey = (key: string): void => {
    made.key = key;
  };
  const supervisor = new Supervisor(supervisorOptions({ context, agents: plan.agents, controllerFlags: plan.controllerFlags, onFirstKey }));
  let interrupted: NodeJS.Signals | undefined;
  const release = takeSignals((signal, times) => {
    interrupted ??= signal;
    if (times === 2) return supervisor.hurry();
    if (times > 2) return supervisor.kill();
    context.notice('stopping: agents first, then the controller (once more to hurry)');
    supervisor.stop();
  });
  try {
    const server = await supervisor.ready;
    if (plan.report) process.send?.({ server, key: made.key } satisfies Ready);
    else await announce(context, { server, key: made.key });
  } catch (error) {
    if (interrupted === undefined) throw await explained(error, context, made.key);
  } finally {
    await supervisor.ended;
    release();
    removeSupervisorFile(context.dataDir);
  }
  return interrupted === undefined ? exit.done : (exitOfSignal(interrupted) as ExitCode);
}

/** With the end of the log, where the log does not stand on this terminal, and a key that would be lost otherwise. */
async function explained(error: unknown, { dataDir, notice }: Context, key: string | null): Promise<unknown> {
  if (key !== null) notice(`the first user's API key was made: ${key} (shown once; kept for this user's commands)`);
  if (!(error instanceof CommandError) || !process.stderr.isTTY) return error;
  const log = logPath(dataDir, 'controller');
  return new CommandError(`${error.message}; the end of ${log}:\n${await tail(log, 15)}`, error.exitCode);
}

/** This command once more, behind; answers when that one is ready. */
async function detached({ dataDir }: Context): Promise<Ready> {
  const log = logPath(dataDir, 'up');
  mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
  const file = openSync(log, 'a', 0o600);
  const args = process.argv.slice(2).filter((flag) => flag !== '--detach');
  const afterCommand = args.indexOf('up') + 1;
  const child = fork(process.argv[1]!, [...args.slice(0, afterCommand), '--report', ...args.slice(afterCommand)], {
    detached: true,
    stdio: ['ignore', file, file, 'ipc'],
  });
  closeSync(file);
  const release = takeSignals(() => void child.kill('SIGTERM'));
  try {
    return await firstMessage(child, log);
  } finally {
    release();
    if (child.connected) child.disconnect();
    child.unref();
  }
}

function firstMessage(child: ChildProcess, log: string): Promise<Ready> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as unknown as Ready));
    child.once('error', reject);
    child.once('exit', (code) => {
      const exitCode = code === exit.usage ? exit.usage : exit.failed;
      tail(log, 15).then((lines) => reject(new CommandError(`it did not start; the end of ${log}:\n${lines}`, exitCode)), reject);
    });
  });
}
