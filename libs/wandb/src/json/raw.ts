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
export const stringOf = ({ text }: RawScalar): string => (text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1));

/** An object's text from the texts of its members. */
export function writeMembers(members: Iterable<readonly [key: string, text: string]>): string {
  return `{${[...members].map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`;
}

/** The position behind the string that starts with a quote at `start`; -1 when it is not well formed. A loop: lines may hold megabytes. */
export function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code < 0x20) return -1;
    if (code === backslash) {
      escapes.lastIndex = at + 1;
      const escaped = escapes.exec(text);
      if (escaped === null) return -1;
      at += escaped[0].length;
    }
  }
  return -1;
}

const quote = 0x22;
const backslash = 0x5c;
const escapes = /["\\/bfnrt]|u[0-9a-fA-F]{4}/y;
const numbers = /-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|Infinity)|NaN/y;
const words = /true|false|null/y;

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  atEnd(): boolean {
    this.space();
    return this.at === this.text.length;
  }

  value(depth: number): Raw | undefined {
    this.space();
    const first = this.text[this.at];
    if (first === '{' || first === '[') {
      if (depth >= maxRawDepth) return undefined;
      return first === '{' ? this.object(depth + 1) : this.list(depth + 1);
    }
    if (first === '"') return this.string();
    if (first === 't' || first === 'f') return this.scalar('boolean', words);
    return first === 'n' ? this.scalar('null', words) : this.scalar('number', numbers);
  }

  private object(depth: number): RawObject | undefined {
    const start = this.at++;
    const members = new Map<string, Raw>();
    if (!this.mark('}')) {
      do {
        this.space();
        const key = this.string();
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

  private string(): RawScalar | undefined {
    const start = this.at;
    const end = this.text.charCodeAt(start) === quote ? endOfString(this.text, start) : -1;
    if (end < 0) return undefined;
    this.at = end;
    return { kind: 'string', text: this.text.slice(start, end) };
  }

  private scalar(kind: RawScalar['kind'], pattern: RegExp): RawScalar | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.at += found[0].length;
    return { kind, text: found[0] };
  }

  private mark(character: string): boolean {
    this.space();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private space(): void {
    for (let code = this.text.charCodeAt(this.at); isSpace(code); code = this.text.charCodeAt(this.at)) this.at += 1;
  }
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
