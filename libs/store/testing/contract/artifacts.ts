import { blobHash, Conflict, Invalid, NotFound, userId } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import type { ArtifactVersion, NewArtifact, Project, Store } from '../../src/store.js';
import { freshId, type OpenStore, openOnce } from './fixture.js';

const digestOf = (name: string): string => `${name.padEnd(32, '0')}`.slice(0, 32);
export const blobOf = (letter: string) => blobHash(letter.repeat(64));

export function artifactContract(open: () => Promise<OpenStore>): void {
  describe('a version of an artifact', () => {
    const store = openOnce(open);

    it('has no number and no alias until it is committed', async () => {
      const made = await create(store());
      expect(made).toMatchObject({ state: 'PENDING', index: null, wantedAliases: ['best'] });
      const collection = await home(store(), made);
      expect(collection).toMatchObject({ name: 'data', type: 'dataset', kind: 'sequence', nextIndex: 0 });
      expect(await store().artifacts.links({ collection: collection.id })).toEqual([]);
      expect(await aliasesOf(store(), made)).toEqual([]);

      const committed = await commit(store(), made);
      expect(committed).toMatchObject({ state: 'COMMITTED', index: 0, size: 7, fileCount: 3 });
      expect(await store().artifacts.version({ id: made.id })).toEqual(committed);
      expect(await aliasesOf(store(), made)).toEqual(['best', 'latest']);
      expect(await store().artifacts.linkAt(collection.id, { index: 0 })).toMatchObject({ version: made.id });
    });

    it('takes the aliases that another one had, and latest always', async () => {
      const project = await freshProject(store());
      const first = await commit(store(), await create(store(), { project }));
      const second = await commit(store(), await create(store(), { project, digest: digestOf('2'), aliases: ['second'] }));
      expect(second.index).toBe(1);
      expect(await aliasesOf(store(), first)).toEqual(['best']);
      expect(await aliasesOf(store(), second)).toEqual(['latest', 'second']);
      const { id } = await home(store(), first);
      expect(await store().artifacts.linkAt(id, { alias: 'latest' })).toMatchObject({ version: second.id, index: 1 });
      expect(await store().artifacts.linkAt(id, { alias: 'none' })).toBeNull();
    });

    it('is the newest one again where nothing has changed, which then has the new aliases and tags', async () => {
      const project = await freshProject(store());
      const first = await commit(store(), await create(store(), { project, tags: ['a'] }));
      const same = await create(store(), { project, aliases: ['again'], tags: ['b'] });
      expect(same).toMatchObject({ id: first.id, state: 'COMMITTED', tags: ['a', 'b'] });
      expect(await aliasesOf(store(), first)).toEqual(['again', 'best', 'latest']);
      expect(await create(store(), { project, deduplicate: false })).toMatchObject({ state: 'PENDING' });
      await commit(store(), await create(store(), { project, digest: digestOf('other') }));
      expect(await create(store(), { project })).toMatchObject({ state: 'PENDING' });
    });

    it('is one for one client id, however often it is asked for', async () => {
      const project = await freshProject(store());
      const clientId = freshId(20);
      const first = await create(store(), { project, clientId, deduplicate: false });
      expect((await create(store(), { project, clientId, deduplicate: false })).id).toBe(first.id);
      expect(await store().artifacts.version({ clientId })).toEqual(first);
      await expect(create(store(), { project, clientId, collection: 'other' })).rejects.toBeInstanceOf(Invalid);
    });

    it('is found by each client id under which its content was logged', async () => {
      const project = await freshProject(store());
      const [first, second] = [freshId(20), freshId(20)];
      const made = await commit(store(), await create(store(), { project, clientId: first }));
      expect(await create(store(), { project, clientId: second })).toMatchObject({ id: made.id });
      for (const clientId of [first, second]) expect(await store().artifacts.version({ clientId })).toMatchObject({ id: made.id });
      expect(await store().artifacts.version({ clientId: freshId(20) })).toBeNull();
      // Asked for again after its answer was lost, though something newer was logged meanwhile.
      await commit(store(), await create(store(), { project, digest: digestOf('newer') }));
      expect(await create(store(), { project, clientId: second })).toMatchObject({ id: made.id });
    });

    it('is one for all who make it together, until it is committed', async () => {
      const project = await freshProject(store());
      const [first, second] = [
        await create(store(), { project, distributedId: 'd' }),
        await create(store(), { project, distributedId: 'd' }),
      ];
      expect(second.id).toBe(first.id);
      await commit(store(), first);
      expect((await create(store(), { project, distributedId: 'd' })).id).not.toBe(first.id);
    });

    it('is found among very many that are asked for, in their order', async () => {
      const project = await freshProject(store());
      const first = await commit(store(), await create(store(), { project }));
      const second = await commit(store(), await create(store(), { project, digest: digestOf('2') }));
      const others = Array.from({ length: 70_000 }, (_, at) => `no-such-version-${at}`);
      const found = await store().artifacts.versions([second.id, ...others, first.id]);
      expect(found.map(({ id }) => id)).toEqual([second.id, first.id]);
      expect(await store().artifacts.versions([])).toEqual([]);
    });

    it('is found by what its collection was called before it was known', async () => {
      const sequenceClientId = freshId(20);
      const made = await create(store(), { sequenceClientId });
      expect(await store().artifacts.collection({ clientId: sequenceClientId })).toMatchObject({ id: made.collection });
    });

    it('keeps its name for one type', async () => {
      const project = await freshProject(store());
      await create(store(), { project });
      await expect(create(store(), { project, type: 'model' })).rejects.toBeInstanceOf(Invalid);
      expect((await store().artifacts.types(project)).map(({ name }) => name)).toEqual(['dataset']);
    });

    it('gets numbers without gaps or doubles when many are committed at once', async () => {
      const project = await freshProject(store());
      const made = await Promise.all(Array.from({ length: 12 }, (_, i) => create(store(), { project, digest: digestOf(String(i)) })));
      expect(new Set(made.map(({ collection }) => collection)).size).toBe(1);
      const committed = await Promise.all(made.map((version) => commit(store(), version)));
      expect(committed.map(({ index }) => index).sort((a, b) => a! - b!)).toEqual(Array.from({ length: 12 }, (_, i) => i));
      const all = await store().artifacts.aliases({ collection: made[0]!.collection });
      expect(all.filter(({ alias }) => alias === 'latest')).toHaveLength(1);
    });

    it('is committed once', async () => {
      const made = await create(store());
      const [first, second] = await Promise.all([commit(store(), made), commit(store(), made)]);
      expect(second).toEqual(first);
    });

    it('holds its files, by path', async () => {
      const made = await commit(store(), await create(store()));
      const all = await store().artifacts.files(made.id, { start: 0, limit: 10 });
      expect(all.map(({ path }) => path)).toEqual(['a.bin', 'b/c', 'ref']);
      expect(all[2]).toEqual({ version: made.id, path: 'ref', digest: 'etag', size: 5, reference: 's3://bucket/key', blob: null });
      expect(await store().artifacts.files(made.id, { start: 1, limit: 1 })).toEqual([all[1]]);
      expect(await store().artifacts.files(made.id, { start: 0, limit: 9 }, ['ref', 'none'])).toEqual([all[2]]);
      expect(await store().files.referenced(blobOf('a'))).toBe(true);
      expect(await store().files.referenced(blobOf('e'))).toBe(true);
    });

    it('can be described anew', async () => {
      const made = await create(store());
      await store().artifacts.change(made, ({ tags }) => ({ tags: [...tags, 't'], metadata: '{"x":1.0}', description: 'd' }));
      expect(await store().artifacts.version({ id: made.id })).toMatchObject({ tags: ['t'], metadata: '{"x":1.0}', description: 'd' });
    });
  });

  describe('a deleted version', () => {
    const store = openOnce(open);

    it('had no aliases, or loses them by wish', async () => {
      const project = await freshProject(store());
      const first = await commit(store(), await create(store(), { project }));
      const second = await commit(store(), await create(store(), { project, digest: digestOf('2'), aliases: [] }));
      await expect(store().artifacts.remove(second, false)).rejects.toBeInstanceOf(Conflict);
      expect(await store().artifacts.version({ id: second.id })).toMatchObject({ state: 'COMMITTED' });
      expect(await store().artifacts.remove(second, true)).toBe(true);
      expect(await store().artifacts.remove(second, true)).toBe(false);
      expect(await aliasesOf(store(), first)).toEqual(['best', 'latest']);
      expect(await store().artifacts.versions([second.id, first.id])).toMatchObject([{ id: first.id }]);
    });

    it('leaves its number unused', async () => {
      const project = await freshProject(store());
      await commit(store(), await create(store(), { project }));
      await store().artifacts.remove(await commit(store(), await create(store(), { project, digest: digestOf('2') })), true);
      expect(await commit(store(), await create(store(), { project, digest: digestOf('3') }))).toMatchObject({ index: 2 });
    });

    it('cannot be committed', async () => {
      const made = await create(store());
      await store().artifacts.remove(made, false);
      await expect(commit(store(), made)).rejects.toBeInstanceOf(NotFound);
    });

    it('goes with its collection, whose name is free again', async () => {
      const project = await freshProject(store());
      const made = await commit(store(), await create(store(), { project }));
      await link(store(), made, 'shelf');
      await store().artifacts.removeCollection(await home(store(), made));
      expect(await store().artifacts.version({ id: made.id })).toMatchObject({ state: 'DELETED' });
      expect(await store().artifacts.links({ version: made.id })).toEqual([]);
      const again = await commit(store(), await create(store(), { project, type: 'model' }));
      expect(again).toMatchObject({ index: 0 });
    });
  });

  describe('a portfolio', () => {
    const store = openOnce(open);

    it('numbers what is linked to it by itself, once', async () => {
      const project = await freshProject(store());
      const versions: ArtifactVersion[] = [];
      for (const digest of ['1', '2', '3']) versions.push(await commit(store(), await create(store(), { project, digest })));
      expect(await link(store(), versions[2]!, 'shelf', ['good'])).toMatchObject({ index: 0 });
      expect(await link(store(), versions[1]!, 'shelf')).toMatchObject({ index: 1 });
      expect(await link(store(), versions[2]!, 'shelf', ['better'])).toMatchObject({ index: 0 });
      const shelf = (await store().artifacts.collection({ project, name: 'shelf' }))!;
      expect(shelf).toMatchObject({ kind: 'portfolio', type: 'dataset' });
      const names = await store().artifacts.aliases({ collection: shelf.id });
      expect(names.map(({ alias, version }) => [alias, versions.findIndex(({ id }) => id === version)])).toEqual([
        ['good', 2],
        ['latest', 1],
        ['better', 2],
      ]);
      expect(await store().artifacts.unlink(shelf, versions[1]!.id)).toBe(true);
      expect(await store().artifacts.unlink(shelf, versions[1]!.id)).toBe(false);
      expect(await store().artifacts.linkAt(shelf.id, { alias: 'latest' })).toMatchObject({ version: versions[2]!.id });
      expect(await store().artifacts.version({ id: versions[1]!.id })).toMatchObject({ state: 'COMMITTED' });
    });

    it('holds one type, committed versions only, and is no sequence', async () => {
      const project = await freshProject(store());
      const made = await create(store(), { project });
      expect(await link(store(), made, 'shelf')).toBeNull();
      await commit(store(), made);
      await link(store(), made, 'shelf');
      await expect(link(store(), made, 'data')).rejects.toBeInstanceOf(Invalid);
      await expect(create(store(), { project, collection: 'shelf' })).rejects.toBeInstanceOf(Invalid);
      const model = await commit(store(), await create(store(), { project, collection: 'm', type: 'model' }));
      await expect(link(store(), model, 'shelf')).rejects.toBeInstanceOf(Invalid);
    });

    it('has aliases for what is in it', async () => {
      const project = await freshProject(store());
      const made = await commit(store(), await create(store(), { project }));
      const collection = await home(store(), made);
      expect(await store().artifacts.moveAliases(collection, made.id, ['x', 'y'])).toBe(true);
      await store().artifacts.removeAliases(collection, made.id, ['x', 'best']);
      expect(await aliasesOf(store(), made)).toEqual(['latest', 'y']);
      await link(store(), made, 'shelf');
      const shelf = (await store().artifacts.collection({ project, name: 'shelf' }))!;
      await store().artifacts.unlink(shelf, made.id);
      expect(await store().artifacts.moveAliases(shelf, made.id, ['x'])).toBe(false);
    });
  });

  describe('a collection of artifacts', () => {
    const store = openOnce(open);

    it('can be renamed to a free name, described and given another type', async () => {
      const project = await freshProject(store());
      const collection = await home(store(), await create(store(), { project }));
      await create(store(), { project, collection: 'taken' });
      await expect(store().artifacts.changeCollection(collection, () => ({ name: 'taken' }))).rejects.toBeInstanceOf(Invalid);
      await store().artifacts.changeCollection(collection, ({ tags }) => ({ name: 'free', type: 'model', tags: [...tags, 't'] }));
      expect(await store().artifacts.collection({ project, name: 'free' })).toMatchObject({
        id: collection.id,
        type: 'model',
        tags: ['t'],
      });
      expect((await store().artifacts.collections(project, 'model')).map(({ name }) => name)).toEqual(['free']);
      expect((await store().artifacts.collections(project, null)).map(({ name }) => name)).toEqual(['free', 'taken']);
      expect((await store().artifacts.types(project)).map(({ name }) => name)).toEqual(['dataset', 'model']);
    });
  });

  describe('what surrounds a version', () => {
    const store = openOnce(open);

    it('are manifests: a full one replaces that of its name, others stand side by side', async () => {
      const made = await create(store());
      const manifest = { version: made.id, name: 'm', digest: '', base: null };
      const full = await store().artifacts.announceManifest(made, { ...manifest, kind: 'FULL' });
      expect((await store().artifacts.announceManifest(made, { ...manifest, kind: 'FULL', digest: 'd' })).id).toBe(full.id);
      expect(await store().artifacts.manifest(full.id)).toMatchObject({ digest: 'd', blob: null });
      await store().artifacts.changeManifest(full.id, { blob: blobOf('b') });
      const patches = [1, 2].map(() => store().artifacts.announceManifest(made, { ...manifest, name: 'p', kind: 'PATCH' }));
      expect(new Set((await Promise.all(patches)).map(({ id }) => id)).size).toBe(2);
      expect((await store().artifacts.manifests(made.id)).map(({ blob }) => blob)).toEqual([blobOf('b'), null, null]);
    });

    it('are contents, each kept once a project', async () => {
      const [project, other] = [await freshProject(store()), await freshProject(store())];
      const content = { project, md5: 'm', blob: blobOf('c'), size: 3, wantedAt: 5 };
      await Promise.all([store().artifacts.addContent(content), store().artifacts.addContent(content)]);
      expect(await store().artifacts.contents(project, ['m', 'n', 'm'])).toEqual([content]);
      expect(await store().artifacts.contents(project, [])).toEqual([]);
      expect(await store().artifacts.contents(other, ['m'])).toEqual([]);
    });

    it('are runs that made it and runs that used it', async () => {
      const project = (await store().projects.ensure('ada', `p-${freshId()}`)).id;
      const run = async () =>
        (await store().runs.ensure({ project, handle: freshId(), user: userId('u'), name: 'n', state: 'running' })).record.id;
      const [maker, user] = [await run(), await run()];
      const made = await commit(store(), await create(store(), { project, run: maker }));
      for (const usedAs of ['x', 'y']) await store().artifacts.relate({ run: user, version: made.id, role: 'input', usedAs }, project);
      expect(await store().artifacts.ofRun(maker, 'output')).toMatchObject([{ version: made.id }]);
      expect(await store().artifacts.ofRun(maker, 'input')).toEqual([]);
      expect(await store().artifacts.runsOf(made.id, 'input')).toMatchObject([{ run: user, usedAs: 'x' }]);
    });
  });
}

