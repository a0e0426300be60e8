/** What the words after `npm run bench -- quality` ask for. */
import { parseArgs } from 'node:util';
import type { Measured } from './run/series.js';

/** Tasks that are run alike. */
export interface Part {
  readonly tasks: readonly string[];
  readonly trials: number;
  readonly workers: number;
}

export interface RunWords {
  readonly parts: readonly Part[];
  readonly seeds: { readonly from: number; readonly to: number };
  readonly measured: Measured;
  readonly name: string;
  readonly out: string | undefined;
  readonly threads: number;
}

export interface Words {
  /** Traces to report on; empty = run first. */
  readonly files: readonly string[];
  readonly run: RunWords | undefined;
  readonly at: number;
  readonly perTask: boolean;
  /** Folders, where they are not the usual ones. */
  readonly tables: string | undefined;
  readonly peers: readonly string[] | undefined;
}

export class WrongWords extends Error {
  override readonly name = 'WrongWords';
}

/** What the gates need. Early stopping needs trials beside each other: a trial that is alone is never stopped. */
const release: readonly Part[] = [
  { tasks: ['T'], trials: 100, workers: 1 },
  { tasks: ['T'], trials: 64, workers: 8 },
  { tasks: ['S', 'R', 'M', 'F'], trials: 80, workers: 1 },
  { tasks: ['L'], trials: 60, workers: 4 },
];

export const usage = `npm run bench -- quality [--seeds 0:30] [--threads 2] [--sampler bayes] [--options JSON --name NAME] [--out FILE]
                         everything that the gates need; or only [--tasks T,S,R,M,F,L,NAME [--trials 60] [--workers 1]]
npm run bench -- quality --command "PROGRAM WORD... FILE --seed S" --name NAME ...
npm run bench -- quality report FILE... [--at 60] [--per-task]
Both: [--tables FOLDER] [--peers FOLDER]...`;

/** @throws WrongWords */
export function readWords(words: readonly string[]): Words {
  const { values, positionals } = parsed(words);
  const [verb = 'run', ...files] = positionals;
  if (verb !== 'run' && verb !== 'report') throw new WrongWords(`not a command: ${verb}\n${usage}`);
  if (verb === 'run' && files.length > 0) throw new WrongWords(`\`run\` takes no files; traces are written with --out\n${usage}`);
  return {
    files,
    run: verb === 'run' ? runWords(values) : undefined,
    at: count('at', values.at),
    perTask: values['per-task'],
    tables: values.tables,
    peers: values.peers,
  };
}

const options = {
  tasks: { type: 'string' },
  seeds: { type: 'string', default: '0:30' },
  trials: { type: 'string' },
  workers: { type: 'string' },
  threads: { type: 'string', default: '2' },
  sampler: { type: 'string', default: 'bayes' },
  name: { type: 'string' },
  options: { type: 'string' },
  command: { type: 'string' },
  out: { type: 'string' },
  at: { type: 'string', default: '60' },
  'per-task': { type: 'boolean', default: false },
  tables: { type: 'string' },
  peers: { type: 'string', multiple: true },
} as const;

function parsed(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    throw new WrongWords(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

function runWords(values: ReturnType<typeof parsed>['values']): RunWords {
  if (values.name === undefined && (values.options !== undefined || values.command !== undefined)) {
    throw new WrongWords('--options and --command need a --name, so that their runs are told apart from others');
  }
  return {
    parts: parts(values),
    seeds: seeds(values.seeds),
    threads: count('threads', values.threads),
    measured:
      values.command === undefined
        ? { sampler: values.sampler, options: samplerOptions(values.options ?? '{}') }
        : { command: values.command.split(/\s+/) },
    name: values.name ?? values.sampler,
    out: values.out,
  };
}

function parts({ tasks, trials, workers }: { tasks?: string; trials?: string; workers?: string }): readonly Part[] {
  if (tasks !== undefined) {
    return [{ tasks: tasks.split(','), trials: count('trials', trials ?? '60'), workers: count('workers', workers ?? '1') }];
  }
  if (trials !== undefined || workers !== undefined)
    throw new WrongWords('--trials and --workers need --tasks: without it each block has its own');
  return release;
}

function count(name: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new WrongWords(`--${name} must be a whole number of at least 1, not ${JSON.stringify(text)}`);
  return Number(text);
}

/** `0:30` from 0 up to and without 30; `5` the first five. */
function seeds(text: string): RunWords['seeds'] {
  const [, from, to] = /^(?:(\d+):)?(\d+)$/.exec(text) ?? [];
  if (to === undefined || Number(from ?? 0) >= Number(to)) throw new WrongWords(`--seeds must be like 0:30, not ${JSON.stringify(text)}`);
  return { from: Number(from ?? 0), to: Number(to) };
}

function samplerOptions(text: string): Readonly<Record<string, unknown>> {
  const wrong = (why: string): WrongWords => new WrongWords(`--options must be a JSON object: ${why}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(`it is ${JSON.stringify(value)}`);
  return { ...value };
}
