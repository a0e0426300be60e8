/** Artifacts by the words of clients, for this caller: what may not be read is not there, what may not be written is refused. */
import { Invalid, NotFound } from '@sweep/domain';
import type { ArtifactCollection, ArtifactLink, ArtifactVersion, Project } from '@sweep/store';
import { parseArtifactName, storageKey, versionOfAlias } from '@sweep/wandb';
import type { WandbContext, WandbParts } from '../parts.js';

/** Null where there is none, where it is deleted, or none for this caller. */
export async function readableVersion({ store }: WandbParts, id: string, { scope }: WandbContext): Promise<ArtifactVersion | null> {
  const key = storageKey('Artifact', id);
  const version = key === undefined ? null : await store.artifacts.version({ id: key });
  return version === null || version.state === 'DELETED' || !scope.mayRead(version.project) ? null : version;
}

/** @throws NotFound, Forbidden */
export async function writableVersion(parts: WandbParts, id: string, context: WandbContext): Promise<ArtifactVersion> {
  const version = await readableVersion(parts, id, context);
  if (version === null) throw new NotFound(`there is no artifact with the id ${id.slice(0, 100)}`);
  await demandProject(parts, version.project, context);
  return version;
}

/** @throws NotFound, Forbidden */
export async function writableCollection(parts: WandbParts, id: string, context: WandbContext): Promise<ArtifactCollection> {
  const key = storageKey('ArtifactCollection', id);
  const collection = key === undefined ? null : await parts.store.artifacts.collection({ id: key });
  if (collection === null) throw new NotFound(`there is no artifact collection with the id ${id.slice(0, 100)}`);
  await demandProject(parts, collection.project, context);
  return collection;
}

interface CollectionPath {
  readonly entityName: string;
  readonly projectName: string;
  readonly artifactCollectionName: string;
}

/** @throws NotFound, Forbidden */
export async function namedCollection(parts: WandbParts, path: CollectionPath, context: WandbContext): Promise<ArtifactCollection> {
  const { entityName, projectName, artifactCollectionName: name } = path;
  const project = await context.scope.project(entityName, projectName);
  const found = project === null ? null : await parts.store.artifacts.collection({ project: project.id, name });
  if (found === null) throw new NotFound(`there is no artifact ${entityName}/${projectName}/${name.slice(0, 128)}`);
  await demandProject(parts, found.project, context);
  return found;
}

/** @throws Forbidden */
async function demandProject({ store }: WandbParts, id: Project['id'], { scope }: WandbContext): Promise<void> {
  const project = (await store.projects.findById(id))!;
  await scope.writableProject(project.entity, project.name);
}

export interface Membership {
  readonly link: ArtifactLink;
  readonly collection: ArtifactCollection;
  readonly version: ArtifactVersion;
}

/** By `name`, `name:alias` or `name:v3`. */
export async function membershipNamed(parts: WandbParts, project: Project, text: string): Promise<Membership | null> {
  const { collection: name, alias } = parseArtifactName(text);
  const collection = await parts.store.artifacts.collection({ project: project.id, name });
  return collection === null ? null : await membershipAt(parts, collection, alias);
}

export async function membershipAt({ store }: WandbParts, collection: ArtifactCollection, alias: string): Promise<Membership | null> {
  const index = versionOfAlias(alias);
  const link = await store.artifacts.linkAt(collection.id, index === undefined ? { alias } : { index });
  const version = link === null ? null : await store.artifacts.version({ id: link.version });
  return link === null || version === null ? null : { link, collection, version };
}

/** Names that only the server gives. @throws Invalid */
export function freeAlias(alias: string): string {
  if (versionOfAlias(alias) !== undefined) throw new Invalid(`"${alias}" cannot be an alias: that is how versions are numbered`);
  return alias;
}