export async function freshProject(store: Store): Promise<Project['id']> {
  return (await store.projects.ensure('ada', `artifacts-${freshId()}`)).id;
}

export async function create(store: Store, change: Partial<NewArtifact> = {}): Promise<ArtifactVersion> {
  return await store.artifacts.create({
    project: change.project ?? (await freshProject(store)),
    type: 'dataset',
    collection: 'data',
    run: null,
    user: userId('u'),
    digest: digestOf('1'),
    description: null,
    metadata: null,
    ttlSeconds: null,
    historyStep: null,
    aliases: ['best'],
    tags: [],
    clientId: null,
    sequenceClientId: null,
    distributedId: null,
    deduplicate: true,
    ...change,
  });
}

export const commit = (store: Store, version: ArtifactVersion): Promise<ArtifactVersion> =>
  store.artifacts.commit(version, {
    files: [
      { path: 'a.bin', digest: 'md5a', size: 3, reference: null, blob: blobOf('a') },
      { path: 'b/c', digest: 'md5b', size: 4, reference: null, blob: blobOf('b') },
      { path: 'ref', digest: 'etag', size: 5, reference: 's3://bucket/key', blob: null },
    ],
    manifestBlob: blobOf('e'),
    manifestDigest: 'md5e',
  });

const home = async (store: Store, version: ArtifactVersion) => (await store.artifacts.collection({ id: version.collection }))!;

const aliasesOf = async (store: Store, version: ArtifactVersion): Promise<readonly string[]> =>
  (await store.artifacts.aliases({ version: version.id })).map(({ alias }) => alias).toSorted();

const link = (store: Store, version: ArtifactVersion, name: string, aliases: readonly string[] = []) =>
  store.artifacts.link({ project: version.project, name, version, aliases });
