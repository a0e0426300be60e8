/**
 * A block of an extension key: its known keys read by type, its unknown ones refused.
 *
 * W&B's own blocks are not read here: their mistakes are warnings with codes of their own.
 */

import { describeNode } from '../describe-node.js';
import { suggestion } from '../did-you-mean.js';
import type { Report } from '../findings.js';
import type { Reader } from '../readers.js';
import type { Entry, MapNode } from '../yaml-dialect/tree.js';

export type Path = readonly (string | number)[];

/** The value of one extension key, or undefined after a finding that says what was expected. */
export function readExtension<T>(entry: Entry, path: Path, reader: Reader<T>, report: Report): T | undefined {
  const read = reader(entry.value);
  if (read.ok) return read.value;
  report.add({
    code: 'E-EXT-VALUE',
    at: read.at ?? entry.value.at,
    path,
    message: `\`${path.join('.')}\` must be ${read.expected}, not ${describeNode(entry.value)}`,
    hint: read.hint,
  });
  return undefined;
}

export class Block {
  private constructor(
    private readonly node: MapNode,
    private readonly path: Path,
    private readonly report: Report,
  ) {}

  /** Undefined, after a finding, when the value is no mapping. */
  static open(entry: Entry, path: Path, known: readonly string[], report: Report): Block | undefined {
    const { value } = entry;
    if (value.kind !== 'map') {
      const message = `\`${path.join('.')}\` must be a mapping with some of ${known.join(', ')}, not ${describeNode(value)}`;
      report.add({ code: 'E-EXT-VALUE', at: value.at, path, message });
      return undefined;
    }
    for (const unknown of value.entries.values()) {
      if (!known.includes(unknown.source)) refuseKey(unknown, path, known, report);
    }
    return new Block(value, path, report);
  }

  read<T>(key: string, reader: Reader<T>): T | undefined {
    const entry = this.entry(key);
    return entry === undefined ? undefined : readExtension(entry, [...this.path, key], reader, this.report);
  }

  entry(key: string): Entry | undefined {
    return this.node.entries.get(key);
  }
}

export function refuseKey(entry: Entry, path: Path, known: readonly string[], report: Report): void {
  const place = path.length === 0 ? 'the file' : `\`${path.join('.')}\``;
  report.add({
    code: 'E-EXT-KEY',
    at: entry.keyAt,
    path: [...path, entry.source],
    message: `${place} has no key \`${entry.source}\``,
    hint: suggestion(entry.source, known),
  });
}
