/** What `sweep doctor` looks at on this machine. Each answers what it found and, unless all is well, how to mend it. */
import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import type { Config } from '../config.js';
import { bytes } from '../show/value.js';

export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly found: string;
  readonly mend: string | null;
}

export function checkNode(version: string = process.versions.node): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return { name: 'node', status: ok ? 'ok' : 'failed', found: `Node.js ${version}`, mend: ok ? null : 'install Node.js 20.19 or later' };
}

const leastBytes = { failed: 1024 ** 3, warning: 10 * 1024 ** 3 };

/** Of the volume of the data folder, or of the nearest folder above that exists. */
export async function checkDisk(dataDir: string): Promise<Check> {
  const free = await freeBytes(dataDir);
  const status = free < leastBytes.failed ? 'failed' : free < leastBytes.warning ? 'warning' : 'ok';
  const mend = status === 'ok' ? null : `free some space, or put the data on another volume with --data-dir`;
  return { name: 'disk', status, found: `${bytes(free)} free for ${dataDir}`, mend };
}

async function freeBytes(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw cause;
    return freeBytes(dirname(path));
  }
}

/** A machine without GPUs is a machine like others. */
export function checkGpus(program = 'nvidia-smi'): Promise<Check> {
  return new Promise((resolve) => {
    execFile(program, ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader'], { timeout: 10_000 }, (error, stdout) => {
      const lines = stdout
        .trim()
        .split('\n')
        .filter((line) => line !== '');
      if (error === null && lines.length > 0) resolve({ name: 'gpus', status: 'ok', found: lines.join('; '), mend: null });
      else if (error !== null && error.code === 'ENOENT')
        resolve({ name: 'gpus', status: 'skipped', found: 'no nvidia-smi here: no NVIDIA GPUs are used', mend: null });
      else
        resolve({
          name: 'gpus',
          status: 'warning',
          found: `nvidia-smi does not work${error === null ? '' : `: ${error.message.split('\n')[0]}`}`,
          mend: 'reinstall or load the NVIDIA driver, then try `nvidia-smi`',
        });
    });
  });
}

export async function checkPorts({ host, port, grpcPort }: Pick<Config, 'host' | 'port' | 'grpcPort'>): Promise<Check> {
  const wanted = [port, grpcPort].filter((each) => each !== 0);
  const taken: number[] = [];
  for (const each of wanted) if (!(await isFree(host, each))) taken.push(each);
  if (taken.length === 0) return { name: 'ports', status: 'ok', found: `${wanted.join(' and ')} are free on ${host}`, mend: null };
  return {
    name: 'ports',
    status: 'failed',
    found: `${taken.join(' and ')} taken on ${host} by another program`,
    mend: 'end that program, or choose others with --port and --grpc-port (0 = any free one)',
  };
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
