/** How a version comes to be: made, filled elsewhere, committed. Inside one write, so that numbers and aliases are given once. */
import { randomBytes } from 'node:crypto';
import { type BlobHash, Invalid, NotFound, type ProjectId, type RunId, randomId, type UserId } from '@sweep/domain';
import { expiryOf, pendingForMs } from './expiry.js';
import type { ArtifactCollection, ArtifactFile, ArtifactVersion, RunArtifact } from './records.js';
import type { ArtifactTables, ArtifactWrite } from './tables.js';

export const latest = 'latest';

export interface NewArtifact {
  readonly project: ProjectId;
  readonly type: string;
  readonly collection: string;
  readonly run: RunId | null;
  readonly user: UserId;
  readonly digest: string;
  readonly description: string | null;
  readonly metadata: string | null;
  readonly ttlSeconds: number | null;
  readonly historyStep: number | null;
  readonly aliases: readonly string[];
  readonly tags: readonly string[];
  readonly clientId: string | null;
  readonly sequenceClientId: string | null;
  readonly distributedId: string | null;
  /** Whether the newest version is taken where it has the same digest. */
  readonly deduplicate: boolean;
}

export const newArtifactId = (): string => randomId(12, randomBytes);

/** The same client id, or the same id of a distributed one that is pending, is the same version. @throws Invalid */
export async function createVersion(write: ArtifactWrite, wanted: NewArtifact): Promise<ArtifactVersion> {
  const { tables } = write;
  const collection = await ensureCollection(write, { ...wanted, name: wanted.collection, kind: 'sequence' });
  if (collection.clientId === null && wanted.sequenceClientId !== null)
    await tables.collections.change({ id: collection.id }, { clientId: wanted.sequenceClientId });
  const version =
    (await repeated(tables, collection, wanted)) ??
    (await sameContent(write, collection, wanted)) ??
    (await insertVersion(write, collection, wanted));
  if (wanted.clientId !== null) await tables.clientIds.insert([{ clientId: wanted.clientId, version: version.id }]);
  if (wanted.run !== null) await relate(write, { run: wanted.run, version: version.id, role: 'output', usedAs: null });
  return version;
}

interface WantedCollection {
  readonly project: ProjectId;
  readonly type: string;
  readonly name: string;
  readonly kind: ArtifactCollection['kind'];
}

/** @throws Invalid where the name is taken by another type or kind. */
export async function ensureCollection(
  { tables, now }: ArtifactWrite,
  { project, type, name, kind }: WantedCollection,
): Promise<ArtifactCollection> {
  const [known] = await tables.collections.find({ project, name });
  if (known !== undefined && known.type !== type)
    throw new Invalid(`artifact ${name} already exists with type ${known.type}; type ${type} needs another name`);
  if (known !== undefined && known.kind !== kind)
    throw new Invalid(`artifact ${name} already exists as a ${known.kind}: a ${kind} needs another name`);
  if (known !== undefined) return known;
  const collection = { id: newArtifactId(), project, type, name, kind, description: null, tags: [], clientId: null, nextIndex: 0 };
  const made = { ...collection, createdAt: now, updatedAt: null };
  await tables.types.insert([{ project, name: type, createdAt: now }]);
  await tables.collections.insert([made]);
  return made;
}

/** @throws Invalid where the client's id is that of something else. */
async function repeated(
  tables: ArtifactTables,
  { id: collection, name }: ArtifactCollection,
  { clientId, distributedId }: NewArtifact,
): Promise<ArtifactVersion | undefined> {
  const [known] = clientId === null ? [] : await tables.clientIds.find({ clientId });
  const [same] = known === undefined ? [] : await tables.versions.find({ id: known.version });
  if (same !== undefined && same.collection !== collection)
    throw new Invalid(`the client id of this version of ${name} belongs to another artifact: make a new one`);
  if (same !== undefined || distributedId === null) return same;
  const pending = await tables.versions.find({ collection, state: 'PENDING', distributedId });
  return pending[0];
}

