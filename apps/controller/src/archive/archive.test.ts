import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Blobs, openMemoryBlobs } from '@sweep/blobs';
import { agentId, Conflict, Incompatible, Invalid, keyId, leaseId, runId, sweepId, trialId, userId } from '@sweep/domain';
import { openPostgres, type Store } from '@sweep/store';
import { testDatabase } from '@sweep/store/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUp, type Place, restore } from './archive.js';

let folder: string;
let file: string;
let closers: (() => Promise<unknown>)[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweep-archive-'));
  file = join(folder, 'all.backup');
  closers = [];
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
  await rm(folder, { recursive: true });
});

interface Opened extends Place {
  readonly store: Store;
  readonly blobs: Blobs;
}

async function aPlace(skip: (why: string) => never): Promise<Opened> {
  const database = await testDatabase();
  if ('skip' in database) return skip(database.skip);
  const store = await openPostgres({ url: database.url });
  closers.push(
    () => database.drop(),
    () => store.close(),
  );
  return { databaseUrl: database.url, blobs: openMemoryBlobs(), store };
}

/** What is hard to carry: text that COPY escapes, numbers that JSON has no words for, params whose kind counts, bytes. */
const awkward = { text: 'a\tb\\N\nc\u0001 "é" \\.', whole: 16, params: { lr: 0.1, layers: 16, name: 'x\ty' } };

async function fill({ store, blobs }: Opened) {
  const user = (await store.keys.createUser({ id: userId('ada00001'), name: 'ada', admin: true }))!;
  const wish = {
    id: keyId('key00001'),
    user: user.id,
    name: awkward.text,
    scope: 'admin',
    expiresAt: null,
    trial: null,
    attempt: null,
    project: null,
  };
  await store.keys.create(wish as Parameters<Store['keys']['create']>[0], 'f'.repeat(64));
  const project = await store.projects.ensure('ada', 'digits');
  const id = sweepId('sweep001');
  const sweep = await store.sweeps.create({
    id,
    project: project.id,
    name: awkward.text,
    config: 'method: random\n',
    seed: 18_446_744_073_709_551_615n,
    pool: 'default',
    priority: 0,
    parallel: null,
    runCap: null,
    priorRuns: [],
    priors: [],
    createdBy: user.id,
  });
  const trial = {
    id: trialId('trial001'),
    params: awkward.params,
    origin: 'sampler',
    retryOf: null,
    why: 'uniform',
    proposal: null,
  } as const;
  await store.trials.propose(id, sweep.version, [trial], null);
  const leased = { agent: agentId('box'), slot: 0, lease: leaseId('lease'), ttlMs: 60_000, pool: 'default', among: null, key: null };
  await store.trials.lease(leased);
  const series = [{ name: 'loss', steps: [0, 1, 2], values: [Number.NaN, Number.POSITIVE_INFINITY, -0], times: [1, 2, 3] }];
  await store.metrics.append([{ run: runId('trial001'), attempt: 1, batch: { sequence: 1, series: series.map(packed) } }]);
  await store.decisions.add({ sweep: id, trial: null, about: 'sampler', text: awkward.text });
  const { hash, size } = await blobs.put(Readable.from([Buffer.from('weights')]));
  await store.files.put({ run: runId('trial001'), kind: 'output', path: 'a b/é.bin', blob: hash, size, md5: null });
}

const packed = ({ name, steps, values, times }: { name: string; steps: number[]; values: number[]; times: number[] }) => ({
  name,
  steps: Float64Array.from(steps),
  values: Float64Array.from(values),
  times: Float64Array.from(times),
});

