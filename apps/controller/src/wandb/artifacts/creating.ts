/** How a program logs a version: announced, its files and manifest sent by links, committed. Also how runs say that they use one. */
import { Invalid, NotFound } from '@sweep/domain';
import type { ArtifactVersion, Project } from '@sweep/store';
import {
  artifactAlias,
  type CommitArtifactInput,
  type CreateArtifactFilesInput,
  type CreateArtifactInput,
  type CreateArtifactManifestInput,
  collectionName,
  fileName,
  hexOfBase64,
  readRawObject,
  storageId,
  storageKey,
  type UpdateArtifactManifestInput,
  type UseArtifactInput,
} from '@sweep/wandb';
import { connectionOf } from '../connection.js';
import type { WandbContext, WandbParts } from '../parts.js';
import { committedContents } from './contents.js';
import { freeAlias, readableVersion, writableVersion } from './found.js';
import { artifactNode } from './nodes.js';

export async function createArtifact(parts: WandbParts, input: CreateArtifactInput, context: WandbContext) {
  const name = input.artifactCollectionName ?? input.artifactCollectionNames?.[0];
  if (name === undefined || name === null) throw new Invalid('an artifact needs a name: give artifactCollectionName');
  if (input.storageRegion) throw new Invalid(`there is no storage region "${input.storageRegion.slice(0, 80)}" here: name none`);
  const project = await context.scope.writableProject(input.entityName, input.projectName);
  const version = await parts.store.artifacts.create({
    project: project.id,
    collection: collectionName(name),
    type: collectionName(input.artifactTypeName),
    run: await runNamed(parts, project, input.runName, context),
    user: context.caller.user.id,
    aliases: (input.aliases ?? []).map(({ alias }) => freeAlias(artifactAlias(alias))),
    tags: (input.tags ?? []).map(({ tagName }) => tagName),
    ...describedBy(input),
  });
  return { artifact: artifactNode(parts, version) };
}

function describedBy(input: CreateArtifactInput) {
  const { digest, description, metadata, historyStep, clientID, sequenceClientID, distributedID } = input;
  return {
    digest,
    description: description ?? null,
    metadata: checkedMetadata(metadata),
    ttlSeconds: storedTtl(input.ttlDurationSeconds),
    historyStep: historyStep ?? null,
    clientId: clientID || null,
    sequenceClientId: sequenceClientID || null,
    distributedId: distributedID || null,
    deduplicate: input.enableDigestDeduplication ?? false,
  };
}

/** @throws Invalid */
export function checkedMetadata(metadata: string | null | undefined): string | null {
  if (metadata === null || metadata === undefined) return null;
  if (readRawObject(metadata) === undefined) throw new Invalid('the metadata of an artifact is a JSON object');
  return metadata;
}

/** Clients write -1 for "as the collection has it". */
export const storedTtl = (seconds: number | null | undefined): number | null =>
  seconds === null || seconds === undefined || seconds === -1 ? null : seconds;

/** Null where none is named. @throws NotFound, Forbidden */
async function runNamed({ store }: WandbParts, project: Project, name: string | null | undefined, { scope }: WandbContext) {
  if (name === null || name === undefined || name === '') return null;
  const record = await store.runs.recordByHandle(project.id, name);
  if (record === null || record.deletedAt !== null) throw new NotFound(`there is no run ${project.entity}/${project.name}/${name}`);
  await scope.demandWrite(record);
  return record.id;
}

/** @throws Invalid for one that is committed: nothing is added to it. */
function demandPending({ state }: ArtifactVersion): void {
  if (state !== 'PENDING') throw new Invalid('this version of the artifact is committed and stays as it is: log a new version');
}

export async function createArtifactManifest(parts: WandbParts, input: CreateArtifactManifestInput, context: WandbContext) {
  const version = await writableVersion(parts, input.artifactID, context);
  demandPending(version);
  const manifest = await parts.store.artifacts.announceManifest(version, {
    version: version.id,
    name: fileName(input.name),
    kind: input.type ?? 'FULL',
    digest: input.digest,
    base: input.baseArtifactID ?? null,
  });
  return { artifactManifest: manifestNode(parts, manifest) };
}

