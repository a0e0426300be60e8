/**
 * The keys of this user, one for each controller, in a file that nobody else may read.
 *
 * Owns the file's form (a JSON object by URL) and its mode. A controller on any free port gets a new URL at each start, so an entry
 * also remembers the data folder that it belongs to.
 */
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CommandError } from './exit.js';

export interface Credential {
  readonly key: string;
  /** Of a controller on this machine. */
  readonly dataDir?: string;
  /** SHA-256 of the controller's own certificate, as it was when the user logged in. */
  readonly fingerprint?: string;
}
type Entries = Readonly<Record<string, Credential>>;

export async function findFingerprint(path: string, url: string): Promise<string | null> {
  return (await read(path))[origin(url)]?.fingerprint ?? null;
}

export async function findKey(path: string, url: string, dataDir: string | null): Promise<string | null> {
  const entries = await read(path);
  const exact = entries[origin(url)];
  if (exact !== undefined) return exact.key;
  if (dataDir === null) return null;
  return Object.values(entries).find((entry) => entry.dataDir === dataDir)?.key ?? null;
}

/** Replaces the entry of this URL, and of the same data folder under an older one. */
export async function saveKey(path: string, url: string, credential: Credential): Promise<void> {
  const kept = Object.entries(await read(path)).filter(
    ([, entry]) => credential.dataDir === undefined || entry.dataDir !== credential.dataDir,
  );
  const entries = { ...Object.fromEntries(kept), [origin(url)]: credential };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}`;
  try {
    await writeFile(temporary, `${JSON.stringify(entries, null, 2)}\n`, { mode: 0o600 });
    // `mode` is subject to the umask and ignored for a file that exists.
    await chmod(temporary, 0o600);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function read(path: string): Promise<Entries> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new CommandError(`${path} cannot be read: ${(cause as Error).message}`);
  }
  try {
    return JSON.parse(text) as Entries;
  } catch {
    throw new CommandError(`${path} is damaged: mend it (a JSON object of URL to {"key"}) or remove it and log in again`);
  }
}

/** `localhost` and `127.0.0.1` stay two: they can be two controllers. */
const origin = (url: string): string => url.replace(/\/+$/, '').toLowerCase();
