import { createServer } from 'node:net';
import { dispatchContract, freePort, type RedisServer, redisServer } from '@sweep/dispatch/testing';
import { sweepId, trialId, Unavailable } from '@sweep/domain';
import { silentLogger } from '@sweep/runtime';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Dispatch, type DispatchTuning, openDispatch } from './index.js';

const shared = await redisServer();
afterAll(() => shared?.close());

const title = shared === null ? 'on Redis (redis: no SWEEP_TEST_REDIS_URL and no redis-server)' : 'on Redis';
let namespaces = 0;

describe.skipIf(shared === null)(title, () => {
  dispatchContract(async () => {
    const tuning: DispatchTuning = { namespace: `test_${process.pid}_${namespaces++}`, offerLockMs: 400 };
    const opened: Dispatch[] = [];
    return {
      offerLockMs: 400,
      async controller() {
        const dispatch = await openDispatch({ redisUrl: shared!.url }, silentLogger, tuning);
        opened.push(dispatch);
        return dispatch;
      },
      async close() {
        await Promise.all(opened.map((dispatch) => dispatch.close()));
      },
    };
  });
});

const own = shared?.own == null ? ' (needs redis-server, and no SWEEP_TEST_REDIS_URL)' : '';

describe.skipIf(shared?.own == null)(`a Redis that${own}`, () => {
  let server: RedisServer;
  let dispatch: Dispatch;
  beforeEach(async () => {
    server = (await redisServer(['maxmemory-policy noeviction']))!;
    dispatch = await openDispatch({ redisUrl: server.url }, silentLogger);
  });
  afterEach(async () => {
    await dispatch.close();
    await server.close();
  });

  const until = async (holds: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> => {
    const deadline = Date.now() + withinMs;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`not in time: ${holds.toString()}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };

  it('is wiped goes on: offers, ticks, listeners, and chores come back by themselves', async () => {
    let chores = 0;
    let ticks = 0;
    let rings = 0;
    await dispatch.every('tidy', 200, async () => void chores++);
    await dispatch.onTick(async () => void ticks++);
    await dispatch.onOffer('pool', () => rings++);
    await until(() => chores > 1);
    for (let round = 0; round < 3; round++) {
      await server.own!.command('FLUSHALL');
      [chores, ticks, rings] = [0, 0, 0];
      await dispatch.offer('pool', trialId('trial001'), 1, 0);
      await until(() => rings > 0, 2_000);
      expect((await dispatch.take('pool'))?.trial).toBe('trial001');
      await dispatch.tick(sweepId('sweep001'));
      await until(() => ticks > 0, 2_000);
      await until(() => chores > 1, 5_000);
    }
  });

  it('is wiped in the middle of a tick still runs one at a time', async () => {
    let active = 0;
    let most = 0;
    let runs = 0;
    await dispatch.onTick(async () => {
      most = Math.max(most, ++active);
      await new Promise((resolve) => setTimeout(resolve, 300));
      active--;
      runs++;
    });
    await dispatch.tick(sweepId('sweep001'));
    await until(() => active === 1);
    await server.own!.command('FLUSHALL');
    await dispatch.tick(sweepId('sweep001'));
    await until(() => runs === 2);
    expect(most).toBe(1);
  });

  it('is killed and comes back goes on', async () => {
    let chores = 0;
    let ticks = 0;
    await dispatch.every('tidy', 200, async () => void chores++);
    await dispatch.onTick(async () => void ticks++);
    await dispatch.offer('pool', trialId('trial001'), 1, 0);
    await until(() => chores > 1);
    await server.own!.kill();
    await expect(dispatch.tick(sweepId('sweep001'))).rejects.toBeInstanceOf(Unavailable);
    await expect(dispatch.ping()).rejects.toBeInstanceOf(Unavailable);
    await server.own!.start();
    [chores, ticks] = [0, 0];
    await until(() =>
      dispatch.tick(sweepId('sweep001')).then(
        () => true,
        () => false,
      ),
    );
    await until(() => ticks > 0 && chores > 1);
    expect((await dispatch.take('pool'))?.trial).toBe('trial001');
  });

  it('is dead while somebody begins to listen rings when it is back, for everybody who listens', async () => {
    const rings = [0, 0];
    await server.own!.kill();
    const leave = await dispatch.onOffer('pool', () => rings[0]!++);
    await leave();
    await dispatch.onOffer('pool', () => rings[0]!++);
    await dispatch.onOffer('pool', () => rings[1]!++);
    await server.own!.start();
    await until(() =>
      dispatch.offer('pool', trialId('trial001'), 1, 0).then(
        () => true,
        () => false,
      ),
    );
    await until(() => rings.every((rung) => rung > 0));
  });

  it('lost the next time of a chore and kept its schedule goes on', async () => {
    let chores = 0;
    await dispatch.every('tidy', 1_000, async () => void chores++);
    await until(() => chores > 0);
    const keys = (await server.own!.command('KEYS', '*chores:repeat:tidy:*')).split(',');
    await server.own!.command('DEL', ...keys);
    chores = 0;
    await until(() => chores > 1, 25_000);
  });

  it('is set well is praised by silence, and what is wrong comes with the line that mends it', async () => {
    expect(await dispatch.inspect()).toMatchObject({ backend: 'redis', warnings: [] });
    await server.own!.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    await server.own!.command('CONFIG', 'SET', 'appendonly', 'no');
    const { warnings } = await dispatch.inspect();
    expect(warnings).toEqual([
      { setting: 'maxmemory-policy', value: 'allkeys-lru', mend: 'CONFIG SET maxmemory-policy noeviction' },
      { setting: 'appendonly', value: 'no', mend: 'CONFIG SET appendonly yes' },
    ]);
    for (const { mend } of warnings) await server.own!.command(...mend.split(' '));
    expect((await dispatch.inspect()).warnings).toEqual([]);
  });

  it('wants a password says so, in time, and the message holds none', async () => {
    await server.own!.command('CONFIG', 'SET', 'requirepass', 'right');
    const wrong = server.url.replace('redis://', 'redis://:wr0ng@');
    const refused = openDispatch({ redisUrl: wrong }, silentLogger, { connectWithinMs: 500 });
    await expect(refused).rejects.toBeInstanceOf(Unavailable);
    await expect(refused).rejects.toThrow(/WRONGPASS|NOAUTH/);
    await expect(refused).rejects.not.toThrow(/wr0ng/);
    await (await openDispatch({ redisUrl: server.url.replace('redis://', 'redis://:right@') }, silentLogger)).close();
  });

  it('keeps nothing but ids', async () => {
    await dispatch.offer('pool', trialId('trial001'), 2, 60_000);
    const [key] = (await server.own!.command('KEYS', '*trial-trial001-2')).split(',');
    expect(await server.own!.command('HGET', key!, 'data')).toBe('{"trial":"trial001","attempt":2}');
  });
});

describe.skipIf(shared?.own == null)(`a Redis of another kind${own}`, () => {
  const servers: RedisServer[] = [];
  afterEach(async () => {
    for (const one of servers.splice(0).reverse()) await one.close();
  });
  const start = async (...given: Parameters<typeof redisServer>): Promise<RedisServer> => {
    const started = (await redisServer(...given))!;
    servers.push(started);
    return started;
  };

  /** One round of everything. */
  const works = async (redisUrl: string): Promise<void> => {
    const dispatch = await openDispatch({ redisUrl }, silentLogger);
    let done: () => void = () => undefined;
    const ticked = new Promise<void>((resolve) => {
      done = resolve;
    });
    const chored = new Promise<void>((resolve) => void dispatch.every('tidy', 100, async () => resolve()));
    await dispatch.onTick(async () => done());
    await dispatch.tick(sweepId('sweep001'));
    await dispatch.offer('pool', trialId('trial001'), 1, 0);
    await (await dispatch.take('pool'))?.done();
    await Promise.all([ticked, chored]);
    await dispatch.close();
  };

  it('is a cluster', async () => {
    // Its usual second port is the first and 10,000, which may be beyond the last there is.
    const node = await start(['cluster-enabled yes', 'cluster-announce-ip 127.0.0.1', `cluster-port ${await freePort()}`]);
    await node.own!.command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await works(node.url.replace('redis://', 'redis+cluster://'));
  });

  it('is watched by sentinels', async () => {
    const node = await start();
    const port = new URL(node.url).port;
    const sentinel = await start([`sentinel monitor mymaster 127.0.0.1 ${port} 1`], 'sentinel');
    await works(`${sentinel.url.replace('redis://', 'redis+sentinel://')}/mymaster`);
  });
});

describe('a Redis that is not there', () => {
  it.each([
    ['redis://127.0.0.1:1', /127\.0\.0\.1:1.*ECONNREFUSED/],
    ['rediss://127.0.0.1:1', /ECONNREFUSED/],
    ['redis+sentinel://127.0.0.1:1/mymaster', /sentinels 127\.0\.0\.1:1/],
    ['redis+cluster://127.0.0.1:1', /cluster 127\.0\.0\.1:1/],
  ])('%s is Unavailable, with the reason', async (redisUrl, words) => {
    const refused = openDispatch({ redisUrl }, silentLogger, { connectWithinMs: 400 });
    await expect(refused).rejects.toBeInstanceOf(Unavailable);
    await expect(refused).rejects.toThrow(words);
  });

  it('that takes the connection and says nothing is Unavailable too', async () => {
    const silent = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    await expect(openDispatch({ redisUrl: `redis://127.0.0.1:${port}` }, silentLogger, { connectWithinMs: 300 })).rejects.toBeInstanceOf(
      Unavailable,
    );
    await new Promise((resolve) => silent.close(resolve));
  });
});
