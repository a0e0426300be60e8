import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Blobs, openFolderBlobs, openMemoryBlobs } from '@sweep/blobs';
import { type BlobHash, runId, userId } from '@sweep/domain';
import { silentLogger, systemClock } from '@sweep/runtime';
import { openMemory, type Store } from '@sweep/store';
import { beforeEach, describe, expect, it } from 'vitest';
import { Collect } from './collect.js';

const day = 86_400_000;

let now: number;
let store: Store;
let blobs: Blobs;
/** What happens while the collector waits. */
let meanwhile: () => Promise<void>;

beforeEach(() => {
  now = 1_790_000_000_000;
  store = openMemory(() => now);
  blobs = openMemoryBlobs();
  meanwhile = async () => undefined;
});

const collector = () =>
  new Collect({ store, blobs, log: silentLogger, clock: { ...systemClock, now: () => now, sleep: () => meanwhile() } });
const collect = () => collector().run();
const put = async (text: string): Promise<BlobHash> => (await blobs.put(Readable.from([Buffer.from(text)]))).hash;

async function version(text: string, ttlSeconds: number | null, digest = text) {
  const { id: project } = await store.projects.ensure('ada', 'p');
  const [blob, manifestBlob] = [await put(text), await put(`manifest of ${text}`)];
  await store.artifacts.addContent({ project, md5: text, blob, size: text.length, wantedAt: now });
  const described = { description: null, metadata: null, historyStep: null, aliases: [], tags: [], clientId: null, sequenceClientId: null };
  const owner = { project, type: 't', collection: 'c', run: null, user: userId('u'), distributedId: null, deduplicate: false };
  const made = await store.artifacts.create({ ...owner, ...described, digest, ttlSeconds });
  const files = [{ path: 'x', digest: text, size: text.length, reference: null, blob }];
  return { blob, manifestBlob, project, version: await store.artifacts.commit(made, { files, manifestBlob, manifestDigest: 'd' }) };
}

async function passDays(days: number): Promise<void> {
  for (let passed = 0; passed < days; passed++) {
    now += day;
    await collect();
  }
}

it('uploads that were cut short with their controller leave nothing for long', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sweep-collect-'));
  try {
    blobs = await openFolderBlobs(folder);
    for (const [name, days] of Object.entries({ old: 2, young: 0 })) {
      await writeFile(join(folder, 'tmp', name), 'half');
      const at = (Date.now() - days * day) / 1000;
      await utimes(join(folder, 'tmp', name), at, at);
    }
    await collect();
    expect(await readdir(join(folder, 'tmp'))).toEqual(['young']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

describe('what was deleted', () => {
  const nothing = { sweeps: 0, runs: 0, events: 0, artifacts: 0, blobs: 0 };
  const deletedRun = async () => {
    const { id: project } = await store.projects.ensure('ada', 'p');
    const { record } = await store.runs.ensure({ project, handle: 'r', user: userId('u'), name: 'n', state: 'finished' });
    const blob = await put('of a run');
    await store.files.put({ run: record.id, kind: 'client', path: 'x', blob, size: 8, md5: null });
    await store.runs.remove([record.id]);
    return { run: record.id, blob };
  };

  it('can be taken back for thirty days; then it is gone, and its files a day later', async () => {
    const { run, blob } = await deletedRun();
    await passDays(30);
    expect(await store.runs.record(run)).not.toBeNull();
    await passDays(1);
    expect([await store.runs.record(run), await blobs.has(blob)]).toEqual([null, true]);
    await passDays(2);
    expect(await blobs.has(blob)).toBe(false);
  });

  it('is told before and after, by kind; to look changes nothing', async () => {
    await deletedRun();
    expect(await collector().preview()).toEqual({ ...nothing, leftovers: null });
    now += 31 * day;
    expect(await collector().preview()).toEqual({ ...nothing, runs: 1, events: 3, leftovers: null });
    expect(await collector().preview()).toEqual({ ...nothing, runs: 1, events: 3, leftovers: null });
    expect(await collect()).toEqual({ ...nothing, runs: 1, events: 3, leftovers: 0 });
    now += 2 * day;
    expect(await collector().preview()).toEqual({ ...nothing, blobs: 1, leftovers: null });
    expect(await collect()).toEqual({ ...nothing, blobs: 1, leftovers: 0 });
    expect(await collect()).toEqual({ ...nothing, leftovers: 0 });
  });
});

describe('what nobody uses any more', () => {
  it('is given back once the time of its version is over: content and manifest, and nothing of other versions', async () => {
    const [short, lasting] = [await version('short', 60), await version('lasting', null)];
    await passDays(1);
    expect([await blobs.has(short.blob), await blobs.has(short.manifestBlob)]).toEqual([true, true]);
    await passDays(20);
    expect([await blobs.has(short.blob), await blobs.has(short.manifestBlob)]).toEqual([false, false]);
    expect([await blobs.has(lasting.blob), await blobs.has(lasting.manifestBlob)]).toEqual([true, true]);
    await passDays(20);
    expect([await blobs.has(lasting.blob), await blobs.has(lasting.manifestBlob)]).toEqual([true, true]);
  });

  it('stays where another version, or a file of a run, holds the same content', async () => {
    const first = await version('same', 60, 'one');
    await version('same', null, 'two');
    const second = await version('file', 60);
    await store.files.put({ run: runId('r'), kind: 'client', path: 'x', blob: second.blob, size: 4, md5: null });
    await passDays(40);
    expect([await blobs.has(first.blob), await blobs.has(second.blob)]).toEqual([true, true]);
  });

  it('is put back when somebody refers to it in the moment in which it goes', async () => {
    const { blob } = await version('wanted', 60);
    let gone = false;
    meanwhile = async () => {
      if (await blobs.has(blob)) return;
      gone = true;
      await store.files.put({ run: runId('r'), kind: 'client', path: 'x', blob, size: 6, md5: null });
    };
    await passDays(20);
    expect([gone, await blobs.has(blob)]).toEqual([true, true]);
    await passDays(20);
    expect(await blobs.has(blob)).toBe(true);
  });

  it('is no reason to fail where it is gone already', async () => {
    const { blob } = await version('gone', 60);
    await blobs.remove(blob);
    await passDays(20);
    expect(await store.artifacts.garbage(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  });
});
