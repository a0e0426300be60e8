/**
 * Constraint text to an expression, by recursive descent. Grammar: user guide, "Constraints".
 *
 * Bounded: by the length of the text and the depth of nesting, so that neither parsing nor evaluation can exhaust the stack.
 */
import type { BinaryOperator, Expression } from './constraint.js';
import { type Token, tokens } from './constraint-tokens.js';

export type ParsedConstraint =
  | { readonly ok: true; readonly expression: Expression }
  /** Offset and length in UTF-16 units of the text. */
  | { readonly ok: false; readonly offset: number; readonly length: number; readonly message: string };

const maxLength = 10_000;
/** Parentheses, calls, `not` and minus signs inside one another. */
const maxNesting = 64;
/** Operators and operands of one constraint; a chain `a + b + …` makes a tree as deep as it is long. */
const maxTokens = 1_000;

/** @param resolve the key of the parameter that a name stands for */
export function parseConstraint(text: string, resolve: (name: string) => string | undefined): ParsedConstraint {
  if (text.length > maxLength) return { ok: false, offset: maxLength, length: 1, message: `longer than ${maxLength} characters` };
  try {
    return { ok: true, expression: new Parser(tokens(text), resolve).whole() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ok: false, offset: error.token.offset, length: error.token.length, message: error.message };
  }
}

class Fault extends Error {
  constructor(
    readonly token: Token,
    message: string,
  ) {
    super(message);
  }
}

const comparisons: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '==', '!=']);
const words: ReadonlySet<string> = new Set(['and', 'or', 'not', 'true', 'false']);
const functions: ReadonlySet<string> = new Set(['min', 'max', 'abs', 'log']);

class Parser {
  private at = 0;
  private nesting = 0;

  constructor(
    private readonly list: readonly Token[],
    private readonly resolve: (name: string) => string | undefined,
  ) {}

  whole(): Expression {
    const tooMany = this.list[maxTokens];
    if (tooMany !== undefined) throw new Fault(tooMany, `more than ${maxTokens} words and signs`);
    const start = this.peek();
    const expression = this.or();
    const rest = this.peek();
    if (rest.kind !== 'end') throw new Fault(rest, afterwards(rest));
    if (!canBeTrue(expression)) throw new Fault(start, 'compares nothing, so it can be neither true nor false');
    return expression;
  }

  private or(): Expression {
    return this.chain('or', () => this.chain('and', () => this.not()));
  }

  /** Operands of `and` and `or` must be able to be true; a lone operand may be anything. */
  private chain(word: 'or' | 'and', operand: () => Expression): Expression {
    const start = this.peek();
    let left = operand();
    if (!this.isWord(word)) return left;
    if (!canBeTrue(left)) throw new Fault(start, `what stands before "${word}" is neither true nor false`);
    while (this.isWord(word)) {
      this.at += 1;
      left = { kind: 'binary', operator: word, left, right: this.condition(operand) };
    }
    return left;
  }

  private condition(parse: () => Expression): Expression {
    const start = this.peek();
    const expression = parse();
    if (!canBeTrue(expression)) throw new Fault(start, 'a comparison is expected here, as in "a < b"');
    return expression;
  }

  private not(): Expression {
    if (!this.isWord('not')) return this.compare();
    this.at += 1;
    return { kind: 'unary', operator: 'not', operand: this.nested(() => this.condition(() => this.not())) };
  }

  private compare(): Expression {
    const left = this.sum();
    const operator = this.takeSymbol(comparisons);
    if (operator === undefined) return left;
    return { kind: 'binary', operator, left, right: this.sum() };
  }

  private sum(): Expression {
    return this.leftToRight(new Set(['+', '-']), () => this.leftToRight(new Set(['*', '/', '%']), () => this.power()));
  }

