/**
 * What the agent must know after it was killed: who it is, and which attempts it holds in which state.
 *
 * One file an attempt, replaced whole before the step that it announces is taken. Not fsynced: after a power cut the programs are
 * gone as well, the controller hears of no lease that the journal lost, and its trial becomes a new attempt. Owns the files; the states
 * are `attempt.ts`. One agent a folder: a second one is refused.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Conflict, randomId } from '@sweep/domain';
import type { AttemptRecord } from './attempt-record.js';
import { isMissing, readWhole, writeDurably, writeWhole } from './durable-file.js';
import { isAlive, type ProcessIdentity, statOf } from './processes.js';

export interface Journal {
  readonly agentId: string;
  /** Attempts that were not over and done with when the last agent ended. */
  readonly found: readonly AttemptRecord[];
  write(record: AttemptRecord): void;
  forget(leaseId: string): void;
  /** Lets another agent use the folder. */
  unlock(): void;
}

/** @throws Conflict when an agent is running in this folder */
export function openJournal(workdir: string): Journal {
  const folder = join(workdir, 'journal');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = takeLock(join(workdir, 'agent.lock'));
  // Lease ids come from a controller: only their own letters may become part of a path.
  const pathOf = (leaseId: string): string => join(folder, `${encodeURIComponent(leaseId).replaceAll('.', '%2E')}.json`);
  return {
    agentId: readIdentity(join(workdir, 'agent.json')),
    found: readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => (readWhole(join(folder, name)) as AttemptRecord | null) ?? []),
    write: (record) => writeWhole(pathOf(record.grant.leaseId), JSON.stringify(record)),
    forget: (leaseId) => rmSync(pathOf(leaseId), { force: true }),
    unlock: () => rmSync(lock, { force: true }),
  };
}

function readIdentity(path: string): string {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { id: string }).id;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const id = randomId(16, randomBytes);
  writeDurably(path, JSON.stringify({ id }));
  return id;
}

/** Made complete under another name and linked, so that nobody reads a lock without its owner. */
function takeLock(path: string): string {
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, startTicks: statOf(process.pid)?.startTicks ?? null }), { mode: 0o600 });
  try {
    for (;;) {
      if (tryLink(mine, path)) return path;
      const owner = readOwner(path);
      if (owner !== null && isAlive(owner))
        throw new Conflict(`an agent is already running in this folder (pid ${owner.pid}): give another --workdir`);
      rmSync(path, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function readOwner(path: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
