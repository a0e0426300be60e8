/**
 * Absolute links that upload or fetch one thing without a key, for a while: W&B's clients send none with files.
 *
 * Always built from the public address, never from what a request says its host is. What the paths do is routes.ts.
 */
import { signUrl, verifySignature } from '@sweep/blobs';
import type { BlobHash, ProjectId, RunId } from '@sweep/domain';
import type { Clock } from '@sweep/runtime';

/** A client keeps the link of a file for as long as it runs, and sends the file again when it has changed. */
const uploadForMs = 7 * 86_400_000;
const downloadForMs = 86_400_000;

export interface LinkParts {
  readonly publicUrl: () => string;
  readonly secret: Uint8Array;
  readonly clock: Clock;
}

export class Links {
  constructor(private readonly parts: LinkParts) {}

  upload(run: RunId, path: string): string {
    return this.#signed(`/storage/runs/${encodeURIComponent(run)}/${inUrl(path)}`, uploadForMs);
  }

  /** Of artifacts: the content with this MD5, for the project. */
  uploadContent(project: ProjectId, md5: string): string {
    return this.#signed(`/storage/contents/${encodeURIComponent(project)}/${inUrl(md5)}`, uploadForMs);
  }

  uploadManifest(id: string): string {
    return this.#signed(`/storage/manifests/${encodeURIComponent(id)}`, uploadForMs);
  }

  download(blob: BlobHash, name: string): string {
    return this.#signed(`/storage/blobs/${blob}/${inUrl(name)}/${readable(name)}`, downloadForMs);
  }

  /** Whether the address was signed here and is not too old. */
  admits(url: string): boolean {
    return verifySignature(this.parts.secret, url, this.parts.clock.now()) !== null;
  }

  #signed(path: string, forMs: number): string {
    return `${this.parts.publicUrl()}${signUrl(this.parts.secret, path, this.parts.clock.now() + forMs)}`;
  }
}

/** In letters that no client writes differently: names may hold anything. */
const inUrl = (name: string): string => Buffer.from(name).toString('base64url');
/** Says what it is to people, and to tools that name what they fetch by the end of its address. Never read back. */
const readable = (name: string): string =>
  name
    .split('/')
    .at(-1)!
    .replace(/[^A-Za-z0-9._-]/g, '_') || '_';
export const fromUrl = (text: string): string => Buffer.from(text, 'base64url').toString();
