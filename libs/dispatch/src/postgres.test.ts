import { dispatchContract, postgresServer, until } from '@sweep/dispatch/testing';
import { sweepId, trialId, Unavailable } from '@sweep/domain';
import { silentLogger } from '@sweep/runtime';
import { afterAll, describe, expect, it } from 'vitest';
import { choreQueueName, tickQueueName } from './backend.js';
import { type Dispatch, openDispatch } from './index.js';
import { openPostgresBackend } from './postgres.js';

const server = await postgresServer();
afterAll(() => server?.close());

const title = server === null ? 'on PostgreSQL (postgres: no SWEEP_TEST_DATABASE_URL and no binaries)' : 'on PostgreSQL';
let schemas = 0;
const freshSchema = (): string => `queue_${process.pid}_${schemas++}`;

describe.skipIf(server === null)(title, () => {
  dispatchContract(async () => {
    const namespace = freshSchema();
    const opened: Dispatch[] = [];
    return {
      offerLockMs: 400,
      async controller() {
        const dispatch = await openDispatch({ databaseUrl: server!.url }, silentLogger, { namespace, offerLockMs: 400 });
        opened.push(dispatch);
        return dispatch;
      },
      async close() {
        await Promise.all(opened.map((dispatch) => dispatch.close()));
        await server!.query(`drop schema ${namespace} cascade`);
      },
    };
  });

  it('goes on when the server cuts every connection', async () => {
    const namespace = freshSchema();
    const dispatch = await openDispatch({ databaseUrl: server!.url }, silentLogger, { namespace });
    let ticks = 0;
    let chores = 0;
    let rings = 0;
    await dispatch.onTick(async () => void ticks++);
    await dispatch.every('tidy', 200, async () => void chores++);
    await dispatch.onOffer('pool', () => rings++);
    await until(() => chores > 1);
    await server!.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    );
    [ticks, chores, rings] = [0, 0, 0];
    const again = async (work: () => Promise<unknown>): Promise<void> => {
      // The first use of each cut connection may fail: that is what `Unavailable` is for.
      for (let tries = 0; tries < 5; tries++)
        if (
          await work().then(
            () => true,
            () => false,
          )
        )
          return;
      throw new Error('never worked again');
    };
    await again(() => dispatch.tick(sweepId('sweep001')));
    await again(() => dispatch.offer('pool', trialId('trial001'), 1, 0));
    await until(() => ticks > 0 && chores > 1 && rings > 0);
    await dispatch.close();
    await server!.query(`drop schema ${namespace} cascade`);
  });
});

describe.skipIf(server === null)(`many pools ${title}`, () => {
  it('take no more connections than one', async () => {
    const namespace = freshSchema();
    const dispatch = await openDispatch({ databaseUrl: server!.url }, silentLogger, { namespace });
    const rung = new Set<number>();
    for (let pool = 0; pool < 60; pool++) {
      await dispatch.onOffer(`pool-${pool}`, () => rung.add(pool));
      await dispatch.offer(`pool-${pool}`, trialId('trial001'), 1, 0);
    }
    await until(() => rung.size === 60);
    const [counted] = await server!.query(
      'select count(*)::int as count from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    expect(Number(counted?.['count'])).toBeLessThanOrEqual(12);
    await dispatch.close();
    await server!.query(`drop schema ${namespace} cascade`);
  });
});

describe.skipIf(server === null)(`a chore ${title}`, () => {
  it('whose next time a wrong clock has put far off is set anew, and ticks that it holds up come again', async () => {
    const namespace = freshSchema();
    const onError = (): void => undefined;
    const backend = await openPostgresBackend({ url: server!.url, schema: namespace, connectWithinMs: 5_000, onError });
    const queue = backend.queue(choreQueueName);
    await queue.upsertJobScheduler('tidy', { every: 200, startDate: Date.now() + 3_600_000 }, { name: 'tidy' });
    // Taken by a controller that died, under a lock of an hour: no tick of the sweep would be heard until then.
    const ticks = backend.queue(tickQueueName);
    await ticks.add('tick', { sweep: 'sweep001' }, { deduplication: { id: 'sweep001', keepLastIfActive: true } });
    const dead = backend.worker(tickQueueName, null, { autorun: false, lockDuration: 3_600_000 });
    expect(await dead.getNextJob('gone', { block: false })).toBeDefined();
    await dead.close();
    await ticks.close();
    const dispatch = await openDispatch({ databaseUrl: server!.url }, silentLogger, { namespace });
    const ran = new Promise<void>((resolve) => {
      dispatch.every('tidy', 200, async () => resolve()).catch(() => undefined);
    });
    await ran;
    const ticked = new Promise<void>((resolve) => {
      dispatch.onTick(async () => resolve()).catch(() => undefined);
    });
    await dispatch.tick(sweepId('sweep001'));
    await ticked;
    await dispatch.close();
    await queue.close();
    await backend.close();
    await server!.query(`drop schema ${namespace} cascade`);
  });
});

describe('a PostgreSQL that is not there', () => {
  it('is Unavailable, with the reason and without the password', async () => {
    const refused = openDispatch({ databaseUrl: 'postgres://ann:secret@127.0.0.1:1/db' }, silentLogger, { connectWithinMs: 500 });
    await expect(refused).rejects.toBeInstanceOf(Unavailable);
    await expect(refused).rejects.toThrow(/127\.0\.0\.1:1\/db.*ECONNREFUSED/);
    await expect(refused).rejects.not.toThrow(/secret/);
  });
});
