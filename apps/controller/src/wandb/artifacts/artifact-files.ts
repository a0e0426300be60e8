/** What a version holds, as clients see it: links to its files and to its manifest. */
import type { ArtifactFile, ArtifactVersion } from '@sweep/store';
import { type FieldArgs, normalFileName, storageId } from '@sweep/wandb';
import { connectionOf, pageOfAll, placeOf } from '../connection.js';
import type { WandbParts } from '../parts.js';
import { wireTime } from '../times.js';

type FileArgs = FieldArgs['Artifact.files'];
const usualPage = 50;

/** References too: clients download what is listed. */
export async function artifactFileConnection(parts: WandbParts, version: ArtifactVersion, args: FileArgs) {
  const { artifacts } = parts.store;
  if (args.names !== null && args.names !== undefined && args.names.length > 0) {
    const paths = args.names.map((name) => normalFileName(name) ?? name);
    const found = await artifacts.files(version.id, { start: 0, limit: paths.length }, paths);
    return pageOfAll(found, args, (file) => artifactFileNode(parts, version, file));
  }
  const slice = placeOf(args, usualPage);
  const files = await artifacts.files(version.id, slice);
  return connectionOf(
    files.map((file) => artifactFileNode(parts, version, file)),
    slice.start,
    version.fileCount,
  );
}

/** In the order of the entries that are asked for. */
export async function filesOfEntries(parts: WandbParts, version: ArtifactVersion, args: FieldArgs['Artifact.filesByManifestEntries']) {
  const { start, limit } = placeOf(args, usualPage);
  const entries = args.entries ?? [];
  const wanted = entries.slice(start, start + limit).map(({ name }) => normalFileName(name) ?? name);
  const found = await parts.store.artifacts.files(version.id, { start: 0, limit: wanted.length }, wanted);
  const byPath = new Map(found.map((file) => [file.path, file]));
  const files = wanted.flatMap((path) => byPath.get(path) ?? []);
  return connectionOf(
    files.map((file) => artifactFileNode(parts, version, file)),
    start,
    entries.length,
  );
}

function artifactFileNode({ links }: WandbParts, version: ArtifactVersion, file: ArtifactFile) {
  const { path, digest, size, blob, reference } = file;
  const url = blob === null ? '' : links.download(blob, path.split('/').at(-1)!);
  return {
    id: storageId('File', `${version.id}:${path}`),
    name: path,
    displayName: path,
    url,
    directUrl: url,
    sizeBytes: size ?? 0,
    mimetype: null,
    updatedAt: wireTime(version.createdAt),
    md5: reference === null ? digest : null,
    digest,
    storagePath: path,
  };
}

export function currentManifest({ links }: WandbParts, { id, manifestBlob, manifestDigest }: ArtifactVersion) {
  if (manifestBlob === null) return null;
  const name = 'wandb_manifest.json';
  const url = links.download(manifestBlob, name);
  const file = { id: storageId('File', `${id}:manifest`), name, displayName: name, url, directUrl: url, sizeBytes: 0 };
  return { id: storageId('ArtifactManifest', id), digest: manifestDigest, file };
}
