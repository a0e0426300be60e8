/** What people change about versions and collections: descriptions, tags, aliases, links, types; and deleting. */
import { Invalid, NotFound } from '@sweep/domain';
import type { ArtifactCollection, CollectionChange, RunRecord } from '@sweep/store';
import {
  type AddAliasesInput,
  artifactAlias,
  type CreateArtifactCollectionTagAssignmentsInput,
  collectionName,
  type DeleteAliasesInput,
  type DeleteArtifactCollectionTagAssignmentsInput,
  type DeleteArtifactInput,
  type LinkArtifactInput,
  type MoveArtifactSequenceInput,
  storageId,
  type UnlinkArtifactInput,
  type UpdateArtifactInput,
} from '@sweep/wandb';
import type { WandbContext, WandbParts } from '../parts.js';
import { checkedMetadata, storedTtl } from './creating.js';
import { freeAlias, namedCollection, readableVersion, writableCollection, writableVersion } from './found.js';
import { artifactNode, collectionNode, membershipNode, tagNode } from './nodes.js';

/** Null and absent leave as it is. */
export async function updateArtifact(parts: WandbParts, input: UpdateArtifactInput, context: WandbContext) {
  const version = await writableVersion(parts, input.artifactID, context);
  const { description, ttlDurationSeconds: ttl } = input;
  const metadata = checkedMetadata(input.metadata);
  const changed = await parts.store.artifacts.change(version, ({ tags }) => ({
    ...(description === null || description === undefined ? {} : { description }),
    ...(metadata === null ? {} : { metadata }),
    ...(ttl === null || ttl === undefined ? {} : { ttlSeconds: storedTtl(ttl) }),
    tags: editedTags(tags, input.tagsToAdd, input.tagsToDelete),
  }));
  return { artifact: artifactNode(parts, changed ?? version) };
}

type Tags = readonly { readonly tagName: string }[] | null | undefined;

function editedTags(tags: readonly string[], added: Tags, removed: Tags): readonly string[] {
  const gone = new Set((removed ?? []).map(({ tagName }) => tagName));
  return [...new Set([...tags, ...(added ?? []).map(({ tagName }) => tagName)])].filter((tag) => !gone.has(tag));
}

export async function deleteArtifact(parts: WandbParts, input: DeleteArtifactInput, context: WandbContext) {
  const version = await writableVersion(parts, input.artifactID, context);
  const node = artifactNode(parts, { ...version, state: 'DELETED' });
  await parts.store.artifacts.remove(version, input.deleteAliases ?? false);
  return { artifact: node };
}

/** What the run made itself; a version that it only made again unchanged is another run's. */
export async function deleteOutputs({ store }: WandbParts, { id }: RunRecord): Promise<void> {
  const outputs = await store.artifacts.ofRun(id, 'output');
  for (const version of await store.artifacts.versions(outputs.map((output) => output.version)))
    if (version.run === id) await store.artifacts.remove(version, true);
}

export async function addAliases(parts: WandbParts, { artifactID, aliases }: AddAliasesInput, context: WandbContext) {
  const version = await committed(parts, artifactID, context);
  for (const { alias, ...path } of aliases) {
    const collection = await namedCollection(parts, path, context);
    const moved = await parts.store.artifacts.moveAliases(collection, version.id, [freeAlias(artifactAlias(alias))]);
    if (!moved) throw new NotFound(`the artifact is not in ${collection.name}: link it there first`);
  }
  return { success: true };
}

export async function deleteAliases(parts: WandbParts, { artifactID, aliases }: DeleteAliasesInput, context: WandbContext) {
  const version = await committed(parts, artifactID, context);
  for (const { alias, ...path } of aliases) {
    const collection = await namedCollection(parts, path, context);
    await parts.store.artifacts.removeAliases(collection, version.id, [alias]);
  }
  return { success: true };
}

/** @throws NotFound */
async function committed(parts: WandbParts, id: string, context: WandbContext) {
  const version = await readableVersion(parts, id, context);
  if (version === null || version.state !== 'COMMITTED') throw new NotFound(`there is no artifact with the id ${id.slice(0, 100)}`);
  return version;
}