describe('a backup', () => {
  it('that cannot be written says where, and what to name instead', async () => {
    const nowhere: Place = { databaseUrl: 'postgres://127.0.0.1:1/none', blobs: openMemoryBlobs() };
    await expect(backUp(nowhere, join(folder, 'no-such-folder', 'x'))).rejects.toThrow(
      /no-such-folder\/x cannot be written .*folder that exists/,
    );
  });

  it('gives everything back, byte for byte, in another database', async ({ skip }) => {
    const [from, to] = [await aPlace(skip), await aPlace(skip)];
    await fill(from);
    const made = await backUp(from, file);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await restore(to, file)).toEqual(made);
    for (const { store, blobs } of [from, to]) {
      expect(await store.sweeps.find(sweepId('sweep001'))).toMatchObject({ name: awkward.text, seed: 18_446_744_073_709_551_615n });
      expect(await store.trials.find(trialId('trial001'))).toMatchObject({
        params: awkward.params,
        state: 'running',
        lease: { agent: 'box' },
      });
      const [series] = await store.metrics.read(runId('trial001'), 1, ['loss']);
      expect([...series!.values]).toEqual([Number.NaN, Number.POSITIVE_INFINITY, -0]);
      const [stored] = await store.files.list(runId('trial001'), 'output');
      expect(stored).toMatchObject({ path: 'a b/é.bin' });
      expect(await blobs.has(stored!.blob)).toBe(true);
    }
    expect(await to.store.sweeps.find(sweepId('sweep001'))).toEqual(await from.store.sweeps.find(sweepId('sweep001')));
    expect((await to.store.keys.listUsers()).map(({ name }) => name)).toEqual(['ada']);
  });

  it('leaves numbers that the server gives where they were: what is written afterwards collides with nothing', async ({ skip }) => {
    const [from, to] = [await aPlace(skip), await aPlace(skip)];
    await fill(from);
    await backUp(from, file);
    await restore(to, file);
    await to.store.decisions.add({ sweep: sweepId('sweep001'), trial: null, about: 'sampler', text: 'next' });
    const { items } = await to.store.decisions.list(sweepId('sweep001'), null, { limit: 10, cursor: null });
    expect(items.map(({ text }) => text)).toContain('next');
  });

  it('of a database that is written to meanwhile is one moment of it', async ({ skip }) => {
    const [from, to] = [await aPlace(skip), await aPlace(skip)];
    await fill(from);
    let writing = true;
    const writer = (async () => {
      for (let n = 0; writing; n++) {
        const id = `w${String(n).padStart(7, '0')}`;
        await from.store.keys.createUser({ id: userId(id), name: id, admin: false });
      }
    })();
    await backUp(from, file);
    writing = false;
    await writer;
    await restore(to, file);
    const names = (await to.store.keys.listUsers()).map(({ name }) => name).filter((name) => name !== 'ada');
    expect(names.sort()).toEqual(names.map((_, n) => `w${String(n).padStart(7, '0')}`));
  });

  it('overwrites nothing, and leaves no part of itself when it fails', async ({ skip }) => {
    const from = await aPlace(skip);
    await writeFile(file, 'mine');
    await expect(backUp(from, file)).rejects.toThrow(Conflict);
    expect(await readFile(file, 'utf8')).toBe('mine');
    await expect(backUp({ ...from, databaseUrl: 'postgresql://127.0.0.1:9/none' }, join(folder, 'other'))).rejects.toThrow();
    await expect(stat(join(folder, 'other.partial'))).rejects.toThrow();
  });
});

describe('a restore', () => {
  it('is refused by a database that is in use, which stays as it is', async ({ skip }) => {
    const [from, to] = [await aPlace(skip), await aPlace(skip)];
    await backUp(from, file);
    await fill(to);
    await expect(restore(to, file)).rejects.toThrow(Conflict);
    expect(await to.store.trials.find(trialId('trial001'))).not.toBeNull();
  });

  it('refuses a file that was cut off, damaged, or is none, before it touches anything', async ({ skip }) => {
    const [from, to] = [await aPlace(skip), await aPlace(skip)];
    await fill(from);
    await backUp(from, file);
    const whole = await readFile(file);
    await truncate(file, whole.byteLength - 40);
    await expect(restore(to, file)).rejects.toThrow(/no whole backup/);
    const plain = gunzipSync(whole);
    const at = plain.indexOf('digits');
    plain[at] = plain[at]! ^ 1;
    await writeFile(file, gzipSync(plain));
    await expect(restore(to, file)).rejects.toThrow(/its content is not what was written/);
    await writeFile(file, 'hello');
    await expect(restore(to, file)).rejects.toThrow(Invalid);
    await expect(restore(to, join(folder, 'nowhere'))).rejects.toThrow(/cannot read/);
    expect(await to.store.keys.listUsers()).toEqual([]);
  });

  it('refuses a newer schema and says what to do', async ({ skip }) => {
    const [from, to] = [await aPlace(skip), await aPlace(skip)];
    await backUp(from, file);
    await writeFile(file, await resealed(gunzipSync(await readFile(file)), '0001_init.sql', '9999_next.sql'));
    await expect(restore(to, file)).rejects.toThrow(Incompatible);
    await expect(restore(to, file)).rejects.toThrow(/newer version \(9999_next.sql\): upgrade/);
  });
});

/** The file with one text in place of another of the same length, sealed again. */
async function resealed(plain: Buffer, text: string, by: string): Promise<Buffer> {
  const { createHash } = await import('node:crypto');
  const changed = Buffer.from(plain.toString('latin1').replace(text, by), 'latin1');
  let at = 0;
  let last = 0;
  while (at < changed.byteLength) {
    last = at;
    at += 5 + changed.readUInt32BE(at + 1);
  }
  const end = JSON.parse(changed.subarray(last + 5).toString()) as object;
  const sha256 = createHash('sha256').update(changed.subarray(0, last)).digest('hex');
  const content = Buffer.from(JSON.stringify({ ...end, sha256 }));
  const head = Buffer.alloc(5);
  head.writeUInt8(1, 0);
  head.writeUInt32BE(content.byteLength, 1);
  return gzipSync(Buffer.concat([changed.subarray(0, last), head, content]));
}