  private leftToRight(operators: ReadonlySet<string>, operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const operator = this.takeSymbol(operators);
      if (operator === undefined) return left;
      left = { kind: 'binary', operator, left, right: operand() };
    }
  }

  private power(): Expression {
    const base = this.unary();
    if (!this.skip('**')) return base;
    return { kind: 'binary', operator: '**', left: base, right: this.nested(() => this.power()) };
  }

  private unary(): Expression {
    if (!this.skip('-')) return this.atom();
    return { kind: 'unary', operator: '-', operand: this.nested(() => this.unary()) };
  }

  private atom(): Expression {
    const token = this.peek();
    this.at += 1;
    switch (token.kind) {
      case 'number':
        return { kind: 'number', value: Number(token.text) };
      case 'text':
        return { kind: 'text', value: token.text };
      case 'quoted-name':
        return this.parameter(token);
      case 'name':
        return this.named(token);
      default:
        if (token.text !== '(')
          throw new Fault(token, token.kind === 'end' ? 'the constraint ends where a value is expected' : unexpected(token));
        return this.closed(() => this.or());
    }
  }

  private named(token: Token): Expression {
    if (token.text === 'true' || token.text === 'false') return { kind: 'boolean', value: token.text === 'true' };
    if (words.has(token.text)) throw new Fault(token, unexpected(token));
    if (!this.skip('(')) return this.parameter(token);
    if (!functions.has(token.text)) throw new Fault(token, `there is no function "${token.text}"; there are min, max, abs and log`);
    return this.callOf(token);
  }

  private callOf(token: Token): Expression {
    const name = token.text as 'min' | 'max' | 'abs' | 'log';
    const operands: Expression[] = [];
    const expression = this.closed(() => {
      do operands.push(this.or());
      while (this.skip(','));
      return { kind: 'call', function: name, arguments: operands } as const;
    });
    const single = name === 'abs' || name === 'log';
    if (single !== (operands.length === 1)) throw new Fault(token, `"${name}" takes ${single ? 'one value' : 'two values or more'}`);
    return expression;
  }

  /** What stands before a closing parenthesis, and that. */
  private closed(parse: () => Expression): Expression {
    const expression = this.nested(parse);
    const end = this.peek();
    if (!this.skip(')')) throw new Fault(end, end.kind === 'end' ? 'a ")" is missing' : afterwards(end));
    return expression;
  }

  private parameter(token: Token): Expression {
    const key = this.resolve(token.text);
    if (key === undefined) throw new Fault(token, `there is no parameter "${token.text}"`);
    return { kind: 'parameter', key };
  }

  private nested(parse: () => Expression): Expression {
    this.nesting += 1;
    if (this.nesting > maxNesting) throw new Fault(this.peek(), `more than ${maxNesting} levels inside one another`);
    const expression = parse();
    this.nesting -= 1;
    return expression;
  }

  private peek(): Token {
    return this.list[this.at] ?? this.list[this.list.length - 1]!;
  }

  private isWord(word: string): boolean {
    const token = this.peek();
    return token.kind === 'name' && token.text === word;
  }

  private skip(symbol: string): boolean {
    const token = this.peek();
    if (token.kind !== 'symbol' || token.text !== symbol) return false;
    this.at += 1;
    return true;
  }

  private takeSymbol(symbols: ReadonlySet<string>): BinaryOperator | undefined {
    const token = this.peek();
    if (token.kind !== 'symbol' || !symbols.has(token.text)) return undefined;
    this.at += 1;
    return token.text as BinaryOperator;
  }
}

/** Numbers and texts are never true; a parameter may be. */
function canBeTrue(expression: Expression): boolean {
  switch (expression.kind) {
    case 'boolean':
    case 'parameter':
      return true;
    case 'unary':
      return expression.operator === 'not';
    case 'binary':
      return ['or', 'and'].includes(expression.operator) || comparisons.has(expression.operator);
    default:
      return false;
  }
}

function unexpected(token: Token): string {
  return token.kind === 'bad' && /["'`]/.test(token.text) ? `this ${token.text} is never closed` : `"${token.text}" is not expected here`;
}

function afterwards(token: Token): string {
  if (comparisons.has(token.text)) return 'only two values can be compared; join two comparisons by "and"';
  return token.text === '=' ? 'a comparison for equality is written "=="' : unexpected(token);
}
