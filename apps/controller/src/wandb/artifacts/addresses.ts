/**
 * The addresses of artifacts beside GraphQL: uploads by signed links, and the fixed paths by which clients fetch a file that has no link.
 *
 * Layouts of the fixed paths: `wandb_storage_policy.py` of the client; the segments before the birth artifact vary with its release.
 */
import type { Readable } from 'node:stream';
import { blobHash, Invalid, NotFound, type ProjectId } from '@sweep/domain';
import type { ArtifactContent } from '@sweep/store';
import { base64OfHex, storageKey } from '@sweep/wandb';
import { receive } from '../files/received.js';
import type { WandbContext, WandbParts } from '../parts.js';
import { mostManifestBytes } from './contents.js';
import { readableVersion } from './found.js';

/** @throws Invalid where the bytes are not those that the link is for */
export async function takeContent({ store, blobs, clock }: WandbParts, project: ProjectId, md5: string, content: Readable): Promise<void> {
  const received = await receive(blobs, content, { name: 'this file', md5 });
  await store.artifacts.addContent({ project, ...received, wantedAt: clock.now() });
}

/** @throws NotFound, Invalid */
export async function takeManifest({ store, blobs }: WandbParts, id: string, content: Readable): Promise<void> {
  const manifest = await store.artifacts.manifest(id);
  const version = manifest === null ? null : await store.artifacts.version({ id: manifest.version });
  if (manifest === null || version === null) throw new NotFound('there is no such manifest');
  if (version.state !== 'PENDING') throw new Invalid('this version of the artifact is committed: its manifest stays as it is');
  const { blob } = await receive(blobs, content, { name: manifest.name, md5: manifest.digest || null, maxBytes: mostManifestBytes });
  await store.artifacts.changeManifest(id, { blob });
}

const isMd5 = (text: string | undefined): boolean => text !== undefined && /^[0-9a-f]{32}$/.test(text);

/** `…/{birth artifact}/{md5}[/{name}]` @throws NotFound */
export async function contentAtPath(
  parts: WandbParts,
  path: string,
  context: WandbContext,
): Promise<ArtifactContent & { readonly name: string }> {
  const segments = path.split('/');
  const at = segments.findIndex((segment, i) => isMd5(segments[i + 1]) && storageKey('Artifact', segment) !== undefined);
  const version = at < 0 ? null : await readableVersion(parts, segments[at]!, context);
  const md5 = at < 0 ? undefined : base64OfHex(segments[at + 1]!);
  const [content] = version === null || md5 === undefined ? [] : await parts.store.artifacts.contents(version.project, [md5]);
  if (content === undefined) throw new NotFound(`there is no file of an artifact at ${path.slice(0, 300)}`);
  return { ...content, blob: blobHash(content.blob), name: segments.at(-1)! };
}

/** Of any project of the entity that the caller may read. @throws NotFound */
export async function contentOfEntity(
  { store }: WandbParts,
  { entity, md5: hex }: { readonly entity: string; readonly md5: string },
  { scope }: WandbContext,
): Promise<ArtifactContent> {
  const md5 = isMd5(hex) ? base64OfHex(hex) : undefined;
  const projects = md5 === undefined ? [] : await store.projects.ofEntity(entity);
  for (const { id } of projects.filter((project) => scope.mayRead(project.id))) {
    const [content] = await store.artifacts.contents(id, [md5!]);
    if (content !== undefined) return content;
  }
  throw new NotFound(`there is no file ${hex.slice(0, 80)} of an artifact of ${entity.slice(0, 128)}`);
}
