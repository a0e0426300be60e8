/** What a client must be told to continue a run: the ends of its streams, and whether it ever began. */
import { wandbConfig } from './config.js';

export interface StoredStreams {
  readonly config: string | null;
  readonly summary: string | null;
  /** The last lines, oldest first; none for a stream that is empty. */
  readonly historyTail: readonly string[];
  readonly eventsTail: readonly string[];
  readonly historyLineCount: number;
  readonly eventsLineCount: number;
  readonly logLineCount: number;
}

/** Fields of `Run` as `RunResumeStatus` asks for them. The counts become the offsets of the lines that the client sends next. */
export function resumeStatus(run: StoredStreams) {
  return {
    config: run.config ?? '{}',
    summaryMetrics: run.summary ?? '{}',
    historyTail: JSON.stringify(run.historyTail),
    eventsTail: JSON.stringify(run.eventsTail),
    historyLineCount: run.historyLineCount,
    eventsLineCount: run.eventsLineCount,
    logLineCount: run.logLineCount,
    wandbConfig: ({ keys }: { readonly keys?: readonly string[] | null }) => wandbConfig(run.config ?? '{}', keys),
  };
}
