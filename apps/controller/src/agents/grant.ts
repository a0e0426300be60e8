/** A lease as the agent gets it: everything that one attempt needs. */
import type { SweepSpec } from '@sweep/domain';
import { stringifyJson } from '@sweep/optimizer';
import type { Grant } from '@sweep/protocol';
import type { Store } from '@sweep/store';
import type { Specs } from '../specs.js';
import type { Granted } from './scheduler.js';

export interface GrantParts {
  readonly store: Store;
  readonly specs: Specs;
  readonly publicUrl: () => string;
}

export async function makeGrant(parts: GrantParts, granted: Granted): Promise<Grant> {
  const { trial, sweep, slots } = granted;
  const spec = parts.specs.of(sweep);
  const [[checkpoint], code] = await Promise.all([
    trial.attempt > 1 ? parts.store.files.list(trial.id, 'checkpoint') : [],
    spec.code === null ? null : parts.store.files.code(sweep.id),
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
    environment: environment(parts, granted),
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
function environment({ publicUrl }: GrantParts, { trial, sweep, secret }: Granted): Record<string, string> {
  if (secret === null) return {};
  return {
    WANDB_BASE_URL: publicUrl(),
    WANDB_API_KEY: secret,
    WANDB_ENTITY: sweep.entity,
    WANDB_PROJECT: sweep.projectName,
    WANDB_RUN_ID: trial.id,
    WANDB_SWEEP_ID: sweep.id,
  };
}
