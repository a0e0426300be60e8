/**
 * The training program's environment, and the marks by which its processes are found.
 *
 * Owns which variables are given, and which of the agent's own are kept from it.
 */
import type { Gpu } from '@sweep/domain';
import type { Grant } from '@sweep/protocol';
import type { AttemptPaths } from './workdir.js';

export interface EnvironmentParts {
  /** The agent's own. */
  readonly base: NodeJS.ProcessEnv;
  readonly grant: Grant;
  readonly paths: AttemptPaths;
  readonly cwd: string;
  /** Of the attempt's slots; null on a machine whose GPUs are not handed out. */
  readonly gpus: readonly Gpu[] | null;
  /** Authorities with which the controller's certificate is trusted; null: the system's. */
  readonly caBundle: string | null;
}

/** The agent's key would let a program act as the agent; `WANDB_SERVICE` would tie it to another process's W&B service. */
const keptBack = [
  'SWEEP_API_KEY',
  'SWEEP_JOIN_TOKEN',
  'SWEEP_DATABASE_URL',
  'SWEEP_REDIS_URL',
  'WANDB_SERVICE',
  'NODE_CHANNEL_FD',
  'NODE_CHANNEL_SERIALIZATION_MODE',
];

/** Both together are one attempt's: they are how its processes are found when they leave its group. */
export const marksOf = ({ trialId, attempt }: Pick<Grant, 'trialId' | 'attempt'>): readonly string[] => [
  `SWEEP_TRIAL=${trialId}`,
  `SWEEP_ATTEMPT=${attempt}`,
];

export function programEnvironment(parts: EnvironmentParts): Record<string, string> {
  const { base, grant, paths, cwd, caBundle } = parts;
  const inherited = Object.entries(base).filter(([name, value]) => value !== undefined && !keptBack.includes(name)) as [string, string][];
  return {
    ...(caBundle === null ? {} : { SSL_CERT_FILE: caBundle, REQUESTS_CA_BUNDLE: caBundle }),
    ...Object.fromEntries(inherited),
    ...gpuVariables(parts.gpus),
    WANDB_ENTITY: grant.entity,
    WANDB_PROJECT: grant.project,
    WANDB_RUN_ID: grant.trialId,
    WANDB_SWEEP_ID: grant.sweepId,
    WANDB_DIR: base['WANDB_DIR'] || cwd,
    ...grant.environment,
    WANDB_SWEEP_PARAM_PATH: paths.wandbConfig,
    SWEEP_ID: grant.sweepId,
    SWEEP_TRIAL: grant.trialId,
    SWEEP_TRIAL_ID: grant.trialId,
    SWEEP_TRIAL_NUMBER: String(grant.number),
    SWEEP_ATTEMPT: String(grant.attempt),
    SWEEP_PARAMS: paths.params,
    SWEEP_METRICS: paths.metrics,
    SWEEP_CHECKPOINT_DIR: paths.checkpoint,
    SWEEP_OUTPUT_DIR: paths.output,
  };
}

/** By UUID: an index means another card as soon as one is hidden. A trial without GPUs sees none. */
function gpuVariables(gpus: readonly Gpu[] | null): Record<string, string> {
  if (gpus === null) return {};
  const uuids = gpus.map(({ uuid }) => uuid).join(',');
  if (gpus.some(({ vendor }) => vendor === 'amd')) return { ROCR_VISIBLE_DEVICES: uuids };
  return { CUDA_DEVICE_ORDER: 'PCI_BUS_ID', CUDA_VISIBLE_DEVICES: uuids };
}
