/**
 * JSON text to values: keeps 16 and 16.0 apart, keeps every digit of an int, and takes the bare words NaN and Infinity.
 *
 * Not a general JSON library: what it gives are parameter values. Writing is json-write's.
 */
import { float, int, type ParamValue } from './value.js';

/** Lists and dicts inside one another; deeper text is refused, since others walk values by recursion. */
export const maxJsonDepth = 200;

/** Digits of one int. Python refuses to read more as well, because the conversion is quadratic. */
const maxIntDigits = 4300;

export class JsonError extends Error {
  override readonly name = 'JsonError';
  constructor(
    message: string,
    /** Position in the text, in UTF-16 units. */
    readonly offset: number,
  ) {
    super(message);
  }
}

/** @throws JsonError when the text is not one JSON value, or an object has the key `__proto__`. */
export function parseJson(text: string): ParamValue {
  return new Reader(text).whole();
}

const numberPattern = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const spacePattern = /[ \t\n\r]*/y;
const words: readonly (readonly [string, ParamValue])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
];

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  whole(): ParamValue {
    const value = this.value(0);
    this.space();
    if (this.at < this.text.length) this.fail('one value ends here, but more text follows');
    return value;
  }

  private value(depth: number): ParamValue {
    this.space();
    const first = this.text[this.at];
    if (first === undefined) this.fail('the text ends where a value is expected');
    if (first === '{' || first === '[') {
      if (depth >= maxJsonDepth) this.fail(`more than ${maxJsonDepth} levels of nesting`);
      return first === '{' ? this.dict(depth + 1) : this.list(depth + 1);
    }
    if (first === '"') return this.string();
    const word = words.find(([name]) => this.text.startsWith(name, this.at));
    if (word === undefined) return this.number();
    this.at += word[0].length;
    return word[1];
  }

  private dict(depth: number): ParamValue {
    const entries: [string, ParamValue][] = [];
    this.at += 1;
    if (this.take('}')) return {};
    do {
      this.space();
      if (this.text[this.at] !== '"') this.fail('expected a key in double quotes');
      const start = this.at;
      const key = this.string();
      if (key === '__proto__') this.fail('the key "__proto__" is not allowed', start);
      if (!this.take(':')) this.fail('expected ":" after a key');
      entries.push([key, this.value(depth)]);
    } while (this.take(','));
    if (!this.take('}')) this.fail('expected "," or "}"');
    return Object.fromEntries(entries);
  }

  private list(depth: number): ParamValue {
    const items: ParamValue[] = [];
    this.at += 1;
    if (this.take(']')) return items;
    do items.push(this.value(depth));
    while (this.take(','));
    if (!this.take(']')) this.fail('expected "," or "]"');
    return items;
  }

  private string(): string {
    const end = this.text.indexOf('"', this.at + 1);
    const plain = end < 0 ? undefined : this.text.slice(this.at + 1, end);
    if (plain !== undefined && !/[\\\u0000-\u001f]/.test(plain)) {
      this.at = end + 1;
      return plain;
    }
    return this.escapedString();
  }

  private escapedString(): string {
    let end = this.at + 1;
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === '\\' ? 2 : 1;
    const quoted = this.text.slice(this.at, end + 1);
    if (end >= this.text.length) this.fail('a text without its closing quote');
    const decoded = decode(quoted);
    if (decoded === undefined) this.fail('a text with a bad escape or a control character');
    this.at = end + 1;
    return decoded;
  }

  private number(): ParamValue {
    numberPattern.lastIndex = this.at;
    const match = numberPattern.exec(this.text);
    if (match === null) this.fail('expected a value');
    const [digits, fraction, exponent] = match;
    const start = this.at;
    this.at += digits.length;
    if (fraction !== undefined || exponent !== undefined) return float(Number(digits));
    if (digits.length > maxIntDigits) this.fail(`an int of more than ${maxIntDigits} digits`, start);
    const value = Number(digits);
    return Number.isSafeInteger(value) ? int(value) : BigInt(digits);
  }

  /** Skips space, and the character if it comes next. */
  private take(character: string): boolean {
    this.space();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private space(): void {
    spacePattern.lastIndex = this.at;
    this.at += spacePattern.exec(this.text)?.[0].length ?? 0;
  }

  private fail(message: string, offset = this.at): never {
    throw new JsonError(`${message} (at position ${offset})`, offset);
  }
}

/** A quoted text without its quotes and escapes; undefined if it is not well formed. */
function decode(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
