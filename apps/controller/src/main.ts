/**
 * The controller's program: settings, signals, exit codes, and one JSON line on stdout for each thing that its starter must know
 * (`first-key`, `ready`, `already-running`). Everything else goes to the log on stderr.
 */
import { readFileSync } from 'node:fs';
import { SweepError } from '@sweep/domain';
import { ConfigError, createLogger, type Logger, onStopSignals } from '@sweep/runtime';
import { readControllerConfig } from './config.js';
import { AlreadyRunning, type RunningController, startController } from './controller.js';

const exitCodeOf: Readonly<Partial<Record<NodeJS.Signals, number>>> = { SIGINT: 130, SIGTERM: 143 };
const usageError = 2;

/** Told by a signal; a second one ends the process at once. */
function onStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    onStopSignals(resolve, (signal) => process.exit(exitCodeOf[signal] ?? 1));
  });
}

function announce(event: string, facts: object): void {
  process.stdout.write(`${JSON.stringify({ event, ...facts })}\n`);
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string };
  return manifest.version;
}

async function run(argv: readonly string[]): Promise<number> {
  const config = readControllerConfig(argv);
  const log = createLogger({ name: 'controller', level: config.logLevel });
  process.on('unhandledRejection', (error) => {
    log.fatal({ err: error }, 'an error that nobody handled');
    process.exit(1);
  });
  const stopped = onStop();
  const starting = startController({ config, version: version(), log, onFirstKey: (key) => announce('first-key', key) });
  // A stop while starting takes effect when there is something to stop.
  const running = await starting.catch(alreadyRunning);
  if (running === null) return 0;
  announce('ready', running.server);
  const signal = await stopped;
  await stop(running, log);
  return exitCodeOf[signal] ?? 1;
}

/** Beside a live controller there is nothing to do. */
function alreadyRunning(error: unknown): null {
  if (!(error instanceof AlreadyRunning)) throw error;
  process.stderr.write(`${error.message}\n`);
  announce('already-running', { pid: error.pid, ...error.server });
  return null;
}

async function stop(running: RunningController, log: Logger): Promise<void> {
  log.info('stopping');
  await running.stop();
  log.info('stopped');
}

try {
  process.exit(await run(process.argv.slice(2)));
} catch (error) {
  const known = error instanceof ConfigError || error instanceof SweepError;
  process.stderr.write(`${known ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exit(error instanceof ConfigError ? usageError : 1);
}
