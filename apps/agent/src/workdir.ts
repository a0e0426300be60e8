/**
 * Where the agent keeps what belongs to attempts. Owns the paths and the removal of what is no longer needed.
 *
 *     agent.json agent.lock agent.log     identity, lock, the agent's own log (and agent.log.1, the one before)
 *     journal.jsonl                       what a restarted agent must know
 *     attempts/TRIAL.ATTEMPT/             files of one attempt: params, metrics, output, spool
 *     checkpoints/TRIAL/                  survives attempts on this machine
 *     code/HASH/                          shipped working folders
 */
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Invalid } from '@sweep/domain';
import type { Grant } from '@sweep/protocol';

export interface AttemptPaths {
  readonly folder: string;
  readonly params: string;
  readonly wandbConfig: string;
  readonly metrics: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly spool: string;
  readonly output: string;
  readonly checkpoint: string;
  /** Holds the number of the attempt that wrote the checkpoint folder last. */
  readonly checkpointAttempt: string;
}

/** Ids come from the controller and become path parts: one that is more than a name would leave the folder. */
function part(id: string): string {
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(id)) throw new Invalid(`${JSON.stringify(id)} is not an id`);
  return id;
}

export class Workdir {
  constructor(readonly root: string) {}

  get attempts(): string {
    return join(this.root, 'attempts');
  }

  get checkpoints(): string {
    return join(this.root, 'checkpoints');
  }

  get code(): string {
    return join(this.root, 'code');
  }

  attempt({ trialId, attempt }: Pick<Grant, 'trialId' | 'attempt'>): AttemptPaths {
    const folder = join(this.attempts, `${part(trialId)}.${attempt}`);
    return {
      folder,
      params: join(folder, 'params.json'),
      wandbConfig: join(folder, `config-${trialId}.yaml`),
      metrics: join(folder, 'metrics.jsonl'),
      stdout: join(folder, 'stdout.log'),
      stderr: join(folder, 'stderr.log'),
      spool: join(folder, 'points.spool'),
      output: join(folder, 'output'),
      checkpoint: join(this.checkpoints, trialId),
      checkpointAttempt: join(this.checkpoints, `${trialId}.attempt`),
    };
  }

  make({ output, checkpoint }: AttemptPaths): void {
    mkdirSync(output, { recursive: true, mode: 0o700 });
    mkdirSync(checkpoint, { recursive: true, mode: 0o700 });
  }

  async clear({ folder, checkpoint, checkpointAttempt }: AttemptPaths, keep: { readonly checkpoint: boolean }): Promise<void> {
    const gone = keep.checkpoint ? [folder] : [folder, checkpoint, checkpointAttempt];
    await Promise.all(gone.map((path) => rm(path, { recursive: true, force: true })));
  }
}