export async function linkArtifact(parts: WandbParts, input: LinkArtifactInput, context: WandbContext) {
  const version = await linked(parts, input, context);
  const { project, name } = await target(parts, input, context);
  const aliases = (input.aliases ?? []).map(({ alias }) => freeAlias(artifactAlias(alias)));
  const link = await parts.store.artifacts.link({ project, name, version, aliases });
  const collection = link === null ? null : await parts.store.artifacts.collection({ id: link.collection });
  if (link === null || collection === null) throw new Invalid('only an artifact that is committed can be linked: wait until it is logged');
  return { versionIndex: link.index, artifactMembership: membershipNode(parts, { link, collection, version }) };
}

async function linked(parts: WandbParts, { artifactID, clientID }: LinkArtifactInput, context: WandbContext) {
  const byClient = artifactID || !clientID ? null : await parts.store.artifacts.version({ clientId: clientID });
  return await committed(parts, byClient === null ? (artifactID ?? '') : storageId('Artifact', byClient.id), context);
}

async function target(parts: WandbParts, input: LinkArtifactInput, context: WandbContext) {
  if (input.artifactPortfolioID) {
    const thing = await writableCollection(parts, input.artifactPortfolioID, context);
    return { project: thing.project, name: thing.name };
  }
  const { id: project } = await context.scope.writableProject(input.entityName, input.projectName);
  return { project, name: collectionName(input.artifactPortfolioName ?? '') };
}

export async function unlinkArtifact(parts: WandbParts, input: UnlinkArtifactInput, context: WandbContext) {
  const version = await committed(parts, input.artifactID, context);
  const collection = await writableCollection(parts, input.artifactPortfolioID, context);
  if (collection.kind === 'sequence') throw new Invalid(`${collection.name} is where the artifact was logged: delete the version instead`);
  return { artifactID: input.artifactID, success: await parts.store.artifacts.unlink(collection, version.id) };
}

interface CollectionInput {
  readonly id: string;
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
}

export async function updateCollection(parts: WandbParts, { id, name, description }: CollectionInput, context: WandbContext) {
  return await changed(parts, await writableCollection(parts, id, context), () => ({
    ...(name === null || name === undefined ? {} : { name: collectionName(name) }),
    ...(description === null || description === undefined ? {} : { description }),
  }));
}

export async function moveArtifactSequence(parts: WandbParts, input: MoveArtifactSequenceInput, context: WandbContext) {
  const type = collectionName(input.destinationArtifactTypeName);
  return await changed(parts, await writableCollection(parts, input.artifactSequenceID, context), () => ({ type }));
}

async function changed(parts: WandbParts, collection: ArtifactCollection, decide: (now: ArtifactCollection) => CollectionChange) {
  const after = await parts.store.artifacts.changeCollection(collection, decide);
  if (after === null) throw new NotFound(`the artifact ${collection.name} was deleted`);
  return { artifactCollection: collectionNode(parts, after) };
}

export async function deleteCollection(parts: WandbParts, { id }: CollectionInput, context: WandbContext) {
  const collection = await writableCollection(parts, id, context);
  await parts.store.artifacts.removeCollection(collection);
  return { artifactCollection: collectionNode(parts, collection, 'DELETED') };
}

export async function addCollectionTags(parts: WandbParts, input: CreateArtifactCollectionTagAssignmentsInput, context: WandbContext) {
  const collection = await namedCollection(parts, input, context);
  await changed(parts, collection, ({ tags }) => ({ tags: editedTags(tags, input.tags, null) }));
  return { tags: input.tags.map(({ tagName }) => tagNode(tagName)) };
}

export async function deleteCollectionTags(parts: WandbParts, input: DeleteArtifactCollectionTagAssignmentsInput, context: WandbContext) {
  const collection = await namedCollection(parts, input, context);
  await changed(parts, collection, ({ tags }) => ({ tags: editedTags(tags, null, input.tags) }));
  return { success: true };
}
