/** What a version holds at its commit: its manifests read and put together, each entry found among what was uploaded. */
import { Readable } from 'node:stream';
import { type BlobHash, Invalid } from '@sweep/domain';
import type { ArtifactContent, ArtifactManifest, ArtifactVersion } from '@sweep/store';
import { type ManifestEntry, mergeManifests, parseManifest } from '@sweep/wandb';
import { receive } from '../files/received.js';
import type { WandbContext, WandbParts } from '../parts.js';
import { readableVersion } from './found.js';

/** Room for about a million files. */
export const mostManifestBytes = 256 * 1024 * 1024;
/** PostgreSQL takes 65,535 parameters a statement. */
const md5sAtOnce = 10_000;

/** @throws Invalid where a manifest or a file never came */
export async function committedContents(parts: WandbParts, version: ArtifactVersion, context: WandbContext) {
  const { text, blob, md5 } = await wholeManifest(parts, version, context);
  const entries = parseManifest(text);
  const contents = await contentsOf(parts, version, entries);
  const files = entries.map(({ path, digest, size, reference }) => {
    if (reference !== null) return { path, digest, size, reference, blob: null };
    const content = contents.get(digest);
    if (content === undefined) throw new Invalid(`the bytes of ${path} (MD5 ${digest}) were never uploaded: log the artifact again`);
    return { path, digest, size: content.size, reference: null, blob: content.blob };
  });
  return { files, manifestBlob: blob, manifestDigest: md5 };
}

interface Whole {
  readonly text: string;
  readonly blob: BlobHash;
  readonly md5: string;
}

async function wholeManifest(parts: WandbParts, version: ArtifactVersion, context: WandbContext): Promise<Whole> {
  const sent = (await parts.store.artifacts.manifests(version.id)).filter((manifest) => manifest.blob !== null);
  const full = sent.findLast(({ kind }) => kind === 'FULL');
  if (full !== undefined) return { text: await textOf(parts, full.blob!), blob: full.blob!, md5: full.digest };
  if (sent.length === 0) throw new Invalid('the artifact has no manifest yet: upload it before the commit');
  const base = await baseOf(parts, sent, context);
  const texts = await Promise.all(sent.map(({ blob }) => textOf(parts, blob!)));
  const text = mergeManifests(base === null ? texts : [await textOf(parts, base), ...texts]);
  const { blob, md5 } = await receive(parts.blobs, Readable.from([Buffer.from(text)]), { name: 'the manifest', md5: null });
  return { text, blob, md5 };
}

/** What increments add to: the version on which the first of them was made. */
async function baseOf(parts: WandbParts, sent: readonly ArtifactManifest[], context: WandbContext): Promise<BlobHash | null> {
  const id = sent.find(({ base }) => base !== null)?.base ?? null;
  if (id === null) return null;
  const base = await readableVersion(parts, id, context);
  if (base === null || base.manifestBlob === null)
    throw new Invalid('the version that this one adds to was deleted: log the artifact anew');
  return base.manifestBlob;
}

async function textOf({ blobs }: WandbParts, blob: BlobHash): Promise<string> {
  const { stream } = await blobs.open(blob);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function contentsOf({ store }: WandbParts, { project }: ArtifactVersion, entries: readonly ManifestEntry[]) {
  const md5s = [...new Set(entries.filter(({ reference }) => reference === null).map(({ digest }) => digest))];
  const found = new Map<string, ArtifactContent>();
  for (let start = 0; start < md5s.length; start += md5sAtOnce)
    for (const content of await store.artifacts.contents(project, md5s.slice(start, start + md5sAtOnce))) found.set(content.md5, content);
  return found;
}
