/** What SIGINT and SIGTERM do: end the process with 130 or 143, unless a command with something to put in order has taken them over. */
import { exit } from './exit.js';

type OnSignal = (signal: 'SIGINT' | 'SIGTERM', times: number) => void;

const leave: OnSignal = (signal) => process.exit(exitOfSignal(signal));
let current: OnSignal = leave;
let times = 0;

export const exitOfSignal = (signal: NodeJS.Signals): number => (signal === 'SIGINT' ? exit.sigint : exit.sigterm);

export function listenForSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      times++;
      current(signal, times);
    });
  }
}

/** Answers a function that gives them back. `times`: which one it is, counted from the taking over. */
export function takeSignals(onSignal: OnSignal): () => void {
  times = 0;
  current = onSignal;
  return () => {
    current = leave;
  };
}
