/** The words, numbers, texts and signs of a filter's expression. Pure; what may follow what is expression.ts. */

export type Token = { readonly text: string; readonly offset: number } & (
  | { readonly kind: 'word' | 'quoted name' | 'text' | 'sign'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
);

const blank = /\s+/y;
const numberForm = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.:/-])/y;
const wordForm = /[A-Za-z_][\w.:/-]*/y;
const negativeInfinity = /-(?:Infinity|inf)\b/y;
const signForm = /==|!=|<=|>=|!~|[=<>~(),]/y;

/** @throws what `mistake` makes */
export function tokensOf(text: string, mistake: (message: string, offset: number) => Error): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const space = matchAt(blank, text, at);
    if (space !== null) {
      at += space.length;
      continue;
    }
    const token = tokenAt(text, at, mistake);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

function tokenAt(text: string, offset: number, mistake: (message: string, offset: number) => Error): Token {
  const quote = text[offset]!;
  if (quote === '"' || quote === "'" || quote === '`') return quotedAt(text, offset, mistake);
  const number = matchAt(numberForm, text, offset);
  if (number !== null) return { kind: 'number', text: number, offset, value: Number(number) };
  // Stored values that are not finite are these very texts.
  const infinity = matchAt(negativeInfinity, text, offset);
  if (infinity !== null) return { kind: 'text', text: infinity, offset, value: '-Infinity' };
  const word = matchAt(wordForm, text, offset);
  if (word !== null) return { kind: 'word', text: word, offset, value: word };
  const sign = matchAt(signForm, text, offset);
  if (sign !== null) return { kind: 'sign', text: sign, offset, value: sign };
  throw mistake(`"${[...text.slice(offset)][0]!}" does not belong here: put odd names in back quotes and texts in quotes`, offset);
}

/** A backslash takes the next character as it is, but only before a quote or another backslash: regular expressions need theirs. */
function quotedAt(text: string, offset: number, mistake: (message: string, offset: number) => Error): Token {
  const quote = text[offset]!;
  let value = '';
  for (let at = offset + 1; at < text.length; at++) {
    const sign = text[at]!;
    const next = text[at + 1];
    if (sign === quote) {
      const whole = text.slice(offset, at + 1);
      return { kind: quote === '`' ? 'quoted name' : 'text', text: whole, offset, value };
    }
    if (sign === '\\' && (next === quote || next === '\\')) {
      value += next;
      at++;
    } else value += sign;
  }
  throw mistake(`this ${quote} is never closed`, offset);
}

function matchAt(form: RegExp, text: string, offset: number): string | null {
  form.lastIndex = offset;
  return form.exec(text)?.[0] ?? null;
}
