/**
 * One attempt's state inside the agent, and its place in the journal.
 *
 *     preparing ──► running ──► stopping ──► exited ──► reported
 *         │            └───────────────────────▲
 *         └────────────────────────────────────┘   (the program could not be started)
 *
 * Every step is in the journal, on disk, before it is taken: `running` is written before the program is started, so that an agent that
 * is killed at any moment starts an attempt at most once. Owns the states and the record; `execution.ts` takes the steps.
 */
import { Bug } from '@sweep/domain';
import type { Grant } from '@sweep/protocol';
import type { AttemptRecord, AttemptState } from './attempt-record.js';
import type { Journal } from './journal.js';

export type * from './attempt-record.js';

const next: Readonly<Record<AttemptState, readonly AttemptState[]>> = {
  preparing: ['running', 'exited'],
  running: ['stopping', 'exited'],
  stopping: ['exited'],
  exited: ['reported'],
  reported: [],
};

export class Attempt {
  private constructor(
    private current: AttemptRecord,
    private readonly journal: Journal,
  ) {}

  static begin(grant: Grant, journal: Journal): Attempt {
    const record: AttemptRecord = { grant, state: 'preparing', cwd: null, startedAt: null, stop: null, finished: null };
    journal.write(record);
    return new Attempt(record, journal);
  }

  static resume(record: AttemptRecord, journal: Journal): Attempt {
    return new Attempt(record, journal);
  }

  get record(): AttemptRecord {
    return this.current;
  }

  get state(): AttemptState {
    return this.current.state;
  }

  get grant(): Grant {
    return this.current.grant;
  }

  /** `mnist#17` for people, with the sweep's id. */
  get title(): string {
    return `${this.grant.sweepId}#${this.grant.number}`;
  }

  get isOver(): boolean {
    return this.state === 'exited' || this.state === 'reported';
  }

  /** Takes a step: journal first. */
  enter(state: AttemptState, change: Partial<Pick<AttemptRecord, 'cwd' | 'startedAt' | 'stop' | 'finished'>> = {}): void {
    if (!next[this.state].includes(state)) throw new Bug(`attempt ${this.grant.leaseId} cannot go from ${this.state} to ${state}`);
    const record = { ...this.current, ...change, state };
    this.journal.write(record);
    this.current = record;
  }

  forget(): void {
    this.journal.forget(this.grant.leaseId);
  }
}
