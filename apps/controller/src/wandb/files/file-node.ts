/** Files of a run as clients see them. */
import { blobHash } from '@sweep/domain';
import type { RunFile, RunRecord } from '@sweep/store';
import { type FieldArgs, normalFileName, storageId } from '@sweep/wandb';
import { pageOfAll } from '../connection.js';
import type { WandbContext, WandbParts } from '../parts.js';
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
  return pageOfAll(wanted, args, (file) => fileNode(parts, { record, file, name: asked.get(file.path) ?? file.path }));
}

interface Shown {
  readonly record: RunRecord;
  readonly file: RunFile;
  readonly name: string;
}

function fileNode({ links }: WandbParts, { record, file, name }: Shown) {
  const download = (): string => links.download(blobHash(file.blob), file.path.split('/').at(-1)!);
  /** The link is the permission: who may only read gets none. */
  const upload = async (_args: unknown, { scope }: WandbContext): Promise<string> => {
    await scope.demandWrite(record);
    return links.upload(file.run, file.path);
  };
  return {
    id: storageId('File', `${file.run}:${file.path}`),
    name,
    displayName: name,
    url: (args: FieldArgs['File.url'], context: WandbContext) => (args.upload === true ? upload(args, context) : download()),
    directUrl: download,
    sizeBytes: file.size,
    mimetype: null,
    updatedAt: wireTime(file.at),
    md5: file.md5,
    digest: file.md5,
    uploadUrl: upload,
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
