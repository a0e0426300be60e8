/**
 * One controller a data folder: who holds it, and where the others find that one.
 *
 *     claim ──lock file made──► held ──announce──► server.json there ──retract──► held ──release──► nothing left
 *       └──its holder lives──► the other one's server.json
 *
 * A process is known by its id and, where the system tells, its start time, so that a reused id is not taken for a live holder.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const announcement = z.object({
  url: z.string(),
  grpcUrl: z.string(),
  pid: z.number(),
  version: z.string(),
  startedAt: z.string(),
  /** Only with a certificate of the controller's own making. */
  fingerprint: z.string().optional(),
});
const lock = z.object({ pid: z.number(), born: z.string().nullable() });

export type Announcement = z.infer<typeof announcement>;

export type Claim =
  | { readonly held: true; readonly folder: HeldFolder }
  /** `server` is null while the other one still starts. */
  | { readonly held: false; readonly pid: number; readonly server: Announcement | null };

export interface HeldFolder {
  announce(server: Announcement): void;
  /** Nobody should come any more. */
  retract(): void;
  release(): void;
}

export function claimDataFolder(dataDir: string, pid: number = process.pid): Claim {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lockPath = join(dataDir, 'controller.lock');
  const serverPath = join(dataDir, 'server.json');
  const mine = JSON.stringify({ pid, born: bornAt(pid) });
  for (let attempt = 0; attempt < 3; attempt++) {
    if (create(lockPath, mine)) {
      rmSync(serverPath, { force: true });
      return { held: true, folder: holder(lockPath, serverPath) };
    }
    const other = read(lockPath, lock);
    if (other !== null && other.pid !== pid && isAlive(other))
      return { held: false, pid: other.pid, server: read(serverPath, announcement) };
    rmSync(lockPath, { force: true });
  }
  return { held: false, pid: read(lockPath, lock)?.pid ?? 0, server: null };
}

function holder(lockPath: string, serverPath: string): HeldFolder {
  return {
    announce(server) {
      const temporary = `${serverPath}.${server.pid}`;
      writeFileSync(temporary, `${JSON.stringify(server)}\n`, { mode: 0o600 });
      renameSync(temporary, serverPath);
    },
    retract: () => rmSync(serverPath, { force: true }),
    release: () => rmSync(lockPath, { force: true }),
  };
}

/** False when the file is there already. Linked and not written, so that nobody ever reads half of it. */
function create(path: string, text: string): boolean {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, text, { mode: 0o600 });
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Null when there is no such file, or a writer died over it. */
function read<T>(path: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

function isAlive({ pid, born }: z.infer<typeof lock>): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Not ours to signal, but there.
    if (codeOf(error) !== 'EPERM') return false;
  }
  return born === null || bornAt(pid) === born;
}

/** Start time in the kernel's own count; null for a process that is over (a zombie too) and on systems without /proc. */
function bornAt(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in parentheses and may hold anything; the state is the first field after it, the start time the 20th.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return null;
    throw error;
  }
}

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;
