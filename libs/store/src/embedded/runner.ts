/**
 * As whom PostgreSQL runs. It refuses to be root, so a root process must find another identity that reaches the folder.
 *
 * Tried in this order: a user namespace in which root has another number (files stay root's); another uid that keeps the right to
 * pass closed folders, which containers allow; another uid alone.
 */
import { execFile } from 'node:child_process';
import { chown, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Invalid } from '@sweep/domain';
import type { Binaries } from './binaries.js';

export interface Runner {
  /** Put before the program and its arguments. */
  readonly prefix: readonly string[];
  readonly identity: { readonly uid?: number; readonly gid?: number };
  /** Who owns what the programs write; `null` where that is this process's user. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
}

/** `nobody` has this number wherever there is no other agreement. */
const nobody = { uid: 65_534, gid: 65_534 };
const direct: Runner = { prefix: [], identity: {}, owner: null };

/** @param folder exists and is either empty or a cluster; it is given to the chosen identity while it is empty */
export async function chooseRunner(folder: string, fresh: boolean, binaries: Binaries): Promise<Runner> {
  if (process.getuid?.() !== 0) return direct;
  const { uid, gid } = await stat(folder);
  for (const runner of candidates(uid === 0 ? null : { uid, gid })) {
    if (fresh && runner.owner !== null) await chown(folder, runner.owner.uid, runner.owner.gid);
    if (await reaches(runner, folder, binaries)) return runner;
    if (fresh) await chown(folder, uid, gid);
  }
  throw new Invalid(
    `PostgreSQL does not run as root, and no other identity can use ${folder}: ` +
      'start Sweep as an ordinary user, choose a data folder that other users may enter, or name a database by SWEEP_DATABASE_URL',
  );
}

function candidates(owner: Runner['owner']): readonly Runner[] {
  const other = owner ?? nobody;
  const numbers = [`--reuid=${other.uid}`, `--regid=${other.gid}`, '--clear-groups'];
  const passing = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  const asOther: readonly Runner[] = [
    { prefix: ['setpriv', ...numbers, ...passing], identity: {}, owner: other },
    { prefix: [], identity: other, owner: other },
  ];
  const asMapped: Runner = { prefix: ['unshare', '--user', '--map-user=1000', '--map-group=1000'], identity: {}, owner: null };
  return owner === null ? [asMapped, ...asOther] : asOther;
}

async function reaches(runner: Runner, folder: string, binaries: Binaries): Promise<boolean> {
  const script = 'test -O "$0" && test -w "$0" && exec "$1" --version';
  try {
    await run(runner, binaries, ['sh', '-c', script, folder, binaries.postgres]);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

/** Answers what the program wrote; throws the error of `execFile`, with `stderr` and `code`. */
export async function run(runner: Runner, binaries: Binaries, command: readonly string[]): Promise<string> {
  const [program, ...args] = [...runner.prefix, ...command];
  const { stdout } = await promisify(execFile)(program!, args, { ...runner.identity, env: environmentOf(binaries), cwd: '/' });
  return stdout;
}

/** Nothing of ours: PGDATA, PGOPTIONS and their like would change what the server does. */
export function environmentOf({ libraries }: Binaries): Record<string, string> {
  const base = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };
  if (libraries === null) return base;
  return { ...base, [process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH']: libraries };
}
