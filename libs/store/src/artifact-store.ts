/**
 * Artifacts: what versions there are, under which names, what they hold, and which runs made and used them.
 *
 * The rules are artifacts/: this opens their writes. Bytes are blobs; who may do what is the caller's business.
 */
import { type BlobHash, Invalid, type ProjectId, type RunId } from '@sweep/domain';
import { contentsForMs, expiryOf } from './artifacts/expiry.js';
import { settleContent, settleVersion } from './artifacts/lifetimes.js';
import type {
  ArtifactAlias,
  ArtifactCollection,
  ArtifactContent,
  ArtifactFile,
  ArtifactLink,
  ArtifactManifest,
  ArtifactType,
  ArtifactVersion,
  RunArtifact,
} from './artifacts/records.js';
import { deleteCollection, deleteVersion, unlinkVersion } from './artifacts/removal.js';
import type { ArtifactBackend, Slice } from './artifacts/tables.js';
import {
  type Contents,
  commitVersion,
  createVersion,
  ensureCollection,
  latest,
  moveAliases,
  type NewArtifact,
  newArtifactId,
  relate,
} from './artifacts/versions.js';

export type VersionChange = Partial<Pick<ArtifactVersion, 'description' | 'metadata' | 'ttlSeconds' | 'tags'>>;
export type CollectionChange = Partial<Pick<ArtifactCollection, 'name' | 'description' | 'type' | 'tags'>>;
export type NewManifest = Omit<ArtifactManifest, 'id' | 'blob' | 'createdAt'>;

export interface NewLink {
  readonly project: ProjectId;
  readonly name: string;
  readonly version: ArtifactVersion;
  readonly aliases: readonly string[];
}

/** In the collection with this id, or with this name in the project. */
export type InCollection = { readonly id: string } | { readonly project: ProjectId; readonly name: string };

export class ArtifactStore {
  constructor(private readonly backend: ArtifactBackend) {}

  types(project: ProjectId): Promise<readonly ArtifactType[]> {
    return this.backend.each(({ types }) => types.find({ project }));
  }

  collections(project: ProjectId, type: string | null): Promise<readonly ArtifactCollection[]> {
    return this.backend.each(({ collections }) => collections.find(type === null ? { project } : { project, type }));
  }

  async collection(where: InCollection | { readonly clientId: string }): Promise<ArtifactCollection | null> {
    const [found] = await this.backend.each(({ collections }) => collections.find(where));
    return found ?? null;
  }

  /** Also one that is pending or deleted. */
  async version(where: { readonly id: string } | { readonly clientId: string }): Promise<ArtifactVersion | null> {
    return await this.backend.each(async ({ versions, clientIds }) => {
      const id = 'id' in where ? where.id : (await clientIds.find(where))[0]?.version;
      return id === undefined ? null : ((await versions.find({ id }))[0] ?? null);
    });
  }

