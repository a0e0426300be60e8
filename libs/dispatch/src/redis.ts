/** BullMQ on Redis: connections of the three kinds, and what is wrong with the server's settings. */
import { Unavailable } from '@sweep/domain';
import { type Processor, Queue, QueueEvents, Worker } from 'bullmq';
import { Cluster, Redis } from 'ioredis';
import { answer } from './answer.js';
import type { QueueBackend, WorkerSettings } from './backend.js';
import type { DispatchReport } from './dispatch.js';
import { parseRedisUrl, type RedisAddress, showAddress } from './redis-address.js';

export interface RedisBackendOptions {
  readonly url: string;
  /** Keeps several installations on one server apart. */
  readonly namespace: string;
  readonly connectWithinMs: number;
  readonly onError: (error: Error) => void;
}

type Client = Redis | Cluster;

/** @throws Invalid, Unavailable */
export async function openRedisBackend({ url, namespace, connectWithinMs, onError }: RedisBackendOptions): Promise<QueueBackend> {
  const address = parseRedisUrl(url);
  const where = showAddress(address);
  // Producers fail soon, so that a request gets its answer; consumers wait for the server to come back, however long it takes.
  const producer = connect(address, 1);
  const consumer = connect(address, null);
  const clients = [producer, consumer];
  try {
    await Promise.all(clients.map((client) => firstAnswer(client, where, connectWithinMs)));
  } catch (error) {
    for (const client of clients) client.disconnect();
    throw error;
  }
  for (const client of clients) client.on('error', onError);
  // The braces keep all keys in one slot of a cluster; elsewhere they mean nothing.
  const prefix = `{${namespace}}`;
  return {
    where,
    queue: (name) => new Queue(name, { connection: producer, prefix }),
    worker: (name: string, processor: Processor | null, settings: WorkerSettings) =>
      new Worker(name, processor, { ...settings, connection: consumer, prefix }),
    events: (name) => new QueueEvents(name, { connection: consumer, prefix }),
    report: async () => describe(await answer(where, producer.info())),
    ping: async () => void (await answer(where, producer.ping())),
    async close() {
      for (const client of clients) client.disconnect();
    },
  };
}

function connect(address: RedisAddress, maxRetriesPerRequest: number | null): Client {
  const { nodes, username, password, db, tls } = address;
  const options = {
    ...(username !== null && { username }),
    ...(password !== null && { password }),
    ...(tls && { tls: {} }),
    db,
    maxRetriesPerRequest,
    retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times, 6), 2_000),
  };
  switch (address.kind) {
    case 'cluster':
      return new Cluster(
        nodes.map((node) => ({ ...node })),
        { redisOptions: { ...options, db: 0 } },
      );
    case 'sentinel':
      return new Redis({
        ...options,
        sentinels: nodes.map((node) => ({ ...node })),
        name: address.name ?? '',
        ...(tls && { enableTLSForSentinelMode: true }),
      });
    case 'single':
      return new Redis({ ...options, ...nodes[0]! });
  }
}

/** ioredis tries again for ever and keeps the reason to itself: here it is told after a while. */
async function firstAnswer(client: Client, where: string, withinMs: number): Promise<void> {
  let reason = 'no connection';
  const note = (error: Error): void => {
    reason = error.message || reason;
  };
  client.on('error', note);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unavailable(`${where} does not answer: ${reason}`)), withinMs);
  });
  try {
    await Promise.race([untilPong(client), late]);
  } finally {
    clearTimeout(timer);
    client.off('error', note);
  }

  async function untilPong(redis: Client): Promise<void> {
    for (;;) {
      try {
        await redis.ping();
        return;
      } catch (error) {
        // Retries are over for this ping, or the server refuses (a wrong password): the deadline decides, with the last reason.
        note(error instanceof Error && error.name !== 'MaxRetriesPerRequestError' ? error : new Error(reason));
        if (redis.status === 'end') throw new Unavailable(`${where} does not answer: ${reason}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }
}

/** Reads INFO, which managed servers allow where they forbid CONFIG. */
function describe(info: string): DispatchReport {
  const fields = new Map(info.split(/\r?\n/).map((line) => line.split(/:(.*)/s, 2) as [string, string]));
  const version = fields.get('redis_version') ?? 'unknown';
  const policy = fields.get('maxmemory_policy') ?? 'unknown';
  const warnings: { setting: string; value: string; mend: string }[] = [];
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 6 || (major === 6 && minor < 2)) warnings.push({ setting: 'version', value: version, mend: 'install Redis 6.2 or newer' });
  if (policy !== 'noeviction')
    warnings.push({ setting: 'maxmemory-policy', value: policy, mend: 'CONFIG SET maxmemory-policy noeviction' });
  if (fields.get('aof_enabled') === '0') warnings.push({ setting: 'appendonly', value: 'no', mend: 'CONFIG SET appendonly yes' });
  return { backend: 'redis', version, warnings };
}
