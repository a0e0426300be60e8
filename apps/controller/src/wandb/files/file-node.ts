/** Files of a run as clients see them. */
import { blobHash } from '@sweep/domain';
import type { RunFile, RunRecord } from '@sweep/store';
import { type FieldArgs, normalFileName, storageId } from '@sweep/wandb';
import { pageOfAll } from '../connection.js';
import type { WandbParts } from '../parts.js';
import { wireTime } from '../times.js';

/** What the program uploaded, and what an agent found in its output folder under other names. */
export async function fileConnection(parts: WandbParts, record: RunRecord, args: FieldArgs['Run.files']) {
  const all = await parts.store.files.list(record.id, null);
  const uploaded = all.filter(({ kind }) => kind === 'client');
  const left = all.filter(({ kind, path }) => kind === 'output' && !uploaded.some((file) => file.path === path));
  const names = (args.names ?? []).flatMap((name) => (name === null ? [] : [normalFileName(name) ?? name]));
  const fits = patternOf(args.pattern);
  const wanted = [...uploaded, ...left].filter(({ path }) => (names.length === 0 || names.includes(path)) && fits(path));
  // Under the name by which it was asked for: `./x` stays so.
  const asked = new Map((args.names ?? []).map((name) => [normalFileName(name ?? '') ?? '', name ?? '']));
  return pageOfAll(wanted, args, (file) => fileNode(parts, file, asked.get(file.path) ?? file.path));
}

export function fileNode({ links }: Pick<WandbParts, 'links'>, file: RunFile, name: string) {
  const download = (): string => links.download(blobHash(file.blob), file.path.split('/').at(-1)!);
  return {
    id: storageId('File', `${file.run}:${file.path}`),
    name,
    displayName: name,
    url: ({ upload }: FieldArgs['File.url']) => (upload === true ? links.upload(file.run, file.path) : download()),
    directUrl: download,
    sizeBytes: file.size,
    mimetype: null,
    updatedAt: wireTime(file.at),
    md5: file.md5,
    digest: file.md5,
    uploadUrl: () => links.upload(file.run, file.path),
    uploadHeaders: [],
  };
}

/** As in SQL's LIKE: `%` for anything, `_` for one character. */
function patternOf(pattern: string | null | undefined): (path: string) => boolean {
  if (pattern === null || pattern === undefined || pattern === '') return () => true;
  const parts = pattern.replace(/%+/g, '%').split('%');
  return (path) => likes(path, parts);
}

/** Piece by piece, each at its earliest place: no pattern is slow. */
function likes(path: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  if (!hasAt(path, first, 0)) return false;
  if (rest.length === 0) return path.length === first.length;
  const last = rest.pop()!;
  let at = first.length;
  for (const part of rest) {
    while (at <= path.length && !hasAt(path, part, at)) at++;
    if (at > path.length) return false;
    at += part.length;
  }
  return path.length - last.length >= at && hasAt(path, last, path.length - last.length);
}

const hasAt = (path: string, part: string, at: number): boolean =>
  at + part.length <= path.length && part.split('').every((letter, i) => letter === '_' || path[at + i] === letter);
