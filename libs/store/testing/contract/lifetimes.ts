import { type BlobHash, NotFound, runId } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import type { ArtifactVersion } from '../../src/store.js';
import { blobOf, commit, create, freshProject } from './artifacts.js';
import { freshId, type OpenStore, openOnce } from './fixture.js';

const day = 86_400_000;

export function lifetimeContract(open: () => Promise<OpenStore>): void {
  describe('what belongs to artifacts, when its time is over', () => {
    const store = openOnce(open);
    const stateOf = async ({ id }: ArtifactVersion) => (await store().artifacts.version({ id }))!.state;
    /** Whatever is due by then, of others too. */
    const collectAt = async (time: number): Promise<void> => {
      while ((await store().artifacts.collect(time, 100)) > 0);
    };
    const garbage = async () => store().artifacts.garbage(Number.MAX_SAFE_INTEGER, 10_000);

    it('a version is deleted, not before; `latest` goes to the newest that is left', async () => {
      const project = await freshProject(store());
      const lasting = await commit(store(), await create(store(), { project }));
      const short = await commit(store(), await create(store(), { project, digest: freshId(32), ttlSeconds: 60 }));
      await collectAt(short.createdAt + 59_000);
      expect(await stateOf(short)).toBe('COMMITTED');
      await collectAt(short.createdAt + 61_000);
      expect([await stateOf(short), await stateOf(lasting)]).toEqual(['DELETED', 'COMMITTED']);
      expect((await store().artifacts.aliases({ version: lasting.id })).map(({ alias }) => alias)).toEqual(['latest']);
    });

    it.each([
      ['it was given none', null],
      ['it was told to stay', -2],
    ])('a version stays where %s', async (_what, ttlSeconds) => {
      const version = await commit(store(), await create(store(), { ttlSeconds }));
      await collectAt(version.createdAt + 1_000 * day);
      expect(await stateOf(version)).toBe('COMMITTED');
    });

    it('a version stays where its time was lengthened, or somebody linked it', async () => {
      const [lengthened, linked] = [
        await commit(store(), await create(store(), { ttlSeconds: 60 })),
        await commit(store(), await create(store(), { ttlSeconds: 60 })),
      ];
      await store().artifacts.change(lengthened, () => ({ ttlSeconds: 3_600 }));
      await store().artifacts.link({ project: linked.project, name: 'chosen', version: linked, aliases: [] });
      await collectAt(linked.createdAt + 61_000);
      expect([await stateOf(lengthened), await stateOf(linked)]).toEqual(['COMMITTED', 'COMMITTED']);
      await store().artifacts.change(lengthened, () => ({ ttlSeconds: null }));
      await collectAt(linked.createdAt + 30 * day);
      expect([await stateOf(lengthened), await stateOf(linked)]).toEqual(['COMMITTED', 'COMMITTED']);
    });

    it('a version that was never committed is given up', async () => {
      const pending = await create(store());
      await collectAt(pending.createdAt + 7 * day);
      expect(await stateOf(pending)).toBe('PENDING');
      await collectAt(pending.createdAt + 9 * day);
      expect(await stateOf(pending)).toBe('DELETED');
      await expect(commit(store(), pending)).rejects.toBeInstanceOf(NotFound);
    });

    it('a deleted version lets go of what it held, a day later', async () => {
      const version = await commit(store(), await create(store()));
      const manifest = { version: version.id, name: 'm', kind: 'FULL' as const, digest: '', base: null };
      const { id } = await store().artifacts.announceManifest(version, manifest);
      await store().artifacts.changeManifest(id, { blob: blobOf('f') });
      await store().artifacts.remove(version, true);
      const { updatedAt } = (await store().artifacts.version({ id: version.id }))!;
      await collectAt(updatedAt! + day / 2);
      expect(await store().artifacts.files(version.id, { start: 0, limit: 10 })).toHaveLength(3);
      await collectAt(updatedAt! + 2 * day);
      expect(await store().artifacts.files(version.id, { start: 0, limit: 10 })).toEqual([]);
      expect(await store().artifacts.manifests(version.id)).toEqual([]);
      expect(await garbage()).toEqual(expect.arrayContaining([blobOf('a'), blobOf('b'), blobOf('e'), blobOf('f')]));
    });

    it('a content goes that nobody has wanted for long, unless a version holds it', async () => {
      const project = await freshProject(store());
      const now = await store().now();
      const [used, unused] = [blobOf('a'), blobOf('9')];
      for (const [md5, blob] of [
        ['used', used],
        ['unused', unused],
        ['wanted', unused],
      ] as const)
        await store().artifacts.addContent({ project, md5, blob, size: 1, wantedAt: now - 20 * day });
      const version = await commit(store(), await create(store(), { project }));
      expect((await store().artifacts.wantContents(project, ['wanted', 'missing'])).map(({ md5 }) => md5)).toEqual(['wanted']);
      await collectAt(now);
      const left = await store().artifacts.contents(project, ['used', 'unused', 'wanted']);
      expect(left.map(({ md5 }) => md5).sort()).toEqual(['used', 'wanted']);
      expect(await garbage()).toContain(unused);
      expect(await stateOf(version)).toBe('COMMITTED');
      await store().artifacts.dropGarbage(unused);
      expect(await garbage()).not.toContain(unused);
      expect(await store().artifacts.garbage(0, 10)).toEqual([]);
    });

    it('a file of a run lets go of its content when it is replaced or removed, and not when the same comes again', async () => {
      const { files } = store();
      const run = runId(freshId(8));
      const [first, second] = [blobOf('7'), blobOf('8')];
      const file = (blob: BlobHash) => ({ run, kind: 'output' as const, path: 'model.bin', blob, size: 1, md5: null });
      await files.put(file(first));
      await files.put(file(first));
      expect(await garbage()).not.toContain(first);
      await files.put(file(second));
      expect(await garbage()).toContain(first);
      expect(await garbage()).not.toContain(second);
      expect(await files.remove(run, 'output', 'model.bin')).toBe(true);
      expect(await files.remove(run, 'output', 'model.bin')).toBe(false);
      expect(await garbage()).toContain(second);
    });

    it('a content that is sent again is wanted again', async () => {
      const project = await freshProject(store());
      const now = await store().now();
      const content = { project, md5: 'm', blob: blobOf('8'), size: 1 };
      await store().artifacts.addContent({ ...content, wantedAt: now - 20 * day });
      await store().artifacts.addContent({ ...content, wantedAt: now });
      await collectAt(now);
      expect(await store().artifacts.contents(project, ['m'])).toHaveLength(1);
    });
  });
}
