/** Artifacts as the API shows them: versions with their names, aliases, makers, users and files. */
import type { ArtifactCollectionView, ArtifactFileView, ArtifactView, ListView, RunArtifactView } from '@sweep/api';
import { NotFound, type ProjectId, type RunId } from '@sweep/domain';
import type { ArtifactCollection, ArtifactVersion, Store } from '@sweep/store';
import { grouped } from './grouped.js';
import { valuesIn } from './logged-values.js';
import type { RunReader } from './run-reader.js';
import { isoTime } from './time.js';

/** Of one version, in one answer. */
export const mostFiles = 10_000;

export async function artifactsOfRun(store: Store, run: RunId): Promise<readonly RunArtifactView[]> {
  const [made, used] = await Promise.all([store.artifacts.ofRun(run, 'output'), store.artifacts.ofRun(run, 'input')]);
  const relations = [...made, ...used];
  const versions = await store.artifacts.versions(relations.map(({ version }) => version));
  const shown = await Promise.all(versions.map((version) => named(store, version)));
  const byId = new Map(shown.map((one) => [one.id, one]));
  return relations.flatMap(({ role, version }) => {
    const artifact = byId.get(version);
    return artifact === undefined ? [] : [{ role, ...artifact }];
  });
}

/** What a project has under each name, by name. */
export async function artifactCollections(store: Store, project: ProjectId): Promise<readonly ArtifactCollectionView[]> {
  const collections = await store.artifacts.collections(project, null);
  if (collections.length === 0) return [];
  const ids = collections.map(({ id }) => id);
  const [links, aliases] = await Promise.all([store.artifacts.links({ collection: ids }), store.artifacts.aliases({ collection: ids })]);
  const newest = new Map(links.map((link) => [link.collection, link]));
  const versionsOf = grouped(links, ({ collection }) => collection);
  const aliasesOf = grouped(aliases, ({ collection, version }) => `${collection} ${version}`);
  const versions = new Map(
    (await store.artifacts.versions([...newest.values()].map(({ version }) => version))).map((one) => [one.id, one]),
  );
  const views = collections.map(({ id, name, type, kind, description }): ArtifactCollectionView => {
    const link = newest.get(id);
    const version = link === undefined ? undefined : versions.get(link.version);
    const own = (aliasesOf.get(`${id} ${version?.id}`) ?? []).map(({ alias }) => alias);
    return {
      ...{ id, name, type, kind, description },
      versions: versionsOf.get(id)?.length ?? 0,
      newest: link === undefined || version === undefined ? null : { ...facts(version, own), version: `v${link.index}` },
    };
  });
  return views.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * By id, by what its client called it before it had one, or as ENTITY/PROJECT/NAME:VERSION, with the number of the version or an alias.
 *
 * @throws NotFound, also for a version that was never committed or is deleted
 */
export async function findArtifact(store: Store, reference: string): Promise<ArtifactVersion> {
  const [, entity = '', project = '', name = '', wanted = ''] = /^([^/]+)\/([^/]+)\/(.+):([^:]+)$/.exec(reference) ?? [];
  const id = entity === '' ? reference : await idOf(store, { entity, project, name, wanted });
  const [version] = id === null ? [] : await store.artifacts.versions([id]);
  const found = version ?? (entity === '' ? await store.artifacts.version({ clientId: reference }) : null);
  if (found?.state !== 'COMMITTED') throw new NotFound(`there is no artifact ${reference}`);
  return found;
}

interface Named {
  readonly entity: string;
  readonly project: string;
  readonly name: string;
  /** `v3`, or an alias. */
  readonly wanted: string;
}

async function idOf(store: Store, { entity, project, name, wanted }: Named): Promise<string | null> {
  const home = await store.projects.find(entity, project);
  const collection = home === null ? null : await store.artifacts.collection({ project: home.id, name });
  if (collection === null) return null;
  const index = /^v(\d{1,9})$/.exec(wanted)?.[1];
  const link = await store.artifacts.linkAt(collection.id, index === undefined ? { alias: wanted } : { index: Number(index) });
  return link?.version ?? null;
}

export async function artifactView(store: Store, views: RunReader, version: ArtifactVersion): Promise<ArtifactView> {
  const [base, project, links, aliases, users] = await Promise.all([
    named(store, version),
    store.projects.findById(version.project),
    store.artifacts.links({ collection: version.collection }),
    store.artifacts.aliases({ collection: version.collection }),
    store.artifacts.runsOf(version.id, 'input'),
  ]);
  const versions = await store.artifacts.versions(links.map((link) => link.version));
  const aliasesOf = grouped(aliases, (alias) => alias.version);
  const usedBy = [...new Set(users.map(({ run }) => run))];
  return {
    ...base,
    project: project === null ? '' : `${project.entity}/${project.name}`,
    description: version.description,
    metadata: valuesIn(version.metadata),
    producedBy: version.run,
    usedBy,
    runs: await runNames(views, [...new Set([...(version.run === null ? [] : [version.run]), ...usedBy])]),
    versions: versions
      .map((one) => ({
        id: one.id,
        version: versionName(one),
        aliases: (aliasesOf.get(one.id) ?? []).map(({ alias }) => alias),
        createdAt: isoTime(one.createdAt),
        size: one.size,
      }))
      .reverse(),
  };
}

async function runNames(views: RunReader, ids: readonly RunId[]): Promise<ArtifactView['runs']> {
  if (ids.length === 0) return [];
  const records = await views.records(ids);
  const paths = await views.projectPaths(records.map(({ project }) => project));
  return records.map(({ id, name, project, handle }) => ({ id, name: name ?? '', path: `${paths.get(project) ?? ''}/${handle}` }));
}

/** By path; the first of very many. */
export async function artifactFiles(store: Store, version: ArtifactVersion): Promise<ListView<ArtifactFileView>> {
  const files = await store.artifacts.files(version.id, { start: 0, limit: mostFiles });
  const items = files.map(({ path, size, reference }) => ({ path, size: size ?? 0, ref: reference }));
  return { items, nextCursor: null, total: version.fileCount };
}

async function named(store: Store, version: ArtifactVersion): Promise<Omit<RunArtifactView, 'role'>> {
  const [collection, aliases] = await Promise.all([
    store.artifacts.collection({ id: version.collection } as Parameters<Store['artifacts']['collection']>[0]),
    store.artifacts.aliases({ version: version.id }),
  ]);
  return artifactBase(
    version,
    collection,
    aliases.filter((alias) => alias.collection === version.collection).map(({ alias }) => alias),
  );
}

const artifactBase = (version: ArtifactVersion, collection: ArtifactCollection | null, aliases: string[]) => ({
  ...facts(version, aliases),
  collection: collection?.name ?? '',
  type: collection?.type ?? '',
});

const facts = (version: ArtifactVersion, aliases: string[]) => ({
  id: version.id,
  version: versionName(version),
  aliases,
  size: version.size,
  fileCount: version.fileCount,
  createdAt: isoTime(version.createdAt),
});

const versionName = ({ index }: ArtifactVersion): string => `v${index ?? 0}`;
