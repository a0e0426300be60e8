/** Files that programs left, with their run or in a version of an artifact: their addresses, and what is in those that are read here. */
import { queryOptions } from '@tanstack/react-query';
import type { Key } from './changes.js';
import { client } from './client.js';

/** @param id of an artifact also the name that its client gave it */
export interface FileHome {
  readonly of: 'run' | 'artifact';
  readonly id: string;
}

export interface PlacedFile {
  readonly home: FileHome;
  readonly path: string;
}

export const homeOfRun = (id: string): FileHome => ({ of: 'run', id });

const addressOf = ({ home: { of, id }, path }: PlacedFile, options: { readonly show?: boolean }): string =>
  of === 'run' ? client.runFileUrl(id, path, options) : client.artifactFileUrl(id, path, options);

/** As it may be shown: the controller gives it its type, and pages under a policy that lets nothing run. */
export const shownAddress = (home: FileHome, path: string): string => addressOf({ home, path }, { show: true });

export const downloadAddress = (home: FileHome, path: string): string => addressOf({ home, path }, {});

const keyOf = ({ of, id }: FileHome, part: string, path: string): Key => [of, id, part, path];

/** Of a text that is longer the beginning, for nobody reads the rest here. */
const mostText = 2_000_000;

export const textQuery = (home: FileHome, path: string) =>
  queryOptions({
    queryKey: keyOf(home, 'text', path),
    queryFn: async () => beginningOf(readable(await fetch(shownAddress(home, path)), path), mostText),
  });

/** A JSON document that a program wrote, Python's bare NaN and Infinity included. */
export const documentQuery = (home: FileHome, path: string) =>
  queryOptions({ queryKey: keyOf(home, 'document', path), queryFn: async () => documentOf(await fetch(shownAddress(home, path)), path) });

/** A document and those that it goes on from. */
export interface ReadDocuments {
  readonly home: FileHome;
  readonly documents: readonly unknown[];
}

/** The first of the places that has it: what was logged a moment ago may not be everywhere yet. */
export const firstDocumentQuery = (places: readonly PlacedFile[]) =>
  queryOptions({
    queryKey: ['run', places.at(-1)!.home.id, 'first document', ...places.map(({ path }) => path)],
    queryFn: () => firstDocument(places),
  });

async function firstDocument([place, ...others]: readonly PlacedFile[]): Promise<ReadDocuments> {
  const { home, path } = place!;
  const response = await fetch(shownAddress(home, path));
  if (response.status === 404 && others.length > 0) return firstDocument(others);
  const document = await documentOf(response, path);
  const before = home.of === 'artifact' ? earlierIncrements(await filesOf(home.id), path) : [];
  const parts = before.map(async (part) => documentOf(await fetch(shownAddress(home, part)), part));
  return { home, documents: [...(await Promise.all(parts)), document] };
}

const filesOf = async (artifact: string): Promise<readonly string[]> =>
  (await client.artifactFiles(artifact)).items.map(({ path }) => path);

/** A table that is logged by and by is one file each time, `NUMBER-TIME.KEY.table.json`: those that came before, in their order. */
export function earlierIncrements(paths: readonly string[], path: string): readonly string[] {
  const [last, name] = incrementOf(path) ?? [];
  if (last === undefined) return [];
  return paths
    .flatMap((one) => {
      const [number, key] = incrementOf(one) ?? [];
      return number !== undefined && number < last && key === name ? [{ number, path: one }] : [];
    })
    .sort((a, b) => a.number - b.number)
    .map((one) => one.path);
}

function incrementOf(path: string): readonly [number, string] | null {
  const [, number, name] = /^(\d+)-\d+\.(.+\.table\.json)$/.exec(path) ?? [];
  return number === undefined || name === undefined ? null : [Number(number), name];
}

function readable(response: Response, path: string): Response {
  if (!response.ok) throw new Error(`${path} cannot be read: the controller answered ${response.status}`);
  return response;
}

const documentOf = async (response: Response, path: string): Promise<unknown> => documentIn(await readable(response, path).text());

/** What comes after it is not read: a log may be larger than the memory of the page. */
export async function beginningOf({ body }: Response, most: number): Promise<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (reader !== undefined && text.length < most) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += value;
  }
  await reader?.cancel();
  return text.slice(0, most);
}

/** Bare words outside of texts become texts. */
export const documentIn = (text: string): unknown =>
  JSON.parse(text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (found) => (found.startsWith('"') ? found : `"${found}"`)));
