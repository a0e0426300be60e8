/** A Redis of the test's own on a free port: from the environment, or the installed binary; else the reason to skip. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.js';

export interface TestRedis {
  readonly url: string;
  flush(): Promise<void>;
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
  const server = spawn('redis-server', args, { stdio: 'ignore' });
  const ended = new Promise((resolve) => server.on('close', resolve));
  const cli = (...words: readonly string[]): string =>
    spawnSync('redis-cli', ['-p', String(port), ...words], { encoding: 'utf8' }).stdout.trim();
  await until(() => cli('ping') === 'PONG', { what: 'redis to answer' });
  return {
    url: `redis://127.0.0.1:${port}`,
    async flush() {
      cli('flushall');
    },
    async stop() {
      server.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
