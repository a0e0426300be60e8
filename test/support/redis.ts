/** A Redis of the test's own on a free port: from the environment, or the installed binary; else the reason to skip. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.js';
import { until } from './until.js';

export interface TestRedis {
  readonly url: string;
  flush(): Promise<void>;
  /** With -9; what it held is gone. */
  kill(): Promise<void>;
  /** Again on its port. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function redisServer(): Promise<TestRedis | { readonly skip: string }> {
  if (spawnSync('redis-server', ['--version']).status !== 0) return { skip: 'redis: no redis-server is installed' };
  const folder = await mkdtemp(join(tmpdir(), 'sweep-redis-'));
  const port = await freePort();
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'no',
    '--maxmemory-policy',
    'noeviction',
  ];
  const cli = (...words: readonly string[]): string =>
    spawnSync('redis-cli', ['-p', String(port), ...words], { encoding: 'utf8' }).stdout.trim();
  let server: ChildProcess;
  let ended: Promise<unknown>;
  const startServer = async (): Promise<void> => {
    const child = spawn('redis-server', args, { stdio: 'ignore' });
    server = child;
    ended = new Promise((resolve) => child.on('close', resolve));
    await until(() => cli('ping') === 'PONG', { what: 'redis to answer' });
  };
  await startServer();
  return {
    url: `redis://127.0.0.1:${port}`,
    async flush() {
      cli('flushall');
    },
    async kill() {
      server.kill('SIGKILL');
      await ended;
    },
    start: startServer,
    async stop() {
      server.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
