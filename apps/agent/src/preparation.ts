/**
 * From a grant to a program that can be started: folders, code, checkpoint, params, argument vector, environment.
 *
 * Everything here may be done again: an agent that was killed on the way begins anew.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Gpu, Invalid } from '@sweep/domain';
import type { Grant } from '@sweep/protocol';
import { type Allowed, refusalOf, shippedRefusal } from './allowed.js';
import type { AttemptBlobs } from './blobs.js';
import { argvOf, paramsOf } from './command.js';
import { programEnvironment } from './environment.js';
import type { Trust } from './trust.js';
import { wandbConfig } from './wandb-config.js';
import type { AttemptPaths, Workdir } from './workdir.js';

export interface PreparationParts {
  readonly workdir: Workdir;
  readonly blobs: AttemptBlobs;
  readonly environment: NodeJS.ProcessEnv;
  /** Where programs run whose code is not shipped. */
  readonly cwd: string;
  readonly trust: Pick<Trust, 'bundle'>;
  readonly allowed: Allowed;
}

export interface Prepared {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** @throws Invalid when there is nothing to start, Unavailable when files could not be fetched, what the disk throws */
export async function prepare(grant: Grant, paths: AttemptPaths, gpus: readonly Gpu[] | null, parts: PreparationParts): Promise<Prepared> {
  const { workdir, blobs } = parts;
  // Before anything is fetched: what is not run here is not stored here either.
  if (grant.code !== undefined) refuse(shippedRefusal(workdir.code, parts.allowed));
  workdir.make(paths);
  const cwd = grant.code === undefined ? parts.cwd : await blobs.code(grant.leaseId, grant.code);
  await placeCheckpoint(grant, paths, blobs);
  writeFileSync(paths.params, `${grant.params}\n`, { mode: 0o600 });
  writeFileSync(paths.wandbConfig, wandbConfig(paramsOf(grant)), { mode: 0o600 });
  const argsJsonFile = (json: string): string => {
    const path = join(paths.folder, 'args.json');
    writeFileSync(path, json, { mode: 0o600 });
    return path;
  };
  const argv = argvOf(grant, { environment: parts.environment, argsJsonFile });
  refuse(refusalOf({ argv, cwd, shipped: grant.code !== undefined }, parts.allowed));
  const environment = programEnvironment({ base: parts.environment, grant, paths, cwd, gpus, caBundle: parts.trust.bundle });
  return { argv, cwd, environment };
}

function refuse(reason: string | null): void {
  if (reason !== null) throw new Invalid(reason);
}

/** The folder of this machine is the newest one only if the attempt just before this one wrote it. */
async function placeCheckpoint(grant: Grant, { checkpoint, checkpointAttempt }: AttemptPaths, blobs: AttemptBlobs): Promise<void> {
  const writtenBy = existsSync(checkpointAttempt) ? Number(readFileSync(checkpointAttempt, 'utf8')) : 0;
  if (grant.checkpoint !== undefined && writtenBy < grant.attempt - 1)
    await blobs.restoreCheckpoint(grant.leaseId, grant.checkpoint, checkpoint);
  writeFileSync(checkpointAttempt, String(grant.attempt), { mode: 0o600 });
}
