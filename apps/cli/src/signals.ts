/** What SIGINT and SIGTERM do: end the process with 130 or 143, unless a command with something to put in order has taken them over. */
import { exit } from './exit.js';

type OnSignal = (signal: 'SIGINT' | 'SIGTERM', times: number) => void;

const leave: OnSignal = (signal) => process.exit(exitOfSignal(signal));
let current: OnSignal = leave;
let times = 0;

export const exitOfSignal = (signal: NodeJS.Signals): number => (signal === 'SIGINT' ? exit.sigint : exit.sigterm);

const heard = ['SIGINT', 'SIGTERM'] as const;

function hear(signal: NodeJS.Signals): void {
  times++;
  current(signal as (typeof heard)[number], times);
}

export function listenForSignals(): void {
  for (const signal of heard) process.on(signal, hear);
}

/** For a program that this process becomes, with handlers of its own. */
export function stopListening(): void {
  for (const signal of heard) process.off(signal, hear);
}

/** Answers a function that gives them back. `times`: which one it is, counted from the taking over. */
export function takeSignals(onSignal: OnSignal): () => void {
  times = 0;
  current = onSignal;
  return () => {
    current = leave;
  };
}
