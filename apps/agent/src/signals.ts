/**
 * What signals to the agent do, as with W&B's: the first one lets running programs finish, the second ends them, the third kills them.
 *
 * With `--forward-signals` programs get each signal too; with `--term-timeout` what is left after that time is killed.
 */
import { constants } from 'node:os';
import type { Clock } from '@sweep/runtime';
import type { Agent } from './agent.js';

export interface SignalRules {
  readonly forwardSignals: boolean;
  readonly termTimeoutMs: number;
  readonly killsAfterForward: boolean;
}

const ending = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
/** Nothing to us; a program may use them to checkpoint. */
const relayed = ['SIGUSR1', 'SIGUSR2', 'SIGCONT'] as const;

/** Answers a function that removes the handlers. */
export function listenToSignals(agent: Agent, rules: SignalRules, clock: Clock): () => void {
  let seen = 0;
  const over = new AbortController();
  const handle = (signal: NodeJS.Signals): void => {
    seen++;
    if (rules.forwardSignals) agent.forward(signal);
    // The exit code that shells give to what a signal ended.
    if (seen === 1) agent.drain({ reason: `${signal}; once more ends the running programs`, exitCode: 128 + constants.signals[signal] });
    else agent.stopAll('leave', 'the agent was told to leave', seen === 2 ? undefined : 0);
    if (seen > 1 || !rules.forwardSignals || !rules.killsAfterForward) return;
    void clock.sleep(rules.termTimeoutMs, over.signal).then(() => {
      if (!over.signal.aborted) agent.stopAll('leave', 'still running after the signal', 0);
    });
  };
  const relay = (signal: NodeJS.Signals): void => agent.forward(signal);
  for (const signal of ending) process.on(signal, handle);
  if (rules.forwardSignals) for (const signal of relayed) process.on(signal, relay);
  return () => {
    over.abort();
    for (const signal of ending) process.off(signal, handle);
    for (const signal of relayed) process.off(signal, relay);
  };
}
