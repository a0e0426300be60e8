/**
 * A Redis for tests: the one of SWEEP_TEST_REDIS_URL, else an installed `redis-server` started on a free port; null when there is neither.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { testAddresses } from './config.js';
import { freePort } from './free-port.js';

export interface RedisServer {
  readonly url: string;
  /** Null for a server that is not ours: it is neither killed nor wiped. */
  readonly own: OwnRedis | null;
  close(): Promise<void>;
}

export interface OwnRedis {
  /** Runs one command, for its answer as text. */
  command(...words: readonly string[]): Promise<string>;
  kill(): Promise<void>;
  start(): Promise<void>;
}

export async function redisServer(settings: readonly string[] = []): Promise<RedisServer | null> {
  const { redisUrl } = testAddresses();
  if (redisUrl !== null) return { url: redisUrl, own: null, close: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), 'sweep-redis-'));
  const port = await freePort();
  const started = await startRedis(folder, port, settings);
  if (started === null) {
    await rm(folder, { recursive: true });
    return null;
  }
  let child: ChildProcess = started;
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const own: OwnRedis = {
    async command(...words) {
      const client = new Redis(port, '127.0.0.1');
      const [name = 'PING', ...rest] = words;
      const answer = await client.call(name, ...rest);
      client.disconnect();
      return String(answer);
    },
    kill,
    async start() {
      const again = await startRedis(folder, port, settings);
      if (again === null) throw new Error('redis-server did not start again');
      child = again;
    },
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    own,
    async close() {
      await kill();
      await rm(folder, { recursive: true });
    },
  };
}

async function startRedis(folder: string, port: number, settings: readonly string[]): Promise<ChildProcess | null> {
  const defaults = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'yes',
    '--daemonize',
    'no',
  ];
  const child = spawn('redis-server', [...defaults, ...settings], { stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', () => resolve(null));
    child.stdout.on('data', (text: Buffer) => {
      if (text.includes('Ready to accept connections')) resolve(child);
    });
  });
}
