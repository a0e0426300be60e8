/**
 * Values as Python prints them: `str()`, `repr()` and `json.dumps()`, so that a program sees the same argument as from W&B's agent.
 *
 * Owns the text of values. Which argument carries which value is macros'.
 */
import { Float, isList, type ParamValue } from '@sweep/optimizer';

export function pythonStr(value: ParamValue): string {
  return typeof value === 'string' ? value : pythonRepr(value);
}

export function pythonRepr(value: ParamValue): string {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return number(value, pythonFloat);
  if (value instanceof Float) return pythonFloat(value.value);
  if (isList(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${quoted(key)}: ${pythonRepr(item)}`)
    .join(', ')}}`;
}

/** `json.dumps(value)`: a space after `:` and `,`, non-ASCII escaped, NaN as a bare word. */
export function pythonJson(value: ParamValue): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return jsonText(value);
  if (typeof value === 'number') return number(value, jsonFloat);
  if (value instanceof Float) return jsonFloat(value.value);
  if (isList(value)) return `[${value.map(pythonJson).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${jsonText(key)}: ${pythonJson(item)}`)
    .join(', ')}}`;
}

/** The shortest digits that read back as the same float, with an exponent below 1e-4 and from 1e16 on. */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  if (value === 0) return '0.0';
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 16) return positional(mantissa, exponent);
  const size = String(Math.abs(exponent)).padStart(2, '0');
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${size}`;
}

function positional(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

/** A plain number that is whole is an int; every other one is a float. */
function number(value: number, asFloat: (value: number) => string): string {
  return Number.isInteger(value) ? BigInt(value).toString() : asFloat(value);
}

function jsonFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return pythonFloat(value);
}

const jsonShort: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function jsonText(text: string): string {
  // By UTF-16 unit: Python writes a character beyond U+FFFF as its surrogate pair too.
  const escaped = text.replace(/["\\]|[^ -~]/g, (unit) => jsonShort[unit] ?? `\\u${hex(unit.charCodeAt(0), 4)}`);
  return `"${escaped}"`;
}

const reprShort: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
/** What Python does not count as printable: others and separators, less the space. */
const escapedInRepr = /[\\\p{C}\p{Z}]/gu;

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(escapedInRepr, escapeCharacter);
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

function escapeCharacter(character: string): string {
  if (character === ' ') return character;
  const short = reprShort[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${hex(code, 2)}`;
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, '0');
}
