/**
 * Lines that were sent before, under other numbers: what a client syncs twice of an offline run that resumed another one it sends behind
 * the end of that run both times. Such lines are known by what the client says of their moment, and are left out.
 */
import type { LineBlock, LineStream, RunRecord, Store } from '@sweep/store';
import { lastStepOf, readRawObject } from '@sweep/wandb';

const countOf = { history: 'historyLines', events: 'eventLines', log: 'logLines' } as const;

/** Of a run's current attempt. Nothing is read unless a block looks like a repetition. */
export async function withoutRepeats(store: Store, record: RunRecord, blocks: readonly LineBlock[]): Promise<readonly LineBlock[]> {
  const kept: LineBlock[] = [];
  for (const block of blocks) kept.push(await withoutRepeated(store, record, block));
  return kept;
}

async function withoutRepeated(store: Store, record: RunRecord, block: LineBlock): Promise<LineBlock> {
  const { stream, lines } = block;
  const count = record[countOf[stream]];
  if (count === 0 || block.offset < count || lines.length === 0) return block;
  // Requests of a run come one after another: what lies beyond the end follows on lines that were left out.
  const offset = count;
  if (!looksRepeated(record, block)) return { stream, offset, lines };
  const stored = await store.lines.read({ run: record.id, attempt: record.attempt, stream }, 0, count);
  return { stream, offset, lines: lines.slice(repeated(stored, lines, stream)) };
}

function looksRepeated(record: RunRecord, { stream, offset, lines }: LineBlock): boolean {
  const first = momentOf(lines[0]!, stream);
  if (first === null) return false;
  switch (stream) {
    case 'history': {
      const last = record.historyKeys === null ? null : lastStepOf(record.historyKeys);
      return last !== null && first.order <= last;
    }
    case 'events': {
      const last = record.systemMetrics === null ? null : momentOf(record.systemMetrics, stream);
      return last !== null && first.order <= last.order;
    }
    case 'log':
      return record.logRestarts || offset > record.logLines;
  }
}

/** How many of the lines stand among the stored ones: within them, or up to their end. */
function repeated(stored: readonly string[], lines: readonly string[], stream: LineStream): number {
  const known = stored.map((line) => momentOf(line, stream)?.text);
  const sent = lines.map((line) => momentOf(line, stream)?.text);
  for (let at = 0; at < known.length; at++) {
    const overlap = Math.min(sent.length, known.length - at);
    let same = 0;
    while (same < overlap && sent[same] !== undefined && sent[same] === known[at + same]) same++;
    if (same === overlap) return same;
  }
  return 0;
}

interface Moment {
  /** The same for the same line, whatever the order of its keys. */
  readonly text: string;
  readonly order: number;
}

/** Null for a line that does not say. */
function momentOf(line: string, stream: LineStream): Moment | null {
  const members = readRawObject(line)?.members;
  if (members === undefined) return null;
  if (stream === 'log') return members.has('ts') ? { text: line, order: 0 } : null;
  const [first, second] = stream === 'history' ? ['_step', '_timestamp'] : ['_timestamp', '_runtime'];
  const [one, other] = [members.get(first!), members.get(second!)];
  if (one?.kind !== 'number' || other?.kind !== 'number') return null;
  return { text: `${one.text} ${other.text}`, order: Number(one.text) };
}
