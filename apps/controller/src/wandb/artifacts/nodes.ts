/** Artifacts as clients see them: types, collections, versions, memberships, aliases. Their files are artifact-files.ts. */
import { Bug } from '@sweep/domain';
import type { ArtifactAlias, ArtifactCollection, ArtifactType, ArtifactVersion, Project, RunArtifact } from '@sweep/store';
import { type FieldArgs, storageId } from '@sweep/wandb';
import { grouped } from '../../views/grouped.js';
import { runRecords } from '../../views/run-reader.js';
import { pageOfAll } from '../connection.js';
import type { WandbContext, WandbParts } from '../parts.js';
import { wireTime, wireTimeOrNull } from '../times.js';
import { userNode } from '../viewer.js';
import { artifactFileConnection, currentManifest, filesOfEntries } from './artifact-files.js';
import { type Membership, membershipAt } from './found.js';
import { ordered, selected } from './listing.js';

type Slice = FieldArgs['Artifact.usedBy'];

export function typeNode(parts: WandbParts, { project, name, createdAt }: ArtifactType) {
  const collections = (): Promise<readonly ArtifactCollection[]> => parts.store.artifacts.collections(project, name);
  const named = async ({ name: wanted }: FieldArgs['ArtifactType.artifactCollection']) => {
    const found = await parts.store.artifacts.collection({ project, name: wanted });
    return found?.type === name ? collectionNode(parts, found) : null;
  };
  return {
    id: storageId('ArtifactType', `${project}:${name}`),
    name,
    description: null,
    createdAt: wireTime(createdAt),
    artifactCollection: named,
    artifactSequence: named,
    artifactCollections: async (args: FieldArgs['ArtifactType.artifactCollections']) =>
      collectionConnection(parts, await collections(), args),
  };
}

export function collectionConnection(
  parts: WandbParts,
  all: readonly ArtifactCollection[],
  args: FieldArgs['Project.artifactCollections'],
) {
  const fields = ({ name, type, kind, tags, createdAt, updatedAt }: ArtifactCollection) => ({
    ...{ name, type, tags, artifactType: type, tag: tags, collectionType: kind === 'sequence' ? 'SEQUENCE' : 'PORTFOLIO' },
    ...{ createdAt: wireTime(createdAt), updatedAt: wireTime(updatedAt ?? createdAt) },
  });
  const wanted = ordered(selected(all, args.filters, fields), args.order, fields);
  return pageOfAll(wanted, args, (collection) => collectionNode(parts, collection));
}

export function collectionNode(parts: WandbParts, collection: ArtifactCollection, state: 'READY' | 'DELETED' = 'READY'): object {
  const { id, name, description, createdAt, updatedAt, tags, type } = collection;
  const { artifacts } = parts.store;
  return {
    __typename: collection.kind === 'sequence' ? 'ArtifactSequence' : 'ArtifactPortfolio',
    id: storageId('ArtifactCollection', id),
    name,
    description,
    createdAt: wireTime(createdAt),
    updatedAt: wireTimeOrNull(updatedAt),
    state,
    project: () => projectOfCollection(parts, collection),
    defaultArtifactType: () => typeOf(parts, collection.project, type),
    tags: { edges: tags.map((tag) => ({ node: tagNode(tag) })) },
    aliases: async (args: FieldArgs['ArtifactCollection.aliases']) =>
      pageOfAll(await artifacts.aliases({ collection: id }), args, (alias) => aliasNode(parts, alias)),
    artifacts: (args: FieldArgs['ArtifactCollection.artifacts']) => versionConnection(parts, collection, args),
    artifactMembership: async ({ aliasName }: FieldArgs['ArtifactCollection.artifactMembership']) => {
      const found = await membershipAt(parts, collection, aliasName);
      return found === null ? null : membershipNode(parts, found);
    },
    latestArtifact: async () => {
      const found = await membershipAt(parts, collection, 'latest');
      return found === null ? null : artifactNode(parts, found.version);
    },
    digestAlgorithm: 'MANIFEST_MD5',
  };
}

async function projectOfCollection(parts: WandbParts, collection: ArtifactCollection) {
  return parts.nodes.project((await parts.store.projects.findById(collection.project))!);
}

async function typeOf(parts: WandbParts, project: Project['id'], name: string) {
  const types = await parts.store.artifacts.types(project);
  return typeNode(parts, types.find((type) => type.name === name)!);
}

export const tagNode = (tag: string) => ({ id: storageId('Tag', tag), name: tag, tagCategoryName: null, attributes: null });

function aliasNode(parts: WandbParts, { collection, alias }: ArtifactAlias) {
  const found = async () => (await parts.store.artifacts.collection({ id: collection }))!;
  return {
    id: storageId('ArtifactAlias', `${collection}:${alias}`),
    alias,
    artifactCollection: async () => collectionNode(parts, await found()),
    artifactCollectionName: async () => (await found()).name,
  };
}

