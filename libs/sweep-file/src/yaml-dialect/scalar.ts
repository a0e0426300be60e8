/**
 * What an untagged plain scalar means: the resolution of PyYAML's safe loader (YAML 1.1), by its own regular expressions.
 *
 * Owns plain text -> value and tagged text -> value. Quoted scalars, collections and aliases are convert's.
 * Source: `yaml/resolver.py` and `yaml/constructor.py` of PyYAML 6.0.
 */
import { float, type ParamValue } from '@sweep/optimizer';

export type Resolved =
  | { readonly kind: 'value'; readonly value: ParamValue }
  | { readonly kind: 'date' }
  | { readonly kind: 'merge' }
  /** The loader itself would fail on it. */
  | { readonly kind: 'broken'; readonly message: string };

const truths = new Map<string, boolean>([
  ...['yes', 'true', 'on'].flatMap(spellings).map((word): [string, boolean] => [word, true]),
  ...['no', 'false', 'off'].flatMap(spellings).map((word): [string, boolean] => [word, false]),
]);
const intForm = /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const floatForm =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const dateForm =
  /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$/;
const nullWords = new Set(['', '~', 'null', 'Null', 'NULL']);
/** What `float()` of Python takes, less the spellings that no file uses. */
const pythonFloatForm = /^[-+]?(?:[0-9]+(?:_[0-9]+)*\.?(?:[0-9]+(?:_[0-9]+)*)?|\.[0-9]+(?:_[0-9]+)*)(?:[eE][-+]?[0-9]+)?$/;

export function resolvePlain(text: string): Resolved {
  if (nullWords.has(text)) return value(null);
  const truth = truths.get(text);
  if (truth !== undefined) return value(truth);
  if (text === '<<') return { kind: 'merge' };
  if (text === '=') return { kind: 'broken', message: 'a bare = is a reserved word of YAML 1.1; quote it' };
  if (floatForm.test(text)) return resolveFloat(text);
  if (intForm.test(text)) return resolveInt(text);
  if (dateForm.test(text)) return { kind: 'date' };
  return value(text);
}

/** @param tag the short name of a standard tag, such as `float` for `!!float` */
export function resolveTagged(tag: string, text: string): Resolved {
  switch (tag) {
    case 'str':
      return value(text);
    case 'null':
      return value(null);
    case 'bool': {
      const truth = truths.get(text.toLowerCase());
      return truth === undefined ? broken(text, tag) : value(truth);
    }
    case 'int':
      return resolveInt(text);
    case 'float':
      return resolveFloat(text);
    case 'timestamp':
      return dateForm.test(text) ? { kind: 'date' } : broken(text, tag);
    default:
      return { kind: 'broken', message: `the tag !!${tag} has no value that a sweep can carry` };
  }
}

function resolveInt(text: string): Resolved {
  const { negative, digits } = unsigned(text);
  const size = magnitude(digits);
  if (size === null) return broken(text, 'int');
  const signed = negative ? -size : size;
  return value(BigInt(Number.MIN_SAFE_INTEGER) <= signed && signed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(signed) : signed);
}

function magnitude(digits: string): bigint | null {
  if (/^0b[01]+$/.test(digits) || /^0x[0-9a-f]+$/i.test(digits)) return BigInt(digits);
  if (/^0[0-7]*$/.test(digits)) return BigInt(`0o${digits}`);
  if (/^[1-9][0-9]*$/.test(digits)) return BigInt(digits);
  if (/^[0-9]+(?::[0-9]+)+$/.test(digits)) return digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
  return null;
}

function resolveFloat(text: string): Resolved {
  const { negative, digits } = unsigned(text);
  const size = floatSize(digits.toLowerCase());
  return size === null ? broken(text, 'float') : value(float(negative ? -size : size));
}

function floatSize(digits: string): number | null {
  if (digits === '.inf' || digits === 'inf') return Number.POSITIVE_INFINITY;
  if (digits === '.nan' || digits === 'nan') return Number.NaN;
  if (digits.includes(':')) {
    const parts = digits.split(':');
    return parts.every((part) => pythonFloatForm.test(part)) ? parts.reduce((sum, part) => sum * 60 + Number(part), 0) : null;
  }
  return pythonFloatForm.test(digits) ? Number(digits) : null;
}

function unsigned(text: string): { negative: boolean; digits: string } {
  const plain = text.replaceAll('_', '');
  return { negative: plain.startsWith('-'), digits: /^[-+]/.test(plain) ? plain.slice(1) : plain };
}

function spellings(word: string): string[] {
  return [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)];
}

function value(resolved: ParamValue): Resolved {
  return { kind: 'value', value: resolved };
}

function broken(text: string, tag: string): Resolved {
  return { kind: 'broken', message: `${JSON.stringify(text)} is not a value of the tag !!${tag}` };
}
