/**
 * JSON text cut into its parts, each kept as the text it was: `1.0` stays `1.0`, and every digit of a long integer stays.
 *
 * Takes NaN, Infinity and -Infinity as numbers, as Python writes them. Owns reading only; nothing here turns a number into a double.
 */

/** Deeper text is refused: others walk values by recursion. */
export const maxRawDepth = 200;

export interface RawScalar {
  readonly kind: 'string' | 'number' | 'boolean' | 'null';
  readonly text: string;
}
export interface RawObject {
  readonly kind: 'object';
  readonly text: string;
  /** In the order of the text; of a key given twice the later value counts. */
  readonly members: ReadonlyMap<string, Raw>;
}
export interface RawList {
  readonly kind: 'list';
  readonly text: string;
  readonly items: readonly Raw[];
}
export type Raw = RawScalar | RawObject | RawList;

/** undefined when the text is not exactly one JSON value. */
export function readRaw(text: string): Raw | undefined {
  const reader = new Reader(text);
  const value = reader.value(0);
  return value !== undefined && reader.atEnd() ? value : undefined;
}

/** The object that the text holds; undefined for anything else. */
export function readRawObject(text: string): RawObject | undefined {
  const value = readRaw(text);
  return value?.kind === 'object' ? value : undefined;
}

/** A string's characters without quotes and escapes. */
export const stringOf = (raw: RawScalar): string => JSON.parse(raw.text) as string;

/** An object's text from the texts of its members. */
export function writeMembers(members: Iterable<readonly [key: string, text: string]>): string {
  return `{${[...members].map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`;
}

const spaces = /[ \t\n\r]*/y;
const strings = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const numbers = /-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|Infinity)|NaN/y;
const words = /true|false|null/y;

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  atEnd(): boolean {
    this.take(spaces);
    return this.at === this.text.length;
  }

  value(depth: number): Raw | undefined {
    this.take(spaces);
    const first = this.text[this.at];
    if (first === '{' || first === '[') {
      if (depth >= maxRawDepth) return undefined;
      return first === '{' ? this.object(depth + 1) : this.list(depth + 1);
    }
    if (first === '"') return this.scalar('string', strings);
    if (first === 't' || first === 'f') return this.scalar('boolean', words);
    return first === 'n' ? this.scalar('null', words) : this.scalar('number', numbers);
  }

  private object(depth: number): RawObject | undefined {
    const start = this.at++;
    const members = new Map<string, Raw>();
    if (!this.mark('}')) {
      do {
        this.take(spaces);
        const key = this.scalar('string', strings);
        const value = key !== undefined && this.mark(':') ? this.value(depth) : undefined;
        if (key === undefined || value === undefined) return undefined;
        members.set(stringOf(key), value);
      } while (this.mark(','));
      if (!this.mark('}')) return undefined;
    }
    return { kind: 'object', text: this.text.slice(start, this.at), members };
  }

  private list(depth: number): RawList | undefined {
    const start = this.at++;
    const items: Raw[] = [];
    if (!this.mark(']')) {
      do {
        const item = this.value(depth);
        if (item === undefined) return undefined;
        items.push(item);
      } while (this.mark(','));
      if (!this.mark(']')) return undefined;
    }
    return { kind: 'list', text: this.text.slice(start, this.at), items };
  }

  private scalar(kind: RawScalar['kind'], pattern: RegExp): RawScalar | undefined {
    const text = this.take(pattern);
    return text === '' ? undefined : { kind, text };
  }

  private mark(character: string): boolean {
    this.take(spaces);
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const taken = pattern.exec(this.text)?.[0] ?? '';
    this.at += taken.length;
    return taken;
  }
}
