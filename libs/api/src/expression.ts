/**
 * The language in which runs and trials are filtered: `lr < 0.01 and state in (failed, killed) and not name ~ "^test"`.
 *
 *     expression  or:  a or b     and:  a and b     not a     (a)
 *     comparison  NAME = VALUE, also == != < <= > >=
 *                 NAME ~ "regular expression", NAME !~ …     found anywhere in a text
 *                 NAME in (VALUE, …), NAME not in (VALUE, …)
 *     NAME        letters, digits and _ . / : -; anything else in `back quotes`
 *     VALUE       a number, true, false, null, "text" or 'text', or a bare word
 *
 * `NAME = null` holds for what has no value. A value of another kind is neither more nor less. Pure; owns the grammar only: which
 * names there are, and what they mean, is for those who evaluate.
 */
import { type Token, tokensOf } from './expression-tokens.js';

export type ExpressionValue = string | number | boolean | null;

export type Expression =
  | { readonly op: 'and' | 'or'; readonly of: readonly Expression[] }
  | { readonly op: 'not'; readonly of: Expression }
  | Comparison;

/** `at`: place of the name in the text, for those who do not know it. */
export type Comparison = { readonly name: string; readonly at: number } & (
  | { readonly op: 'eq' | 'gt' | 'gte' | 'lt' | 'lte'; readonly value: ExpressionValue }
  | { readonly op: 'in'; readonly values: readonly ExpressionValue[] }
  | { readonly op: 'regex'; readonly pattern: string }
);

export type ParsedExpression =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly message: string; readonly offset: number };

/** Parentheses and `not` within each other; a text that goes deeper is an attack. */
const deepest = 50;
const longestText = 10_000;

export function parseExpression(text: string): ParsedExpression {
  try {
    if (text.length > longestText) throw new Mistake(`an expression has at most ${longestText} characters`, longestText);
    const reader = new Reader(
      tokensOf(text, (message, offset) => new Mistake(message, offset)),
      text.length,
    );
    const expression = reader.either(0);
    reader.expectEnd();
    return { ok: true, expression };
  } catch (error) {
    if (error instanceof Mistake) return { ok: false, message: error.message, offset: error.offset };
    throw error;
  }
}

class Mistake extends Error {
  override readonly name = 'Mistake';

  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

const comparisons = { '=': 'eq', '==': 'eq', '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' } as const;

class Reader {
  #next = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly end: number,
  ) {}

  either(depth: number): Expression {
    return this.#chain('or', () => this.#chain('and', () => this.#negation(depth)));
  }

  expectEnd(): void {
    const token = this.tokens[this.#next];
    if (token !== undefined) throw new Mistake(`expected "and" or "or" before ${token.text}`, token.offset);
  }

  #chain(op: 'and' | 'or', part: () => Expression): Expression {
    const parts = [part()];
    while (this.#takes(op)) parts.push(part());
    return parts.length === 1 ? parts[0]! : { op, of: parts };
  }

  #negation(depth: number): Expression {
    if (depth > deepest) throw new Mistake('this is nested too deeply', this.#offset());
    if (this.#takes('not')) return { op: 'not', of: this.#negation(depth + 1) };
    if (!this.#takesSign('(')) return this.#comparison();
    const inner = this.either(depth + 1);
    this.#expectSign(')');
    return inner;
  }

  #comparison(): Expression {
    const name = this.#take('a name, such as lr or summary.loss');
    if (name.kind !== 'word' && name.kind !== 'quoted name') throw new Mistake(`expected a name and not ${name.text}`, name.offset);
    const named = { name: name.value, at: name.offset };
    if (this.#takes('not')) {
      if (!this.#takes('in')) throw new Mistake('expected "in" after "not"', this.#offset());
      return { op: 'not', of: { ...named, op: 'in', values: this.#list() } };
    }
    if (this.#takes('in')) return { ...named, op: 'in', values: this.#list() };
    const sign = this.#take('a comparison: = != < <= > >= ~ !~ or in');
    if (sign.kind !== 'sign') throw new Mistake(`expected a comparison (= != < <= > >= ~ !~ in) before ${sign.text}`, sign.offset);
    if (sign.value === '~') return { ...named, op: 'regex', pattern: this.#pattern() };
    if (sign.value === '!~') return { op: 'not', of: { ...named, op: 'regex', pattern: this.#pattern() } };
    if (sign.value === '!=') return { op: 'not', of: { ...named, op: 'eq', value: this.#value() } };
    const op = comparisons[sign.value as keyof typeof comparisons];
    if (op === undefined) throw new Mistake(`expected a comparison and not ${sign.text}`, sign.offset);
    return { ...named, op, value: this.#value() };
  }

  #list(): readonly ExpressionValue[] {
    this.#expectSign('(');
    const values = [this.#value()];
    while (this.#takesSign(',')) values.push(this.#value());
    this.#expectSign(')');
    return values;
  }

  #pattern(): string {
    const token = this.#take('a regular expression in quotes');
    if (token.kind !== 'text' && token.kind !== 'word') throw new Mistake('expected a regular expression in quotes', token.offset);
    return token.value;
  }

  #value(): ExpressionValue {
    const token = this.#take('a value');
    if (token.kind === 'number') return token.value;
    if (token.kind === 'text') return token.value;
    if (token.kind !== 'word') throw new Mistake(`expected a value and not ${token.text}`, token.offset);
    const word = token.value.toLowerCase();
    return word === 'true' ? true : word === 'false' ? false : word === 'null' ? null : token.value;
  }

  /** A word of the language, in any case of letters. */
  #takes(word: string): boolean {
    const token = this.tokens[this.#next];
    if (token?.kind !== 'word' || token.value.toLowerCase() !== word) return false;
    this.#next++;
    return true;
  }

  #takesSign(sign: string): boolean {
    const token = this.tokens[this.#next];
    if (token?.kind !== 'sign' || token.value !== sign) return false;
    this.#next++;
    return true;
  }

  #expectSign(sign: string): void {
    if (!this.#takesSign(sign)) throw new Mistake(`expected "${sign}"`, this.#offset());
  }

  #take(wanted: string): Token {
    const token = this.tokens[this.#next++];
    if (token === undefined) throw new Mistake(`expected ${wanted}`, this.end);
    return token;
  }

  #offset(): number {
    return this.tokens[this.#next]?.offset ?? this.end;
  }
}
