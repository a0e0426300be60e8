/** Numbers of the file: which scalars are numbers, and which text is read as one. */
import { Float } from '@sweep/optimizer';
import type { Node, ScalarNode } from './yaml-dialect/tree.js';

export interface FileNumber {
  readonly value: number;
  /** Written as an int: `16`, not `16.0`. */
  readonly int: boolean;
  /** Plain text that YAML 1.1 does not take for a number, such as `1e-5`. */
  readonly fromText: boolean;
}

const numberText = /^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?$/;

/** The scalar as a number; booleans and quoted text are none. */
export function numberOf(node: Node): FileNumber | null {
  if (node.kind !== 'scalar') return null;
  const { value } = node;
  if (value instanceof Float) return { value: value.value, int: false, fromText: false };
  if (typeof value === 'bigint') return { value: Number(value), int: true, fromText: false };
  if (typeof value === 'number') return { value, int: Number.isInteger(value), fromText: false };
  return node.plain && typeof value === 'string' && numberText.test(value) ? { value: Number(value), int: false, fromText: true } : null;
}

/** How to write `1e-5` so that YAML 1.1 takes it for a number: `1.0e-5`. */
export function asYamlNumber(node: ScalarNode): string {
  const [, sign = '', whole = '', fraction = '', exponent] = /^([-+]?)([0-9]*)\.?([0-9]*)(?:[eE](.*))?$/.exec(node.source) ?? [];
  const mantissa = `${sign}${whole || '0'}.${fraction || '0'}`;
  if (exponent === undefined) return mantissa;
  return `${mantissa}e${/^[-+]/.test(exponent) ? '' : '+'}${exponent}`;
}
