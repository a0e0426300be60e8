/** The text of a constraint as tokens with their places. */

export interface Token {
  readonly kind: 'number' | 'text' | 'name' | 'quoted-name' | 'symbol' | 'end' | 'bad';
  /** The symbol or name itself; a text without its quotes and escapes. */
  readonly text: string;
  readonly offset: number;
  readonly length: number;
}

const patterns: readonly (readonly [Token['kind'], RegExp])[] = [
  ['number', /(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![A-Za-z0-9_.])/y],
  ['name', /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*/y],
  ['quoted-name', /`[^`]+`/y],
  ['text', /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y],
  ['symbol', /\*\*|<=|>=|==|!=|[-+*/%<>(),]/y],
];

const space = /\s*/y;

/** Always ends with a token of kind `end`, or with the first `bad` one. */
export function tokens(text: string): readonly Token[] {
  const list: Token[] = [];
  let offset = 0;
  for (;;) {
    space.lastIndex = offset;
    offset += space.exec(text)?.[0].length ?? 0;
    const token = next(text, offset);
    list.push(token);
    if (token.kind === 'end' || token.kind === 'bad') return list;
    offset += token.length;
  }
}

function next(text: string, offset: number): Token {
  if (offset >= text.length) return { kind: 'end', text: '', offset, length: 0 };
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = offset;
    const match = pattern.exec(text)?.[0];
    if (match !== undefined) return { kind, text: meaning(kind, match), offset, length: match.length };
  }
  return { kind: 'bad', text: String.fromCodePoint(text.codePointAt(offset) ?? 0), offset, length: 1 };
}

function meaning(kind: Token['kind'], match: string): string {
  if (kind === 'quoted-name') return match.slice(1, -1);
  return kind === 'text' ? match.slice(1, -1).replace(/\\(.)/g, '$1') : match;
}
