/**
 * Expressions over parameters: the tree and its evaluation. The parser is constraint-parse. Grammar: user guide, "Constraints".
 */
import { log, pow } from './math/elementary.js';
import { numeric, type ParamValue } from './value.js';

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** `key` is a `Parameter.key`. */
  | { readonly kind: 'parameter'; readonly key: string }
  | { readonly kind: 'unary'; readonly operator: '-' | 'not'; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'call'; readonly function: 'min' | 'max' | 'abs' | 'log'; readonly arguments: readonly Expression[] };

export type BinaryOperator = 'or' | 'and' | '<' | '<=' | '>' | '>=' | '==' | '!=' | '+' | '-' | '*' | '/' | '%' | '**';

/** What a parameter is in this point; undefined when it is inactive. */
export type Lookup = (key: string) => ParamValue | undefined;

/**
 * Whether the constraint allows the point.
 *
 * One that mentions an inactive parameter holds; one without a value (division by zero, a comparison of unlike things) does not.
 */
export function holds(expression: Expression, lookup: Lookup): boolean {
  return mentioned(expression).some((key) => lookup(key) === undefined) || evaluate(expression, lookup) === true;
}

/** The keys of the parameters that occur in it, each once. */
export function mentioned(expression: Expression): readonly string[] {
  const known = mentions.get(expression);
  if (known !== undefined) return known;
  const keys = new Set<string>();
  collect(expression, keys);
  const list = [...keys];
  mentions.set(expression, list);
  return list;
}

/** Expressions are immutable, and `holds` runs for each of thousands of candidates. */
const mentions = new WeakMap<Expression, readonly string[]>();

function collect(expression: Expression, into: Set<string>): void {
  if (expression.kind === 'parameter') into.add(expression.key);
  else if (expression.kind === 'unary') collect(expression.operand, into);
  else if (expression.kind === 'call') for (const argument of expression.arguments) collect(argument, into);
  else if (expression.kind === 'binary') {
    collect(expression.left, into);
    collect(expression.right, into);
  }
}

type Value = number | string | boolean | undefined;

function evaluate(expression: Expression, lookup: Lookup): Value {
  switch (expression.kind) {
    case 'number':
    case 'text':
    case 'boolean':
      return expression.value;
    case 'parameter':
      return scalar(lookup(expression.key));
    case 'unary':
      return unary(expression.operator, evaluate(expression.operand, lookup));
    case 'binary':
      return binary(expression.operator, evaluate(expression.left, lookup), evaluate(expression.right, lookup));
    case 'call':
      return call(
        expression.function,
        expression.arguments.map((argument) => evaluate(argument, lookup)),
      );
  }
}

/** null, lists and dicts have no value in an expression. */
function scalar(value: ParamValue | undefined): Value {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  const number = numeric(value);
  return Number.isNaN(number) ? undefined : number;
}

function unary(operator: '-' | 'not', operand: Value): Value {
  if (operator === 'not') return typeof operand === 'boolean' ? !operand : undefined;
  return typeof operand === 'number' ? -operand : undefined;
}

function binary(operator: BinaryOperator, left: Value, right: Value): Value {
  switch (operator) {
    case 'or':
      return either(left, right, true);
    case 'and':
      return either(left, right, false);
    case '==':
      return typeof left === typeof right && left !== undefined ? left === right : undefined;
    case '!=':
      return typeof left === typeof right && left !== undefined ? left !== right : undefined;
    default:
      return typeof left === 'number' && typeof right === 'number' ? arithmetic(operator, left, right) : undefined;
  }
}

/** `or` is decided by one true operand, `and` by one false one, even if the other has no value. */
function either(left: Value, right: Value, decisive: boolean): Value {
  if (left === decisive || right === decisive) return decisive;
  return typeof left === 'boolean' && typeof right === 'boolean' ? !decisive : undefined;
}

function arithmetic(operator: BinaryOperator, left: number, right: number): Value {
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '+':
      return finite(left + right);
    case '-':
      return finite(left - right);
    case '*':
      return finite(left * right);
    case '/':
      return finite(left / right);
    case '%':
      // The sign of the divisor, as in Python.
      return finite(left - right * Math.floor(left / right));
    default:
      return finite(power(left, right));
  }
}

/** Whole powers are products and roots are roots, so that those which a double can hold are exact. */
function power(base: number, exponent: number): number {
  if (exponent === 0.5) return Math.sqrt(base);
  const whole = Number.isInteger(exponent);
  if (whole && Math.abs(exponent) <= 1100) return exponent < 0 ? 1 / wholePower(base, -exponent) : wholePower(base, exponent);
  return base < 0 && whole ? (exponent % 2 === 0 ? 1 : -1) * pow(-base, exponent) : pow(base, exponent);
}

function wholePower(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2), square *= square) if (rest % 2 === 1) result *= square;
  return result;
}

function call(name: 'min' | 'max' | 'abs' | 'log', operands: readonly Value[]): Value {
  const numbers = operands.filter((operand) => typeof operand === 'number');
  const [first] = numbers;
  if (first === undefined || numbers.length < operands.length) return undefined;
  if (name === 'min') return Math.min(...numbers);
  if (name === 'max') return Math.max(...numbers);
  return finite(name === 'abs' ? Math.abs(first) : log(first));
}

function finite(x: number): Value {
  return Number.isFinite(x) ? x : undefined;
}
