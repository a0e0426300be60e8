/** The extension keys of the top level that stand for themselves: limits, retries, resources and the like. */
import type { DisconnectPolicy, Resources, RetryCause, RetryPolicy, SweepSpec } from '@sweep/domain';
import { failureClasses } from '@sweep/domain';
import type { Report } from '../findings.js';
import {
  bigWholeNumber,
  choice,
  duration,
  listOf,
  no,
  positiveNumber,
  type Read,
  size,
  text,
  truth,
  wholeNumber,
  writtenText,
  yes,
} from '../readers.js';
import type { Entry, MapNode, Node } from '../yaml-dialect/tree.js';
import { Block, readExtension } from './block.js';
import { patternText } from './patterns.js';

export const extensionKeys = [
  'constraints',
  'zip',
  'seed',
  'retry',
  'disconnect',
  'timeout',
  'resources',
  'priority',
  'parallel',
  'budget',
  'collect',
  'code',
] as const;

export type Extensions = Pick<
  SweepSpec,
  'seed' | 'retry' | 'disconnect' | 'timeoutMs' | 'resources' | 'priority' | 'parallel' | 'budget' | 'collect' | 'code'
>;

export const retryCauses = ['lost', 'signal', 'oom', 'timeout', 'no-space', 'gpu-error', 'any'] as const;
const defaultLostAfterMs = 60_000;
const defaultBackoffMs = 1_000;
/** EX_TEMPFAIL: a program's own wish for another try. */
const tryAgainExit = 75;

export function readExtensions(file: MapNode, report: Report): Extensions {
  const at = (key: (typeof extensionKeys)[number]): Entry | undefined => file.entries.get(key);
  const read = <T>(key: (typeof extensionKeys)[number], reader: (node: Node) => Read<T>): T | null => {
    const entry = at(key);
    return entry === undefined ? null : (readExtension(entry, [key], reader, report) ?? null);
  };
  return {
    seed: read('seed', bigWholeNumber),
    timeoutMs: read('timeout', duration),
    priority: read('priority', wholeNumber()) ?? 0,
    parallel: read('parallel', wholeNumber(1)),
    retry: readRetry(at('retry'), report),
    disconnect: readDisconnect(at('disconnect'), report),
    resources: readResources(at('resources'), report),
    budget: readBudget(at('budget'), report),
    collect: readCollect(at('collect'), report),
    code: readCode(at('code'), report),
  };
}

function readRetry(entry: Entry | undefined, report: Report): RetryPolicy | null {
  const block = entry && Block.open(entry, ['retry'], ['max', 'on', 'backoff'], report);
  if (block === undefined) return null;
  return {
    max: block.read('max', wholeNumber(0)) ?? failureClasses.lost.retries,
    on: block.read('on', listOf(retryCause)) ?? ['lost', { exit: [tryAgainExit] }],
    backoffMs: block.read('backoff', duration) ?? defaultBackoffMs,
  };
}

const exitCode = (node: Node): Read<number> => {
  const read = wholeNumber(0)(node);
  return read.ok && read.value <= 255 ? read : no('an exit code from 0 to 255');
};

function retryCause(node: Node): Read<RetryCause> {
  if (node.kind === 'map') {
    const exit = node.entries.get('exit');
    if (exit === undefined || node.entries.size !== 1) return no(`\`exit: [codes]\` or one of ${retryCauses.join(', ')}`);
    const codes = listOf(exitCode)(exit.value);
    return codes.ok ? yes({ exit: codes.value }) : codes;
  }
  const word = choice(retryCauses)(node);
  return word.ok ? word : no(`causes out of ${retryCauses.join(', ')} and \`exit: [codes]\``);
}

function readDisconnect(entry: Entry | undefined, report: Report): DisconnectPolicy {
  const block = entry && Block.open(entry, ['disconnect'], ['while_away', 'lost_after'], report);
  return {
    whileAway: block?.read('while_away', choice(['continue', 'stop'])) ?? 'continue',
    lostAfterMs: block?.read('lost_after', duration) ?? defaultLostAfterMs,
  };
}

function readResources(entry: Entry | undefined, report: Report): Resources {
  const block = entry && Block.open(entry, ['resources'], ['gpus', 'gpu_memory', 'cpus', 'memory', 'labels'], report);
  return {
    gpus: block?.read('gpus', wholeNumber(0)) ?? null,
    gpuMemoryBytes: block?.read('gpu_memory', size) ?? null,
    cpus: block?.read('cpus', positiveNumber) ?? null,
    memoryBytes: block?.read('memory', size) ?? null,
    labels: block?.read('labels', labels) ?? {},
  };
}

function labels(node: Node): Read<Readonly<Record<string, string>>> {
  if (node.kind !== 'map') return no('a mapping of label to text');
  const pairs: [string, string][] = [];
  for (const entry of node.entries.values()) {
    const read = writtenText(entry.value);
    if (!read.ok) return { ok: false, expected: 'a mapping of label to text', at: entry.value.at };
    pairs.push([entry.source, read.value]);
  }
  return yes(Object.fromEntries(pairs));
}

function readBudget(entry: Entry | undefined, report: Report): SweepSpec['budget'] {
  const block = entry && Block.open(entry, ['budget'], ['trials', 'time', 'failures'], report);
  return {
    trials: block?.read('trials', wholeNumber(1)) ?? null,
    timeMs: block?.read('time', duration) ?? null,
    failures: block?.read('failures', wholeNumber(1)) ?? null,
  };
}

function readCollect(entry: Entry | undefined, report: Report): SweepSpec['collect'] {
  const block = entry && Block.open(entry, ['collect'], ['stdout', 'tensorboard'], report);
  return { stdout: block?.read('stdout', listOf(patternText)) ?? [], tensorboard: block?.read('tensorboard', relativeFolder) ?? null };
}

function relativeFolder(node: Node): Read<string> {
  const read = text(node);
  const leaves = read.ok && (/^([/\\]|[A-Za-z]:)/.test(read.value) || read.value.split(/[/\\]/).includes('..'));
  return read.ok && !leaves ? read : no('a folder below the work folder');
}

function readCode(entry: Entry | undefined, report: Report): SweepSpec['code'] {
  const block = entry && Block.open(entry, ['code'], ['ship', 'include', 'exclude'], report);
  if (block === undefined) return null;
  const ship = block.read('ship', truth) ?? true;
  const include = block.read('include', listOf(text)) ?? [];
  const exclude = block.read('exclude', listOf(text)) ?? [];
  return ship ? { include, exclude } : null;
}

/**
 * Whether an unknown top-level key is a misspelt extension key, which is refused, rather than any other unknown key.
 *
 * Refused because a sweep whose `constraints` are silently ignored wastes days; two edits away, or one from a word of at most four letters.
 */
export function misspeltExtension(key: string, distance: (from: string, to: string) => number): boolean {
  return extensionKeys.some((known) => {
    const furthest = known.length <= 4 ? 1 : 2;
    return Math.abs(key.length - known.length) <= furthest && distance(key, known) <= furthest;
  });
}
