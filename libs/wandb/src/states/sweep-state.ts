/** Sweep states as W&B clients know them, both ways: what they are shown, and what a state that they send asks for. */
import { endOfStopping, Invalid, type StopReason, type SweepEvent, type SweepStatus } from '@sweep/domain';

export type WireSweepState = 'PENDING' | 'RUNNING' | 'PAUSED' | 'FINISHED' | 'CANCELED' | 'CRASHED';

const ended = { completed: 'FINISHED', cancelled: 'CANCELED', failed: 'CRASHED' } as const;

/** A stopping sweep shows at once the word that it will end in. */
export function wireSweepState({ state, reason }: SweepStatus): WireSweepState {
  switch (state) {
    case 'pending':
      return 'PENDING';
    case 'running':
      return 'RUNNING';
    case 'paused':
      return 'PAUSED';
    case 'stopping':
      return ended[endOfStopping[(reason ?? 'stopped') as StopReason]];
    case 'completed':
    case 'cancelled':
    case 'failed':
      return ended[state];
  }
}

/** As `wireSweepState`, where the client decides whether it may pause: it refuses to pause a PENDING sweep, and ours can be. */
export function wireSweepStateForCommands(status: SweepStatus): WireSweepState {
  return status.state === 'pending' ? 'RUNNING' : wireSweepState(status);
}

/** @throws Invalid for a word that asks for nothing. */
export function sweepEventOf(word: string): Extract<SweepEvent, { readonly kind: 'pause' | 'resume' | 'stop' | 'cancel' }> {
  switch (word.toUpperCase()) {
    case 'PAUSED':
      return { kind: 'pause' };
    case 'RUNNING':
      return { kind: 'resume' };
    case 'FINISHED':
      return { kind: 'stop' };
    case 'CANCELED':
    case 'CANCELLED':
      return { kind: 'cancel' };
    default:
      throw new Invalid(`a sweep cannot be put into the state "${word.slice(0, 40)}"; send RUNNING, PAUSED, FINISHED or CANCELED`);
  }
}
