/**
 * A Redis for tests: the one of SWEEP_TEST_REDIS_URL, else an installed `redis-server` started on a free port; null when there is neither.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { testAddresses } from './config.js';
import { freePort } from './free-port.js';

type Role = 'server' | 'sentinel';
const usual: Readonly<Record<Role, readonly string[]>> = { server: ['save ""', 'appendonly yes'], sentinel: [] };

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

/** @param settings lines of redis.conf beyond the usual ones */
export async function redisServer(settings: readonly string[] = [], role: Role = 'server'): Promise<RedisServer | null> {
  const { redisUrl } = testAddresses();
  if (redisUrl !== null) return { url: redisUrl, own: null, close: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), 'sweep-redis-'));
  const port = await freePort();
  await writeFile(
    join(folder, 'redis.conf'),
    [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`, ...usual[role], ...settings, ''].join('\n'),
  );
  const started = await startRedis(folder, role);
  if (started === null) {
    await rm(folder, { recursive: true, maxRetries: 20, retryDelay: 50 });
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
      const again = await startRedis(folder, role);
      if (again === null) throw new Error('redis-server did not start again');
      child = again;
    },
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    own,
    async close() {
      await kill();
      // A child of it that rewrites the log may still be writing.
      await rm(folder, { recursive: true, maxRetries: 20, retryDelay: 50 });
    },
  };
}

async function startRedis(folder: string, role: Role): Promise<ChildProcess | null> {
  const mode = role === 'sentinel' ? ['--sentinel'] : [];
  const child = spawn('redis-server', [join(folder, 'redis.conf'), ...mode], { stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise((resolve, reject) => {
    let output = '';
    child.once('error', () => resolve(null));
    child.once('exit', () => reject(new Error(`redis-server did not start:\n${output}`)));
    child.stdout.on('data', (text: Buffer) => {
      output += text;
      if (/Ready to accept connections|Sentinel ID is/.test(output)) resolve(child);
    });
  });
}
