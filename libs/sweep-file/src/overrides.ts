/**
 * Changes to the text of a sweep file from flags, comments and layout kept.
 *
 * Owns the edit only: whether the edited file is accepted is parseSweepFile's to say.
 */
import { Invalid } from '@sweep/domain';
import { type Document, isMap, isNode, isScalar, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';

export interface Overrides {
  readonly name?: string;
  readonly program?: string;
  readonly project?: string;
  /** Dotted path and the YAML text of its new value. */
  readonly set: readonly (readonly [path: string, yaml: string])[];
}

/** failsafe: plain scalars stay the text they are, so that what is not touched is written as it was read. */
const asText = { schema: 'failsafe', uniqueKeys: false } as const;

/**
 * A text that is no YAML mapping is returned as it is: reading it says what is wrong with it, and where.
 *
 * @throws Invalid naming the path that cannot be set
 */
export function applyOverrides(text: string, overrides: Overrides): string {
  const named = (['name', 'program', 'project'] as const).flatMap((key) => {
    const value = overrides[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  if (named.length === 0 && overrides.set.length === 0) return text;
  const document = parseDocument(text, asText);
  if (document.errors.length > 0 || !isMap(document.contents)) return text;
  for (const [key, value] of named) {
    const node = document.createNode(value);
    // Quoted, so that a name such as 2024-01-01 or 007 stays text.
    if (!/^[A-Za-z_][A-Za-z_./-]*$/.test(value) || /^(?:y|yes|n|no|on|off|true|false|null)$/i.test(value))
      Object.assign(node, { type: 'QUOTE_DOUBLE' });
    replace(document.contents, key, node);
  }
  for (const [path, yaml] of overrides.set) setAt(document, path, yaml);
  return document.toString({ lineWidth: 0 });
}

function setAt(document: Document.Parsed, path: string, yaml: string): void {
  const value = parseDocument(yaml, asText);
  const fault = value.errors[0];
  if (fault !== undefined) throw invalid(path, `the value is not YAML: ${fault.message.split('\n')[0]}`);
  let rest = path.split('.');
  if (rest.some((part) => part === '')) throw invalid(path, 'a path is names with dots between them, such as parameters.lr.max');
  let at: YAMLMap | YAMLSeq = document.contents as unknown as YAMLMap;
  for (;;) {
    const { key, length } = step(at, rest);
    if (length === rest.length) {
      write(document, { at, key, path }, value.contents);
      return;
    }
    at = descend(document, { at, key, path });
    rest = rest.slice(length);
  }
}

interface Position {
  readonly at: YAMLMap | YAMLSeq;
  readonly key: string;
  readonly path: string;
}

/** The longest key that is there: `model.lr` may be one flat name. */
function step(at: YAMLMap | YAMLSeq, rest: readonly string[]): { key: string; length: number } {
  for (let length = rest.length; length > 1; length -= 1) {
    const key = rest.slice(0, length).join('.');
    if (isMap(at) && at.has(key)) return { key, length };
  }
  return { key: rest[0] ?? '', length: 1 };
}

function descend(document: Document.Parsed, { at, key, path }: Position): YAMLMap | YAMLSeq {
  const child: unknown = at.get(indexOf(at, key, path), true);
  if (isMap(child) || isSeq(child)) return child;
  if (child !== undefined && child !== null) throw invalid(path, `\`${key}\` is no mapping or list, so nothing in it can be set`);
  const made = document.createNode({}) as YAMLMap;
  write(document, { at, key, path }, made);
  return made;
}

function write(document: Document.Parsed, { at, key, path }: Position, value: unknown): void {
  if (isMap(at) && !at.has(key)) at.set(document.createNode(key), value);
  else replace(at, indexOf(at, key, path), value);
}

/** The comment behind the old value stays behind the new one. */
function replace(at: YAMLMap | YAMLSeq, key: string | number, value: unknown): void {
  const old: unknown = at.get(key, true);
  if (isScalar(old) && isNode(value) && old.comment) value.comment = old.comment;
  at.set(key, value);
}

function indexOf(at: YAMLMap | YAMLSeq, key: string, path: string): string | number {
  if (isMap(at)) return key;
  if (!/^[0-9]+$/.test(key) || Number(key) > at.items.length) throw invalid(path, `\`${key}\` is no place in a list of ${at.items.length}`);
  return Number(key);
}

function invalid(path: string, message: string): Invalid {
  return new Invalid(`cannot set ${path}: ${message}`, [{ path, message }]);
}
