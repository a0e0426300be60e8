/** An S3 server for tests: moto's, from pip. Kept from one run of the tests to the next. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const version = '5.1.16';
const cache = join(import.meta.dirname, '../../../node_modules/.cache/moto');
const run = promisify(execFile);

export interface S3Server {
  readonly endpoint: string;
  close(): Promise<void>;
}

export async function startS3Server(): Promise<S3Server | { readonly skip: string }> {
  const packages = await motoPackages();
  if (typeof packages !== 'string') return packages;
  const port = await freePort();
  const env = { PATH: process.env['PATH'] ?? '', PYTHONPATH: packages };
  const server = spawn('python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], { env, stdio: 'ignore' });
  const endpoint = `http://127.0.0.1:${port}`;
  if (!(await answers(endpoint, server))) return { skip: 's3: moto_server does not start' };
  return {
    endpoint,
    async close() {
      const ended = new Promise((resolve) => server.once('close', resolve));
      server.kill('SIGKILL');
      await ended;
    },
  };
}

async function answers(endpoint: string, server: ChildProcess): Promise<boolean> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline && server.exitCode === null; ) {
    const answered = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (answered) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { readonly port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function motoPackages(): Promise<string | { readonly skip: string }> {
  const folder = join(cache, version);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(join(cache, 'unpacking-'));
  try {
    await run('python3', [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--target',
      scratch,
      `moto[server]==${version}`,
    ]);
    if (!existsSync(folder)) await rename(scratch, folder);
    return folder;
  } catch (error) {
    const { code, stderr } = error as { readonly code?: unknown; readonly stderr?: string };
    if (code === 'ENOENT') return { skip: 'python: python3 is not on PATH' };
    if (stderr === undefined) throw error;
    return { skip: `s3: pip cannot install moto: ${stderr.trim().split('\n').at(-1) ?? ''}` };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
