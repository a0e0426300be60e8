/**
 * Points from what an unmodified program prints: regular expressions with named groups, matched line by line.
 *
 * A group's name is the metric's name; a group `step` is the step. The engine takes linear time, so that no pattern and no line can
 * hang the agent.
 */
import { RE2JS } from 're2js';
import { fileStart, type LinePosition, readLines } from './lines.js';
import { type Point, readNumber } from './points.js';
import type { Source, SourceRead } from './source.js';

interface PatternPosition extends LinePosition {
  /** Matches so far, for each pattern: the step of a match that names none. */
  readonly counts: readonly number[];
}

interface Pattern {
  readonly compiled: RE2JS;
  readonly names: readonly string[];
}

/** Longer lines are no progress reports. */
const options = { maxLineBytes: 64 * 1024, carriageReturns: true };

export interface StdoutPatternsOptions {
  readonly path: string;
  /** Checked when the sweep was created. */
  readonly patterns: readonly string[];
  readonly now: () => number;
}

export function stdoutPatterns({ path, patterns, now }: StdoutPatternsOptions): Source {
  const compiled = patterns.map(compile);
  return {
    name: 'stdout',
    async read(stored, last): Promise<SourceRead> {
      const from = (stored as PatternPosition | undefined) ?? { ...fileStart, counts: compiled.map(() => 0) };
      const { lines, position, more } = await readLines(path, from, options, last);
      const counts = [...from.counts];
      const time = now();
      const points = lines.flatMap((line) => compiled.flatMap((pattern, index) => match(pattern, line, { counts, index, time })));
      return { points, position: { ...position, counts } satisfies PatternPosition, more };
    },
  };
}

function compile(text: string): Pattern {
  const compiled = RE2JS.compile(text);
  return { compiled, names: Object.keys(compiled.namedGroups()) };
}

function match(pattern: Pattern, line: string, at: { counts: number[]; index: number; time: number }): Point[] {
  const matcher = pattern.compiled.matcher(line);
  if (!matcher.find()) return [];
  const value = (name: string): number | null => readNumber(matcher.group(name) ?? '');
  const count = at.counts[at.index] ?? 0;
  at.counts[at.index] = count + 1;
  const named = pattern.names.includes('step') ? value('step') : null;
  const step = named !== null && Number.isFinite(named) ? named : count;
  return pattern.names.flatMap((name) => {
    const found = name === 'step' ? null : value(name);
    return found === null ? [] : [{ name, step, value: found, time: at.time }];
  });
}
