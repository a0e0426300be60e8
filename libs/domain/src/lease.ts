/** Lease times. Only the database clock judges expiry; agents are given durations, never timestamps. */

export interface LeaseTimes {
  /** How long a lease lasts without a renewal. */
  readonly ttlMs: number;
  /** How long after its last renewal an agent is called lost. */
  readonly agentSilenceMs: number;
  /** How often controllers write that they are alive. */
  readonly controllerHeartbeatMs: number;
}

export const defaultLeaseTimes: LeaseTimes = { ttlMs: 30_000, agentSilenceMs: 30_000, controllerHeartbeatMs: 5_000 };

/** Agents renew all leases in one message this often: two renewals may be missed. */
export const renewEveryMs = (times: LeaseTimes): number => Math.floor(times.ttlMs / 3);

/**
 * How much longer every lease lives because no controller could be reached: the time since the last controller's heartbeat,
 * beyond one heartbeat interval (a controller that is alive is silent that long).
 */
export function outageCreditMs(lastHeartbeat: number | null, now: number, times: LeaseTimes): number {
  if (lastHeartbeat === null) return 0;
  return Math.max(0, now - lastHeartbeat - times.controllerHeartbeatMs);
}

/** When a trial whose agent is away may be given to another: its lease is over and the sweep's patience too. */
export function lostAt(leaseExpiresAt: number, lostAfterMs: number, times: LeaseTimes): number {
  // `lost_after` counts from the agent's last sign of life, which was one ttl before the expiry.
  return Math.max(leaseExpiresAt, leaseExpiresAt - times.ttlMs + lostAfterMs);
}

export type ReturnVerdict =
  | { readonly kind: 'keep' }
  | { readonly kind: 'take-back'; readonly stopOther: boolean }
  | { readonly kind: 'stop'; readonly reason: string };

/**
 * What happens to an attempt whose agent comes back after silence (lease rule L8).
 *
 * @param mine whether the attempt's lease still stands in the trial's row
 * @param trial the row as it is now
 * @param replacementReported whether a newer attempt has stored any point
 */
export function decideReturn(
  mine: boolean,
  trial: { readonly state: string; readonly attempt: number },
  returning: { readonly attempt: number },
  replacementReported: boolean,
): ReturnVerdict {
  if (mine) return { kind: 'keep' };
  if (trial.state === 'queued' && trial.attempt === returning.attempt) return { kind: 'take-back', stopOther: false };
  if (trial.state === 'running' && trial.attempt === returning.attempt + 1 && !replacementReported)
    return { kind: 'take-back', stopOther: true };
  if (trial.state === 'running' || trial.state === 'stopping')
    return { kind: 'stop', reason: 'another attempt of this trial has reported since' };
  return { kind: 'stop', reason: `the trial is ${trial.state}` };
}
