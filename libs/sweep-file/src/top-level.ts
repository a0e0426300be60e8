/** The keys of the top level that stand for themselves: texts, `controller`, `run_cap`; and those that nobody knows. */

import { describeNode } from './describe-node.js';
import { editDistance, nearest } from './did-you-mean.js';
import { refuseKey } from './extensions/block.js';
import { extensionKeys, misspeltExtension } from './extensions/extensions.js';
import type { Report } from './findings.js';
import { numberOf } from './numbers.js';
import type { MapNode } from './yaml-dialect/tree.js';

/** W&B's own keys of the top level. */
export const wandbKeys = [
  'method',
  'parameters',
  'metric',
  'metrics',
  'early_terminate',
  'command',
  'program',
  'name',
  'description',
  'project',
  'entity',
  'run_cap',
  'controller',
  'scheduler',
  'job',
  'image_uri',
  'apiVersion',
  'kind',
] as const;

const textKeys = ['name', 'description', 'program', 'project', 'entity', 'job', 'image_uri', 'apiVersion'] as const;

/** Seen in real files and tools, and not in W&B's schema: never taken for a misspelt key of ours. */
const foreignKeys = [
  'imports',
  'settings',
  'launch',
  'queue',
  'resource',
  'docker_image',
  'tune',
  'early_stopping',
  'parameter',
  'args_no_hyphens',
  'count',
  'tags',
];

export function checkKeys(file: MapNode, report: Report): void {
  const known: readonly string[] = [...wandbKeys, ...extensionKeys];
  for (const entry of file.entries.values()) {
    const key = entry.source;
    if (known.includes(key)) continue;
    if (!foreignKeys.includes(key) && misspeltExtension(key, editDistance)) {
      refuseKey(entry, [], extensionKeys, report);
      continue;
    }
    const near = nearest(key, known);
    const message = `unknown key \`${key}\`; it is ignored`;
    report.add({
      code: 'E-UNKNOWN-KEY',
      at: entry.keyAt,
      path: [key],
      message,
      hint: near === undefined ? undefined : `did you mean \`${near}\`?`,
    });
  }
}

export type Texts = Record<(typeof textKeys)[number], string | null>;

export function readTexts(file: MapNode, report: Report): Texts {
  const read = (key: (typeof textKeys)[number]): string | null => {
    const entry = file.entries.get(key);
    if (entry === undefined) return null;
    if (entry.value.kind === 'scalar' && typeof entry.value.value === 'string') return entry.value.value;
    const hint = entry.value.kind === 'scalar' && entry.value.value !== null ? `quote it: "${entry.value.source}"` : undefined;
    const message = `\`${key}\` must be text, not ${describeNode(entry.value)}`;
    report.add({ code: 'E-TYPE', at: entry.value.at, path: [key], message, hint });
    return null;
  };
  const pairs = textKeys.map((key) => [key, read(key)] as const);
  checkKind(file, report);
  checkController(file, report);
  return Object.fromEntries(pairs) as Texts;
}

function checkKind(file: MapNode, report: Report): void {
  const entry = file.entries.get('kind');
  if (entry === undefined || (entry.value.kind === 'scalar' && entry.value.value === 'sweep')) return;
  const message = `\`kind\` must be \`sweep\`, not ${describeNode(entry.value)}`;
  report.add({ code: 'E-TYPE', at: entry.value.at, path: ['kind'], message });
}

function checkController(file: MapNode, report: Report): void {
  const entry = file.entries.get('controller');
  if (entry === undefined) return;
  const type = entry.value.kind === 'map' ? entry.value.entries.get('type') : undefined;
  const word = type?.value.kind === 'scalar' ? type.value.value : undefined;
  if (word === 'local' || word === 'cloud') return;
  const message =
    type === undefined ? '`controller` must be a mapping with `type`' : `\`controller.type\` cannot be ${describeNode(type.value)}`;
  report.add({ code: 'E-TYPE', at: type?.value.at ?? entry.value.at, path: ['controller', 'type'], message, hint: 'one of: local, cloud' });
}

export function readRunCap(file: MapNode, report: Report): number | null {
  const entry = file.entries.get('run_cap');
  if (entry === undefined) return null;
  const read = numberOf(entry.value);
  if (read !== null && !read.fromText && Number.isSafeInteger(read.value) && read.value > 0) return read.value;
  const message = `\`run_cap\` must be a whole number above 0, not ${describeNode(entry.value)}; the sweep has no cap`;
  report.add({ code: 'E-RUNCAP', at: entry.value.at, path: ['run_cap'], message });
  return null;
}