  /** Committed ones, in the order of the ids. */
  async versions(ids: readonly string[]): Promise<readonly ArtifactVersion[]> {
    const found = await this.backend.each(({ versions }) => versions.find({ id: ids, state: 'COMMITTED' }));
    const byId = new Map(found.map((version) => [version.id, version]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  /** By number where they are of one collection. */
  async links(where: { readonly collection: string | readonly string[] } | { readonly version: string }): Promise<readonly ArtifactLink[]> {
    const found = await this.backend.each(({ links }) => links.find(where));
    return found.toSorted((a, b) => a.index - b.index);
  }

  /** The one that has the alias, or the number. */
  async linkAt(collection: string, at: { readonly alias: string } | { readonly index: number }): Promise<ArtifactLink | null> {
    return await this.backend.each(async ({ aliases, links }) => {
      if ('index' in at) return (await links.find({ collection, ...at }))[0] ?? null;
      const [alias] = await aliases.find({ collection, ...at });
      return alias === undefined ? null : ((await links.find({ collection, version: alias.version }))[0] ?? null);
    });
  }

  aliases(where: { readonly collection?: string | readonly string[]; readonly version?: string }): Promise<readonly ArtifactAlias[]> {
    return this.backend.each(({ aliases }) => aliases.find(where));
  }

  /** By path. */
  files(version: string, slice: Slice, paths?: readonly string[]): Promise<readonly ArtifactFile[]> {
    return this.backend.each(({ files }) => files.find({ version, ...(paths === undefined ? {} : { path: paths }) }, slice));
  }

  /** What the project has of these contents. */
  contents(project: ProjectId, md5s: readonly string[]): Promise<readonly ArtifactContent[]> {
    return this.backend.each(({ contents }) => contents.find({ project, md5: [...new Set(md5s)] }));
  }

  /** What the project has of these, which stay for as long as a version may be pending that counts on them. */
  wantContents(project: ProjectId, md5s: readonly string[]): Promise<readonly ArtifactContent[]> {
    return this.backend.write([project], async ({ tables: { contents }, now }) => {
      const found = await contents.find({ project, md5: [...new Set(md5s)] });
      if (found.length > 0) await contents.change({ project, md5: found.map(({ md5 }) => md5) }, { wantedAt: now });
      return found;
    });
  }

  async addContent(content: ArtifactContent): Promise<void> {
    const { project, md5, wantedAt } = content;
    await this.backend.each(async ({ contents }) => {
      await contents.change({ project, md5 }, { wantedAt });
      await contents.insert([content]);
    });
  }

  /** Does what is due for versions and contents; answers for how many, none once nothing is. */
  async collect(now: number, limit: number): Promise<number> {
    const slice = { start: 0, limit };
    const versions = await this.backend.each((tables) => tables.versions.find({}, slice, { column: 'expiresAt', time: now }));
    for (const { id, project } of versions) await this.backend.write([project], ({ tables }) => settleVersion({ tables, now }, id));
    const before = { column: 'wantedAt', time: now - contentsForMs } as const;
    const contents = await this.backend.each((tables) => tables.contents.find({}, slice, before));
    for (const content of contents) await this.backend.write([content.project], ({ tables }) => settleContent({ tables, now }, content));
    return versions.length + contents.length;
  }

  /** How much of that there is, as far as it is counted. */
  async due(now: number, limit: number): Promise<number> {
    const slice = { start: 0, limit };
    const versions = await this.backend.each((tables) => tables.versions.find({}, slice, { column: 'expiresAt', time: now }));
    const before = { column: 'wantedAt', time: now - contentsForMs } as const;
    const contents = await this.backend.each((tables) => tables.contents.find({}, slice, before));
    return versions.length + contents.length;
  }

  /** Blobs that lost what referred to them before a time. Others may refer to them still, or again. */
  async garbage(time: number, limit: number): Promise<readonly BlobHash[]> {
    const before = { column: 'since', time } as const;
    const found = await this.backend.each(({ garbage }) => garbage.find({}, { start: 0, limit }, before));
    return found.map(({ blob }) => blob);
  }

  async dropGarbage(blob: BlobHash): Promise<void> {
    await this.backend.each(({ garbage }) => garbage.remove({ blob }));
  }

  /** What the run made or used, in that order of time. */
  ofRun(run: RunId, role: RunArtifact['role']): Promise<readonly RunArtifact[]> {
    return this.backend.each(({ runs }) => runs.find({ run, role }));
  }

  runsOf(version: string, role: RunArtifact['role']): Promise<readonly RunArtifact[]> {
    return this.backend.each(({ runs }) => runs.find({ version, role }));
  }

  async relate(relation: Omit<RunArtifact, 'at'>, project: ProjectId): Promise<void> {
    await this.backend.write([project], (write) => relate(write, relation));
  }

  /** @throws Invalid where the name is of another type. */
  create(wanted: NewArtifact): Promise<ArtifactVersion> {
    return this.backend.write([wanted.project], (write) => createVersion(write, wanted));
  }

  async manifest(id: string): Promise<ArtifactManifest | null> {
    const [found] = await this.backend.each(({ manifests }) => manifests.find({ id }));
    return found ?? null;
  }

  /** In the order in which they were announced. */
  manifests(version: string): Promise<readonly ArtifactManifest[]> {
    return this.backend.each(({ manifests }) => manifests.find({ version }));
  }

  /** A full one replaces that of the same name; of the others each program has its own. */
  announceManifest({ project }: ArtifactVersion, manifest: NewManifest): Promise<ArtifactManifest> {
    return this.backend.write([project], async ({ tables, now }) => {
      const { version, name, kind, digest, base } = manifest;
      const [known] = kind === 'FULL' ? await tables.manifests.find({ version, name }) : [];
      if (known === undefined) {
        const made = { id: newArtifactId(), ...manifest, blob: null, createdAt: now };
        await tables.manifests.insert([made]);
        return made;
      }
      await tables.manifests.change({ id: known.id }, { digest, base });
      return { ...known, digest, base };
    });
  }

  async changeManifest(id: string, change: Partial<Pick<ArtifactManifest, 'digest' | 'blob' | 'base'>>): Promise<void> {
    await this.backend.each(({ manifests }) => manifests.change({ id }, change));
  }

  /** Gives number and aliases. A committed one stays as it is. @throws NotFound */
  commit({ id, project }: ArtifactVersion, contents: Contents): Promise<ArtifactVersion> {
    return this.backend.write([project], (write) => commitVersion(write, id, contents));
  }

  async change({ id, project }: ArtifactVersion, decide: (version: ArtifactVersion) => VersionChange): Promise<ArtifactVersion | null> {
    return await this.backend.write([project], async ({ tables, now }) => {
      const [version] = await tables.versions.find({ id });
      if (version === undefined) return null;
      const wished = decide(version);
      const expiresAt =
        version.state === 'COMMITTED' && wished.ttlSeconds !== undefined ? expiryOf({ ...version, ...wished }) : version.expiresAt;
      const change = { ...wished, expiresAt, updatedAt: now };
      await tables.versions.change({ id }, change);
      return { ...version, ...change };
    });
  }

  /** False: the version is not in the collection. */
  moveAliases({ id, project }: ArtifactCollection, version: string, names: readonly string[]): Promise<boolean> {
    return this.backend.write([project], async (write) => {
      if ((await write.tables.links.count({ collection: id, version })) === 0) return false;
      await moveAliases(write, { collection: id, version }, names);
      return true;
    });
  }

  async removeAliases({ id, project }: ArtifactCollection, version: string, names: readonly string[]): Promise<void> {
    await this.backend.write([project], ({ tables }) => tables.aliases.remove({ collection: id, version, alias: names }));
  }

  /** False: it is deleted already. @throws Conflict where it has aliases and they are not to go with it. */
  remove({ id, project }: ArtifactVersion, withAliases: boolean): Promise<boolean> {
    return this.backend.write([project], (write) => deleteVersion(write, id, withAliases));
  }

  /** Into the portfolio of that name, which is made where it is missing; null: the version is not committed. @throws Invalid */
  link({ project, name, version, aliases }: NewLink): Promise<ArtifactLink | null> {
    return this.backend.write([project, version.project], async (write) => {
      const { tables, now } = write;
      const [current] = await tables.versions.find({ id: version.id, state: 'COMMITTED' });
      const [home] = await tables.collections.find({ id: version.collection });
      if (current === undefined || home === undefined) return null;
      const { id: collection, nextIndex: index } = await ensureCollection(write, { project, name, type: home.type, kind: 'portfolio' });
      const [known] = await tables.links.find({ collection, version: version.id });
      const link = known ?? { collection, version: version.id, index, createdAt: now };
      if (known === undefined) {
        await tables.links.insert([link]);
        await tables.collections.change({ id: collection }, { nextIndex: index + 1, updatedAt: now });
      }
      await moveAliases(write, { collection, version: version.id }, known === undefined ? [...aliases, latest] : aliases);
      return link;
    });
  }

  /** False: it is not linked there. */
  unlink({ id, project }: ArtifactCollection, version: string): Promise<boolean> {
    return this.backend.write([project], (write) => unlinkVersion(write, id, version));
  }

  /** Null: there is no such collection. @throws Invalid where the new name is taken. */
  async changeCollection(
    { id, project }: ArtifactCollection,
    decide: (collection: ArtifactCollection) => CollectionChange,
  ): Promise<ArtifactCollection | null> {
    return await this.backend.write([project], async ({ tables, now }) => {
      const [collection] = await tables.collections.find({ id });
      if (collection === undefined) return null;
      const change = { ...decide(collection), updatedAt: now };
      const { name = collection.name, type = collection.type } = change;
      if (name !== collection.name && (await tables.collections.count({ project, name })) > 0)
        throw new Invalid(`there is an artifact ${name} in this project already: choose another name`);
      if (type !== collection.type) await tables.types.insert([{ project, name: type, createdAt: now }]);
      await tables.collections.change({ id }, change);
      return { ...collection, ...change };
    });
  }

  /** With the versions that were logged to it. */
  async removeCollection(collection: ArtifactCollection): Promise<void> {
    await this.backend.write([collection.project], (write) => deleteCollection(write, collection));
  }
}
