/**
 * The body of a file_stream request: lines of history, system metrics, summary and console, and how the run stands.
 *
 * Tolerant: any 4xx ends the client's upload for good, so that what cannot be understood is left out and named. Owns the reading only;
 * that line `i` replaces whatever stood at `offset + i` is the store's.
 */
import { Invalid } from '@sweep/domain';

export interface StreamedLines {
  /** Line number of the first, counted over the run's whole life. */
  readonly offset: number;
  /** Each without line breaks. */
  readonly lines: readonly string[];
}

export interface FileStreamRequest {
  readonly history: StreamedLines | null;
  readonly events: StreamedLines | null;
  readonly output: StreamedLines | null;
  /** The whole summary, JSON as sent. */
  readonly summary: string | null;
  readonly preempting: boolean;
  /** The run is over. Old clients send the key with `false` all along. */
  readonly complete: boolean;
  /** With `complete` only; null where the client did not say. */
  readonly exitCode: number | null;
  /** What was left out, in words. */
  readonly ignored: readonly string[];
}

const names = {
  history: 'wandb-history.jsonl',
  events: 'wandb-events.jsonl',
  output: 'output.log',
  summary: 'wandb-summary.json',
} as const;

/** @throws Invalid when the body is no JSON object. */
export function readFileStream(body: unknown): FileStreamRequest {
  if (!isObject(body)) throw new Invalid('a file_stream request is a JSON object');
  const ignored: string[] = [];
  const files = isObject(body['files']) ? body['files'] : {};
  const known: readonly string[] = Object.values(names);
  for (const name of Object.keys(files)) if (!known.includes(name)) ignored.push(`the stream "${name.slice(0, 100)}"`);
  const linesOf = (name: string): StreamedLines | null => {
    if (!Object.hasOwn(files, name)) return null;
    const lines = streamedLines(files[name]);
    if (lines === undefined) ignored.push(`"${name}": it has no offset or no list of lines`);
    return lines ?? null;
  };
  const complete = body['complete'] === true;
  return {
    history: linesOf(names.history),
    events: linesOf(names.events),
    output: linesOf(names.output),
    summary: linesOf(names.summary)?.lines.at(-1) ?? null,
    preempting: body['preempting'] === true,
    complete,
    exitCode: complete && Number.isSafeInteger(body['exitcode']) ? (body['exitcode'] as number) : null,
    ignored,
  };
}

function streamedLines(given: unknown): StreamedLines | undefined {
  if (!isObject(given) || !Array.isArray(given['content'])) return undefined;
  const offset = given['offset'] ?? 0;
  if (typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 0) return undefined;
  return { offset, lines: given['content'].map((line) => (typeof line === 'string' ? oneLine(line) : '')) };
}

/** A break inside would shift every later line; in JSON it is but space. */
const oneLine = (line: string): string => (/[\r\n]/.test(line) ? line.replace(/[\r\n]+$/, '').replace(/\r?\n|\r/g, ' ') : line);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
