/** Artifacts as the API shows them: versions with their names, aliases, makers, users and files. */
import type { ArtifactFileView, ArtifactView, RunArtifactView } from '@sweep/api';
import { NotFound, type RunId } from '@sweep/domain';
import type { ArtifactCollection, ArtifactVersion, Store } from '@sweep/store';
import { valuesIn } from './logged-values.js';
import { isoTime } from './time.js';

/** Of one version. */
const mostFiles = 10_000;

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

/** @throws NotFound, also for a version that was never committed or is deleted */
export async function artifactView(store: Store, id: string): Promise<ArtifactView> {
  const version = await committed(store, id);
  const [base, project, links, aliases, users] = await Promise.all([
    named(store, version),
    store.projects.findById(version.project),
    store.artifacts.links({ collection: version.collection }),
    store.artifacts.aliases({ collection: version.collection }),
    store.artifacts.runsOf(id, 'input'),
  ]);
  const versions = await store.artifacts.versions(links.map((link) => link.version));
  return {
    ...base,
    project: project === null ? '' : `${project.entity}/${project.name}`,
    description: version.description,
    metadata: valuesIn(version.metadata),
    producedBy: version.run,
    usedBy: [...new Set(users.map(({ run }) => run))],
    versions: versions
      .map((one) => ({
        id: one.id,
        version: versionName(one),
        aliases: aliases.filter((alias) => alias.version === one.id).map(({ alias }) => alias),
        createdAt: isoTime(one.createdAt),
        size: one.size,
      }))
      .reverse(),
  };
}

/** @throws NotFound */
export async function artifactFiles(store: Store, id: string): Promise<readonly ArtifactFileView[]> {
  await committed(store, id);
  const files = await store.artifacts.files(id, { start: 0, limit: mostFiles });
  return files.map(({ path, size, reference }) => ({ path, size: size ?? 0, ref: reference }));
}

async function committed(store: Store, id: string): Promise<ArtifactVersion> {
  const [version] = await store.artifacts.versions([id]);
  if (version === undefined) throw new NotFound(`there is no artifact ${id}`);
  return version;
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
  id: version.id,
  collection: collection?.name ?? '',
  type: collection?.type ?? '',
  version: versionName(version),
  aliases,
  size: version.size,
  fileCount: version.fileCount,
  createdAt: isoTime(version.createdAt),
});

const versionName = ({ index }: ArtifactVersion): string => `v${index ?? 0}`;
