/** A lease as the agent gets it: everything that one attempt needs, and a key that dies with it. */
import type { Sweep, SweepSpec, Trial } from '@sweep/domain';
import { stringifyJson } from '@sweep/optimizer';
import type { Grant } from '@sweep/protocol';
import type { Store } from '@sweep/store';
import type { Authenticator } from '../auth/authenticate.js';
import type { Specs } from '../specs.js';
import type { Granted } from './scheduler.js';

export interface GrantParts {
  readonly store: Store;
  readonly specs: Specs;
  readonly authenticator: Authenticator;
  readonly publicUrl: () => string;
}

export async function makeGrant(parts: GrantParts, { trial, sweep, slots }: Granted): Promise<Grant> {
  const spec = parts.specs.of(sweep);
  const [[checkpoint], code, variables] = await Promise.all([
    trial.attempt > 1 ? parts.store.files.list(trial.id, 'checkpoint') : [],
    spec.code === null ? null : parts.store.files.code(sweep.id),
    environment(parts, trial, sweep),
  ]);
  return {
    leaseId: trial.lease!.id,
    trialId: trial.id,
    sweepId: sweep.id,
    number: trial.number,
    attempt: trial.attempt,
    slots: [...slots],
    params: stringifyJson(trial.params, { nonFinite: 'bare' }),
    command: [...spec.command],
    program: spec.program ?? '',
    environment: variables,
    timeoutMs: spec.timeoutMs ?? 0,
    collectStdout: [...spec.collect.stdout],
    collectTensorboard: spec.collect.tensorboard ?? '',
    ...(code === null ? {} : { code: { hash: code.blob, size: code.size } }),
    ...(checkpoint === undefined ? {} : { checkpoint: { hash: checkpoint.blob, size: checkpoint.size } }),
    ...whileAway(spec),
    objectives: spec.objectives.map((objective) => objective.name),
    project: sweep.projectName,
    entity: sweep.entity,
    sweepName: sweep.name,
  };
}

function whileAway(spec: SweepSpec): Pick<Grant, 'stopWhileAway' | 'lostAfterMs'> {
  return { stopWhileAway: spec.disconnect.whileAway === 'stop', lostAfterMs: spec.disconnect.lostAfterMs };
}

/** Lets a program that uses the `wandb` client report to this run unchanged. */
async function environment(parts: GrantParts, trial: Trial, sweep: Sweep): Promise<Record<string, string>> {
  if (sweep.createdBy === null) return {};
  const name = `trial ${sweep.id}#${trial.number}, attempt ${trial.attempt}`;
  const { secret } = await parts.authenticator.issue(sweep.createdBy, {
    name,
    scope: 'attempt',
    expiresAt: null,
    trial: trial.id,
    project: sweep.project,
  });
  return {
    WANDB_BASE_URL: parts.publicUrl(),
    WANDB_API_KEY: secret,
    WANDB_ENTITY: sweep.entity,
    WANDB_PROJECT: sweep.projectName,
    WANDB_RUN_ID: trial.id,
    WANDB_SWEEP_ID: sweep.id,
  };
}