async function versionConnection(parts: WandbParts, { id }: ArtifactCollection, args: FieldArgs['ArtifactCollection.artifacts']) {
  const { artifacts } = parts.store;
  const [links, aliases] = await Promise.all([artifacts.links({ collection: id }), artifacts.aliases({ collection: id })]);
  const indexes = new Map(links.map(({ version, index }) => [version, index]));
  const aliasesOf = grouped(aliases, ({ version }) => version);
  const all = await artifacts.versions(links.map(({ version }) => version));
  const fields = ({ id: version, state, tags, createdAt, updatedAt, size, fileCount, digest }: ArtifactVersion) => ({
    ...{ state, tags, tag: tags, size, fileCount, digest, versionIndex: indexes.get(version)!, version: `v${indexes.get(version)}` },
    ...{ createdAt: wireTime(createdAt), updatedAt: wireTime(updatedAt ?? createdAt) },
    alias: (aliasesOf.get(version) ?? []).map(({ alias }) => alias),
  });
  // Newest first, as clients expect of lists of versions.
  const wanted = ordered(selected(all.toReversed(), args.filters, fields), args.order, fields);
  const page = pageOfAll(wanted, args, (version) => version);
  const edges = page.edges.map(({ node, cursor }) => ({ version: `v${indexes.get(node.id)}`, node: artifactNode(parts, node), cursor }));
  return { ...page, edges };
}

export function membershipNode(parts: WandbParts, { link, collection, version }: Membership) {
  return {
    id: storageId('ArtifactMembership', `${link.collection}:${link.version}`),
    versionIndex: link.index,
    createdAt: wireTime(link.createdAt),
    aliases: async () =>
      (await parts.store.artifacts.aliases({ collection: link.collection, version: link.version })).map((alias) => aliasNode(parts, alias)),
    artifactCollection: () => collectionNode(parts, collection),
    artifact: () => artifactNode(parts, version),
    files: (args: FieldArgs['ArtifactCollectionMembership.files']) => artifactFileConnection(parts, version, args),
  };
}

export function artifactNode(parts: WandbParts, version: ArtifactVersion): object {
  const { artifacts } = parts.store;
  const home = async (): Promise<ArtifactCollection> => {
    const collection = await artifacts.collection({ id: version.collection });
    if (collection === null) throw new Bug(`the collection of artifact ${version.id} is gone`);
    return collection;
  };
  return {
    ...descriptionOf(version),
    __typename: 'Artifact',
    id: storageId('Artifact', version.id),
    artifactSequence: async () => collectionNode(parts, await home()),
    artifactType: async () => typeOf(parts, version.project, (await home()).type),
    aliases: async () => (await artifacts.aliases({ version: version.id })).map((alias) => aliasNode(parts, alias)),
    currentManifest: () => currentManifest(parts, version),
    createdBy: () => creatorOf(parts, version),
    usedBy: async (args: Slice, context: WandbContext) => runsThatUsed(parts, version, args, context),
    artifactMemberships: (args: Slice, context: WandbContext) => memberships(parts, version, args, context),
    files: (args: FieldArgs['Artifact.files']) => artifactFileConnection(parts, version, args),
    filesByManifestEntries: (args: FieldArgs['Artifact.filesByManifestEntries']) => filesOfEntries(parts, version, args),
  };
}

/** "As the collection has it", where no collection says anything: for ever. */
const noTtl = -2;

function descriptionOf(version: ArtifactVersion) {
  const { index, description, metadata, ttlSeconds, historyStep, state, size, digest, fileCount } = version;
  return {
    ...{ versionIndex: index, description, metadata, labels: null, historyStep, state, size, digest, fileCount },
    ttlDurationSeconds: ttlSeconds ?? noTtl,
    ttlIsInherited: ttlSeconds === null,
    tags: version.tags.map(tagNode),
    digestAlgorithm: 'MANIFEST_MD5',
    commitHash: version.id,
    createdAt: wireTime(version.createdAt),
    updatedAt: wireTimeOrNull(version.updatedAt),
  };
}

async function creatorOf(parts: WandbParts, { run, user }: ArtifactVersion): Promise<object | null> {
  const record = run === null ? null : await parts.store.runs.record(run);
  if (record !== null && record.deletedAt === null)
    return { __typename: 'Run', ...parts.nodes.run(record, (await parts.store.projects.findById(record.project))!) };
  const found = await parts.store.keys.findUser(user);
  return found === null ? null : { __typename: 'User', ...userNode(parts, found) };
}

async function runsThatUsed(parts: WandbParts, { id }: ArtifactVersion, args: Slice, { scope }: WandbContext) {
  const used = await parts.store.artifacts.runsOf(id, 'input');
  const records = await runRecords(
    parts.store,
    used.map(({ run }) => run),
  );
  const nodes = records.filter(({ project }) => scope.mayRead(project));
  const homes = [...new Set(nodes.map(({ project }) => project))];
  const projects = new Map(await Promise.all(homes.map(async (id) => [id, await parts.store.projects.findById(id)] as const)));
  return pageOfAll(nodes, args, (record) => parts.nodes.run(record, projects.get(record.project)!));
}

async function memberships(parts: WandbParts, version: ArtifactVersion, args: Slice, { scope }: WandbContext) {
  const links = await parts.store.artifacts.links({ version: version.id });
  const found = await Promise.all(
    links.map(async (link) => ({ link, collection: await parts.store.artifacts.collection({ id: link.collection }) })),
  );
  const readable = found.flatMap(({ link, collection }) =>
    collection === null || !scope.mayRead(collection.project) ? [] : { link, collection, version },
  );
  return pageOfAll(readable, args, (membership) => membershipNode(parts, membership));
}

/** What a run made or used, of what is still there. */
export async function runArtifactConnection(parts: WandbParts, related: Promise<readonly RunArtifact[]>, args: Slice): Promise<object> {
  const versions = await parts.store.artifacts.versions((await related).map(({ version }) => version));
  return pageOfAll(versions, args, (version) => artifactNode(parts, version));
}