async function sameContent(
  write: ArtifactWrite,
  { id: collection }: ArtifactCollection,
  { deduplicate, digest, distributedId, aliases, tags }: NewArtifact,
): Promise<ArtifactVersion | undefined> {
  if (!deduplicate || distributedId !== null) return undefined;
  const [newest] = await write.tables.aliases.find({ collection, alias: latest });
  const [version] = newest === undefined ? [] : await write.tables.versions.find({ id: newest.version, state: 'COMMITTED', digest });
  if (version === undefined) return undefined;
  await moveAliases(write, { collection, version: version.id }, aliases);
  const all = [...new Set([...version.tags, ...tags])];
  await write.tables.versions.change({ id: version.id }, { tags: all });
  return { ...version, tags: all };
}

async function insertVersion(
  { tables, now }: ArtifactWrite,
  collection: ArtifactCollection,
  wanted: NewArtifact,
): Promise<ArtifactVersion> {
  const { project, run, user, digest, description, metadata, ttlSeconds, historyStep, distributedId } = wanted;
  const version: ArtifactVersion = {
    ...{ id: newArtifactId(), collection: collection.id, project, run, user, digest, description, metadata, ttlSeconds, historyStep },
    ...{ distributedId, state: 'PENDING', index: null, size: 0, fileCount: 0, manifestBlob: null, manifestDigest: null },
    expiresAt: now + pendingForMs,
    ...{ tags: [...new Set(wanted.tags)], wantedAliases: [...new Set(wanted.aliases)], createdAt: now, updatedAt: null },
  };
  await tables.versions.insert([version]);
  return version;
}

export interface Contents {
  readonly files: readonly Omit<ArtifactFile, 'version'>[];
  readonly manifestBlob: BlobHash;
  readonly manifestDigest: string;
}

/** A committed version stays as it is. @throws NotFound */
export async function commitVersion(write: ArtifactWrite, id: string, contents: Contents): Promise<ArtifactVersion> {
  const { tables, now } = write;
  const [version] = await tables.versions.find({ id });
  if (version?.state === 'COMMITTED') return version;
  const [collection] = version === undefined ? [] : await tables.collections.find({ id: version.collection });
  if (version === undefined || version.state === 'DELETED' || collection === undefined)
    throw new NotFound(`the artifact ${id} was deleted before it was committed: log it again`);
  const { files, manifestBlob, manifestDigest } = contents;
  const size = files.reduce((sum, file) => sum + (file.reference === null ? (file.size ?? 0) : 0), 0);
  const index = collection.nextIndex;
  const change = {
    state: 'COMMITTED' as const,
    index,
    size,
    fileCount: files.length,
    manifestBlob,
    manifestDigest,
    updatedAt: now,
    expiresAt: expiryOf(version),
  };
  await tables.versions.change({ id }, change);
  await tables.collections.change({ id: collection.id }, { nextIndex: index + 1, updatedAt: now });
  await tables.links.insert([{ collection: collection.id, version: id, index, createdAt: now }]);
  await tables.files.insert(files.map((file) => ({ version: id, ...file })));
  await moveAliases(write, { collection: collection.id, version: id }, [...version.wantedAliases, latest]);
  return { ...version, ...change };
}

interface Place {
  readonly collection: string;
  readonly version: string;
}

/** An alias is at one version of a collection: it leaves the one before. */
export async function moveAliases({ tables }: ArtifactWrite, { collection, version }: Place, aliases: readonly string[]): Promise<void> {
  const wanted = [...new Set(aliases)];
  if (wanted.length === 0) return;
  await tables.aliases.remove({ collection, alias: wanted });
  await tables.aliases.insert(wanted.map((alias) => ({ collection, alias, version })));
}

export async function relate({ tables, now }: ArtifactWrite, relation: Omit<RunArtifact, 'at'>): Promise<void> {
  await tables.runs.insert([{ ...relation, at: now }]);
}
