/**
 * What the agent must know after it was killed: who it is, and which attempts it holds in which state.
 *
 * One file that only grows: a line an attempt and step, written before the step that it announces is taken; the last line of an attempt
 * counts. It is written anew, with what still counts, when an agent starts and when most of it is past. (A file an attempt, replaced
 * at each step, costs 0.2 to 2 ms a step on ext4, which sends a replaced file's content to the disk; a line costs 5 µs.)
 * Not fsynced: after a power cut the programs are gone as well, the controller hears of no lease that the journal lost, and its trial
 * becomes a new attempt. Owns the files; the states are `attempt.ts`. One agent a folder: a second one is refused.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, linkSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Conflict, randomId } from '@sweep/domain';
import type { AttemptRecord } from './attempt-record.js';
import { isDiskFull, isMissing, writeDurably, writeWhole } from './durable-file.js';
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

/** What is past may take this much before the file is written anew. */
const mostPastBytes = 4 * 1024 * 1024;

/** `record` is null when the attempt is over and done with. */
interface Line {
  readonly leaseId: string;
  readonly record: AttemptRecord | null;
}

/** @throws Conflict when an agent is running in this folder */
export function openJournal(workdir: string): Journal {
  const lock = takeLock(join(workdir, 'agent.lock'));
  const file = new JournalFile(pathIn(workdir));
  return {
    agentId: readIdentity(join(workdir, 'agent.json')),
    found: file.records,
    write: (record) => file.append({ leaseId: record.grant.leaseId, record }),
    forget: (leaseId) => file.forget(leaseId),
    unlock: () => {
      file.close();
      rmSync(lock, { force: true });
    },
  };
}

class JournalFile {
  private readonly lines: Map<string, string>;
  private file: number;
  private pastBytes = 0;
  /** Lines for which there was no room. */
  private readonly unwritten: string[] = [];

  constructor(private readonly path: string) {
    this.lines = lastLines(read(path));
    this.file = this.writeAnew();
  }

  get records(): readonly AttemptRecord[] {
    return recordsOf(this.lines);
  }

  append(line: Line): void {
    const text = JSON.stringify(line);
    // The break first: what a full disk cut off must not swallow the line after it.
    writeFileSync(this.file, `\n${[...this.unwritten, text].join('\n')}`);
    this.unwritten.length = 0;
    this.pastBytes += this.lines.get(line.leaseId)?.length ?? 0;
    if (line.record === null) {
      this.lines.delete(line.leaseId);
      this.pastBytes += text.length;
    } else this.lines.set(line.leaseId, text);
    if (this.pastBytes > mostPastBytes) this.shrink();
  }

  private shrink(): void {
    const old = this.file;
    try {
      // The old one is good until the new one is: a number that was closed may be another file's by the next write.
      this.file = this.writeAnew();
      closeSync(old);
    } catch (error) {
      // The line is written all the same; there will be room another time.
      if (!isDiskFull(error)) throw error;
    }
  }

  /** A full disk must not keep an attempt from being given up: the line is written with the next one. */
  forget(leaseId: string): void {
    const line: Line = { leaseId, record: null };
    try {
      this.append(line);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      this.unwritten.push(JSON.stringify(line));
      this.lines.delete(leaseId);
    }
  }

  close(): void {
    closeSync(this.file);
  }

  private writeAnew(): number {
    writeWhole(this.path, [...this.lines.values()].join('\n'));
    this.pastBytes = 0;
    return openSync(this.path, 'a', 0o600);
  }
}

/** By lease, of each attempt that is not over and done with. A line that a crash or a full disk tore announced a step not taken. */
function lastLines(text: string): Map<string, string> {
  const lines = new Map<string, string>();
  for (const one of text.split('\n')) {
    const line = parsed(one);
    if (line === null) continue;
    if (line.record === null) lines.delete(line.leaseId);
    else lines.set(line.leaseId, one);
  }
  return lines;
}

const recordsOf = (lines: ReadonlyMap<string, string>): readonly AttemptRecord[] =>
  [...lines.values()].flatMap((line) => parsed(line)?.record ?? []);

const pathIn = (workdir: string): string => join(workdir, 'journal.jsonl');

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}

function parsed(text: string): Line | null {
  try {
    return JSON.parse(text) as Line;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
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
