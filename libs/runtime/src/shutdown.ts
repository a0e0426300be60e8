/** Ordered shutdown: what was opened last is closed first. A step that fails does not keep the others from running. */
import type { Logger } from './logger.js';

export interface Shutdown {
  add(name: string, close: () => Promise<void> | void): void;
  /** Runs all steps once; later calls wait for the same run. Throws `AggregateError` of the steps that failed. */
  run(): Promise<void>;
}

export function createShutdown(log: Logger): Shutdown {
  const steps: { name: string; close: () => Promise<void> | void }[] = [];
  let running: Promise<void> | undefined;

  const runAll = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const { name, close } of steps.reverse()) {
      log.debug({ step: name }, 'closing');
      try {
        await close();
      } catch (error) {
        log.error({ step: name, err: error }, 'closing failed');
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'some parts did not close well');
  };

  return {
    add: (name, close) => void steps.push({ name, close }),
    run: () => (running ??= runAll()),
  };
}

/** First SIGTERM or SIGINT: `onStop`. A second one: `onHurry`. Answers a function that removes the handlers. */
export function onStopSignals(onStop: (signal: NodeJS.Signals) => void, onHurry: (signal: NodeJS.Signals) => void): () => void {
  let seen = 0;
  const handler = (signal: NodeJS.Signals): void => {
    seen++;
    if (seen === 1) onStop(signal);
    else onHurry(signal);
  };
  process.on('SIGTERM', handler);
  process.on('SIGINT', handler);
  return () => {
    process.off('SIGTERM', handler);
    process.off('SIGINT', handler);
  };
}
