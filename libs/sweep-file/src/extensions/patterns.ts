/**
 * The patterns of `collect.stdout`: they must compile in the linear-time engine and name at least one metric.
 *
 * Owns the check only: matching lines is the agent's, with the same engine.
 */
import { RE2JS } from 're2js';
import { no, type Read, text } from '../readers.js';
import type { Node } from '../yaml-dialect/tree.js';

const longestPattern = 2_000;

export function patternText(node: Node): Read<string> {
  const read = text(node);
  if (!read.ok || read.value.length > longestPattern) return no(`a regular expression of at most ${longestPattern} characters`);
  const fault = patternFault(read.value);
  return fault === null ? read : { ok: false, expected: 'a regular expression with named groups', hint: fault };
}

function patternFault(pattern: string): string | null {
  try {
    const names = Object.keys(RE2JS.compile(pattern).namedGroups()).filter((name) => name !== 'step');
    return names.length > 0 ? null : 'name the metric by a group: `loss=(?<loss>[0-9.]+)`; a group `step` alone is no metric';
  } catch (error) {
    // Whatever the engine throws on a pattern is about that pattern: look-around and back-references are not in its language.
    return error instanceof Error ? error.message : 'it does not compile';
  }
}
