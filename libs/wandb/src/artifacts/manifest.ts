/**
 * The manifest of an artifact: which files it holds, by path.
 *
 * Owns reading, checking and merging. Format: W&B's `wandb-storage-policy-v1`, version 1.
 */
import { Invalid } from '@sweep/domain';
import { type Raw, type RawObject, readRawObject, stringOf } from '../json/raw.js';
import { normalFileName } from '../naming/file-name.js';

export interface ManifestEntry {
  readonly path: string;
  /** Base64 MD5 of a file; whatever identifies a reference. */
  readonly digest: string;
  /** Bytes; null where a reference does not say. */
  readonly size: number | null;
  /** `s3://…`, `https://…`, `wandb-artifact://…`: nothing of it is stored here. */
  readonly reference: string | null;
}

/** By path, in order of code points. @throws Invalid, saying which entry is wrong. */
export function parseManifest(text: string): readonly ManifestEntry[] {
  const document = readRawObject(text);
  const contents = document?.members.get('contents');
  if (document === undefined || contents?.kind !== 'object') throw new Invalid('a manifest is a JSON object with "contents"');
  const version = document.members.get('version');
  if (version !== undefined && version.text !== '1') throw new Invalid(`the manifest has version ${version.text}; only version 1 is known`);
  const entries = [...contents.members].map(([path, entry]) => readEntry(path, entry)).sort((a, b) => byCodePoint(a.path, b.path));
  const twice = entries.find(({ path }, i) => i > 0 && entries[i - 1]?.path === path);
  if (twice !== undefined) throw new Invalid(`the manifest holds "${twice.path}" twice`);
  return entries;
}

/**
 * One manifest of several: later ones add entries and replace those of the same path.
 *
 * @throws Invalid for a text that is no manifest
 */
export function mergeManifests(texts: readonly string[]): string {
  const documents = texts.map((text) => {
    parseManifest(text);
    return JSON.parse(text) as { readonly contents: object };
  });
  const contents = Object.fromEntries(documents.flatMap((document) => Object.entries(document.contents)));
  return JSON.stringify({ ...documents[0], contents });
}

function readEntry(given: string, entry: Raw): ManifestEntry {
  const path = normalFileName(given);
  if (path === undefined) throw new Invalid(`the manifest names "${given.slice(0, 200)}", which is no relative path without ".."`);
  const digest = entry.kind === 'object' ? textAt(entry, 'digest') : null;
  if (entry.kind !== 'object' || digest === null) throw new Invalid(`the manifest's entry "${path}" has no digest`);
  const size = entry.members.get('size');
  const bytes = size === undefined || size.kind === 'null' ? null : Number(size.text);
  if (bytes !== null && (!Number.isSafeInteger(bytes) || bytes < 0))
    throw new Invalid(`the manifest gives "${path}" the size ${size?.text}`);
  return { path, digest, size: bytes, reference: textAt(entry, 'ref') };
}

function textAt(entry: RawObject, name: string): string | null {
  const value = entry.members.get(name);
  return value?.kind === 'string' ? stringOf(value) : null;
}

/** As Python sorts: by code points, where JavaScript would compare halves of surrogate pairs. */
function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