export async function updateArtifactManifest(parts: WandbParts, input: UpdateArtifactManifestInput, context: WandbContext) {
  const id = storageKey('ArtifactManifest', input.artifactManifestID);
  const known = id === undefined ? null : await parts.store.artifacts.manifest(id);
  if (known === null) throw new NotFound(`there is no manifest with the id ${input.artifactManifestID.slice(0, 100)}`);
  demandPending(await writableVersion(parts, storageId('Artifact', known.version), context));
  const change = { digest: input.digest ?? known.digest, base: input.baseArtifactID ?? known.base };
  await parts.store.artifacts.changeManifest(known.id, change);
  return { artifactManifest: manifestNode(parts, { ...known, ...change }) };
}

function manifestNode(
  { links }: WandbParts,
  { id, name, digest }: { readonly id: string; readonly name: string; readonly digest: string },
) {
  const headers = digest === '' ? [] : [`Content-MD5:${digest}`];
  const file = { id: storageId('File', id), name, displayName: name, directUrl: '', sizeBytes: 0, uploadHeaders: headers };
  return { id: storageId('ArtifactManifest', id), digest, file: { ...file, uploadUrl: () => links.uploadManifest(id) } };
}

/** In the very order of the request: clients take the answers by their places. */
export async function createArtifactFiles(parts: WandbParts, { artifactFiles }: CreateArtifactFilesInput, context: WandbContext) {
  const owners = new Map<string, ArtifactVersion>();
  for (const id of new Set(artifactFiles.map(({ artifactID }) => artifactID))) {
    const thing = await writableVersion(parts, id, context);
    demandPending(thing);
    owners.set(id, thing);
  }
  const files = artifactFiles.map(({ artifactID, name, md5, digest }) => ({
    version: owners.get(artifactID)!,
    path: fileName(name),
    md5: checkedMd5(name, md5 ?? digest),
  }));
  const known = await knownContents(parts, files);
  const nodes = files.map(({ version, path, md5 }) => ({
    ...{
      id: storageId('File', `${version.id}:${path}`),
      name: path,
      displayName: path,
      directUrl: '',
      sizeBytes: 0,
      md5,
      storagePath: path,
    },
    uploadUrl: known.has(`${version.project} ${md5}`) ? null : parts.links.uploadContent(version.project, md5),
    uploadHeaders: [`Content-MD5:${md5}`],
    uploadMultipartUrls: null,
    artifact: () => artifactNode(parts, version),
  }));
  return { files: connectionOf(nodes, 0, nodes.length) };
}

/** @throws Invalid */
function checkedMd5(name: string, md5: string | null | undefined): string {
  if (md5 !== null && md5 !== undefined && hexOfBase64(md5)?.length === 32) return md5;
  throw new Invalid(`the file ${name.slice(0, 200)} needs its MD5 in base64, given was "${String(md5).slice(0, 80)}"`);
}

async function knownContents({ store }: WandbParts, files: readonly { readonly version: ArtifactVersion; readonly md5: string }[]) {
  const known = new Set<string>();
  for (const project of new Set(files.map(({ version }) => version.project))) {
    const wanted = files.filter(({ version }) => version.project === project).map(({ md5 }) => md5);
    for (const { md5 } of await store.artifacts.wantContents(project, wanted)) known.add(`${project} ${md5}`);
  }
  return known;
}

export async function commitArtifact(parts: WandbParts, { artifactID }: CommitArtifactInput, context: WandbContext) {
  const version = await writableVersion(parts, artifactID, context);
  const committed =
    version.state === 'COMMITTED' ? version : await parts.store.artifacts.commit(version, await committedContents(parts, version, context));
  return { artifact: artifactNode(parts, committed) };
}

export async function useArtifact(parts: WandbParts, input: UseArtifactInput, context: WandbContext) {
  const version = await readableVersion(parts, input.artifactID, context);
  if (version === null) throw new NotFound(`there is no artifact with the id ${input.artifactID.slice(0, 100)}`);
  const project = await context.scope.project(input.entityName, input.projectName);
  const run = project === null ? null : await runNamed(parts, project, input.runName, context);
  if (run === null) throw new NotFound(`there is no run ${input.entityName}/${input.projectName}/${input.runName}`);
  const relation = { run, version: version.id, role: 'input' as const, usedAs: input.usedAs ?? null };
  await parts.store.artifacts.relate(relation, project!.id);
  return { artifact: artifactNode(parts, version) };
}
