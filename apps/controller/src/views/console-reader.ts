/** A stretch of what a run's program printed: lines that W&B's client sent, or bytes that an agent read from the program's output. */
import type { ConsoleView } from '@sweep/api';
import { NotFound } from '@sweep/domain';
import type { LogKey, RunRecord, Store } from '@sweep/store';
import { consoleLine } from '@sweep/wandb';

export interface ConsoleRequest {
  readonly record: RunRecord;
  readonly attempt: number;
  /** Null: the first that has anything. */
  readonly stream: string | null;
  readonly from: number;
  /** Lines, or bytes. */
  readonly limit: number | null;
  /** Nothing more will be printed. */
  readonly ended: boolean;
}

const client = 'client';
const ofAgents = ['stdout', 'stderr'] as const;
const usual = { lines: 2_000, bytes: 128 * 1024 } as const;
const newline = 10;

export async function readConsole(store: Store, request: ConsoleRequest): Promise<ConsoleView> {
  const { record, attempt } = request;
  const keys = ofAgents.map((stream): LogKey => ({ run: record.id, attempt, stream }));
  const [lines, ...sizes] = await Promise.all([
    store.lines.count({ run: record.id, attempt, stream: 'log' }),
    ...keys.map((key) => store.logs.size(key)),
  ]);
  const present = [...keys.filter((_, i) => sizes[i]! > 0).map(({ stream }) => stream), ...(lines > 0 ? [client] : [])];
  const stream = request.stream ?? present[0] ?? client;
  const which = keys.findIndex((key) => key.stream === stream);
  if (which < 0 && stream !== client) throw new NotFound(`a run has no stream ${stream}: there are ${[...ofAgents, client].join(', ')}`);
  const found = which < 0 ? await clientLines(store, request, lines) : await bytesOf(store, request, keys[which]!, sizes[which]!);
  return { streams: present, stream, ended: request.ended, ...found };
}

type Stretch = Pick<ConsoleView, 'unit' | 'from' | 'next' | 'total' | 'lines'>;

async function clientLines(store: Store, { record, attempt, from, limit }: ConsoleRequest, total: number): Promise<Stretch> {
  const read = await store.lines.read({ run: record.id, attempt, stream: 'log' }, from, limit ?? usual.lines);
  const lines = read.map((text, i) => {
    const { line, level, timestamp } = consoleLine(text);
    return { at: from + i, stream: level === 'error' ? 'stderr' : 'stdout', time: timestamp, text: line };
  });
  return { unit: 'lines', from, next: from + read.length, total, lines };
}

/** From exactly where it was asked for: whoever jumps into the middle finds the rest of a line first. */
async function bytesOf(store: Store, { from, limit, ended }: ConsoleRequest, key: LogKey, total: number): Promise<Stretch> {
  const wanted = limit ?? usual.bytes;
  const read = await store.logs.read(key, from, wanted);
  const whole = ended && from + read.length >= total;
  // What is not finished yet waits for its end, unless it fills the stretch: that line is given in pieces.
  const end = whole ? read.length : read.lastIndexOf(newline) + 1 || (read.length === wanted ? read.length : 0);
  const lines = linesIn(read.subarray(0, end), { at: from, stream: key.stream });
  return { unit: 'bytes', from, next: from + end, total, lines };
}

function linesIn(bytes: Uint8Array, { at, stream }: { readonly at: number; readonly stream: string }): ConsoleView['lines'] {
  const lines: ConsoleView['lines'] = [];
  const decoder = new TextDecoder();
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(newline, start);
    const end = found < 0 ? bytes.length : found;
    lines.push({ at: at + start, stream, time: null, text: decoder.decode(bytes.subarray(start, end)).replace(/\r$/, '') });
    start = end + 1;
  }
  return lines;
}
