/** The power goes: what was acknowledged is there when the database starts from what was on its disk at that moment. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Unavailable } from '@sweep/domain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aLease, newSweep, propose, until } from '../../testing/contract/fixture.js';
import { type KillableDatabase, killableDatabase } from '../../testing/index.js';
import { checkInvariants } from '../invariants.js';
import type { Leased, Store } from '../store.js';
import { openPostgres } from './open.js';

let folder: string;
const servers: KillableDatabase[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweep-power-'));
});
afterAll(async () => {
  for (const server of servers) await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function serverIn(path: string): Promise<KillableDatabase | null> {
  const server = await killableDatabase(path);
  if (server !== null) servers.push(server);
  return server;
}

/** Until the database is gone. */
async function asLongAsItAnswers(body: () => Promise<void>): Promise<void> {
  try {
    for (;;) await body();
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
  }
}

const floats = (...values: readonly number[]): Float64Array => Float64Array.from(values);

interface Writer {
  readonly leased: Leased;
  /** Last sequence of points, and bytes of output, that the store said it has. */
  points: number;
  output: number;
}

/** Points and output of one attempt, batch after batch. */
function write(store: Store, writer: Writer): Promise<void> {
  const { attempt } = writer.leased;
  const [run, number] = [attempt.run, attempt.number];
  return asLongAsItAnswers(async () => {
    const sequence = writer.points + 1;
    const series = [{ name: 'loss', steps: floats(sequence), values: floats(1 / sequence), times: floats(sequence) }];
    const [answer] = await store.metrics.append([{ run, attempt: number, batch: { sequence, series } }]);
    writer.points = answer!.sequence;
    const data = Buffer.from(`step ${sequence}\n`);
    const [length] = await store.logs.append([{ run, attempt: number, stream: 'stdout', offset: writer.output, data }]);
    writer.output = length!;
  });
}

it('nothing acknowledged is lost, and the rest is whole', async ({ skip }) => {
  const before = await serverIn(join(folder, 'before'));
  if (before === null) return skip('postgres: none is here that could be killed');
  const store = await openPostgres({ url: before.url });
  const sweep = await newSweep(store);
  await propose(store, sweep, 4);
  const writers: Writer[] = [];
  for (let i = 0; i < 4; i++) writers.push({ leased: (await store.trials.lease(aLease(sweep)))!, points: 0, output: 0 });
  const proposed: string[] = [];
  const proposing = asLongAsItAnswers(async () => {
    proposed.push(...(await propose(store, sweep, 3)).map(({ id }) => id));
  });
  const writing = writers.map((writer) => write(store, writer));
  await until(() => proposed.length > 10 && writers.every(({ points }) => points > 10), 'enough to be written');
  await before.kill();
  await Promise.all([proposing, ...writing]);
  await cp(join(folder, 'before'), join(folder, 'after'), { recursive: true });
  await store.close();

  const after = (await serverIn(join(folder, 'after')))!;
  const found = await openPostgres({ url: after.url });
  try {
    const ids = new Set((await found.trials.inStates(['queued'], 10_000)).map(({ id }) => id as string));
    expect(proposed.filter((id) => !ids.has(id))).toEqual([]);
    for (const { leased, points, output } of writers) {
      const { run, number } = leased.attempt;
      const [loss] = await found.metrics.read(run, number, ['loss']);
      expect([...(loss?.steps.slice(0, points) ?? [])]).toEqual(Array.from({ length: points }, (_, i) => i + 1));
      const written = await found.logs.read({ run, attempt: number, stream: 'stdout' }, 0, output);
      const lines = Array.from({ length: points + 1 }, (_, i) => `step ${i + 1}\n`).join('');
      expect(lines.startsWith(Buffer.from(written).toString())).toBe(true);
      expect(written.length).toBe(output);
    }
    expect(await checkInvariants(after.url)).toEqual([]);
  } finally {
    await found.close();
  }
}, 120_000);
