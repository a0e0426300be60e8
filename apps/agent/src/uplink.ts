/**
 * Everything about attempts on its way to the controller: point batches, console output, final results.
 *
 * One pump sends one message after the other, awaiting each, points and results before output, so that a slow link delays logs and
 * nothing else. What is not acknowledged stays on disk (spool and output files) and goes again after a reconnect. Owns no connection;
 * `session.ts` attaches one.
 */
import { StaleLease, Unavailable } from '@sweep/domain';
import type { Acknowledged, AgentMessage, Finished, Stored } from '@sweep/protocol';
import { OutputTail } from './output.js';
import { Spool } from './spool.js';

export type Send = (message: AgentMessage) => Promise<void>;

export interface UplinkStreamOptions {
  readonly leaseId: string;
  readonly spoolPath: string;
  readonly stdoutPath: string;
  readonly stderrPath: string;
}

/** What one attempt sends. */
export class UplinkStream {
  readonly leaseId: string;
  readonly spool: Spool;
  readonly outputs: readonly OutputTail[];
  private readonly files: Stored[] = [];
  /** Counts of `files`: sent, sent when the last renewal went out, and known to have arrived. */
  private filesSent = 0;
  private filesBeforeRenewal = 0;
  private filesArrived = 0;
  private sentSequence = 0;
  private finished: Finished | undefined;
  private finishedSent = false;
  private finishedAcknowledged = false;
  private onFinishedSent: () => void = () => undefined;

  constructor({ leaseId, spoolPath, stdoutPath, stderrPath }: UplinkStreamOptions) {
    this.leaseId = leaseId;
    this.spool = new Spool(spoolPath);
    this.outputs = [new OutputTail('stdout', stdoutPath), new OutputTail('stderr', stderrPath)];
  }

  /** Sent once behind the attempt's last points, and again on every new connection until it is acknowledged. */
  finish(finished: Finished, onSent: () => void): void {
    this.finished = finished;
    this.onFinishedSent = onSent;
  }

  /** Announces a file that was put. Those added before `finish` arrive before the result. */
  store(file: Stored): void {
    this.files.push(file);
  }

  /** Files have no acknowledgement of their own. Messages are handled in order, so the answer to a later renewal is one. */
  renewalSent(): void {
    this.filesBeforeRenewal = this.filesSent;
  }

  renewalAnswered(): void {
    this.filesArrived = this.filesBeforeRenewal;
  }

  finishAcknowledged(): void {
    this.finishedAcknowledged = true;
  }

  acknowledge({ pointSequence, stdoutBytes, stderrBytes }: Acknowledged): void {
    this.spool.acknowledge(pointSequence);
    const [stdout, stderr] = this.outputs;
    stdout!.acknowledge(stdoutBytes);
    stderr!.acknowledge(stderrBytes);
  }

  /** A new connection. Without word from the controller everything goes again; it knows what it has seen. */
  rewind(acknowledged: Acknowledged | undefined): void {
    this.sentSequence = acknowledged?.pointSequence ?? 0;
    this.spool.acknowledge(this.sentSequence);
    const [stdout, stderr] = this.outputs;
    stdout!.rewind(acknowledged?.stdoutBytes ?? 0);
    stderr!.rewind(acknowledged?.stderrBytes ?? 0);
    this.finishedSent = false;
    this.filesSent = this.filesArrived;
    this.filesBeforeRenewal = this.filesArrived;
  }

  get hasFilesOnTheWay(): boolean {
    return this.filesArrived < this.files.length;
  }

  /** All that was measured and printed is committed, and the result too if there is to be one. */
  get isDone(): boolean {
    const resultDone = this.finished === undefined || this.finishedAcknowledged;
    return resultDone && !this.hasFilesOnTheWay && this.spool.isEmpty && this.outputs.every((output) => output.isDone);
  }

  /** The next message that must not wait for output, or null. */
  nextUrgent(): { readonly message: AgentMessage; readonly sent: () => void } | null {
    const batch = this.spool.after(this.sentSequence);
    if (batch !== null) {
      const { sequence, series } = batch;
      const message: AgentMessage = {
        $case: 'points',
        value: { leaseId: this.leaseId, sequence, series: series.map((column) => ({ ...column })) },
      };
      const sent = (): void => {
        this.sentSequence = sequence;
      };
      return { message, sent };
    }
    const file = this.files[this.filesSent];
    if (file !== undefined) return { message: { $case: 'stored', value: file }, sent: () => void this.filesSent++ };
    if (this.finished === undefined || this.finishedSent) return null;
    const message: AgentMessage = { $case: 'finished', value: this.finished };
    const sent = (): void => {
      this.finishedSent = true;
      this.onFinishedSent();
    };
    return { message, sent };
  }

  async nextOutput(): Promise<AgentMessage | null> {
    const tail = this.outputs.find((output) => output.hasMore);
    if (tail === undefined) return null;
    const { offset, data } = await tail.next();
    return data.length === 0 ? null : { $case: 'output', value: { leaseId: this.leaseId, stream: tail.stream, offset, data } };
  }

  close(): void {
    this.spool.close();
  }
}

export class Uplink {
  private readonly streams = new Map<string, UplinkStream>();
  private send: Send | undefined;
  private pumping: Promise<void> | undefined;
  private woken = false;

  constructor(private readonly onError: (error: unknown) => void) {}

  add(stream: UplinkStream): void {
    this.streams.set(stream.leaseId, stream);
  }

  /** Nothing more is sent of it; its owner closes it. */
  remove(leaseId: string): void {
    this.streams.delete(leaseId);
  }

  get isDone(): boolean {
    return [...this.streams.values()].every((stream) => stream.isDone);
  }

  /** A session stands. What it says about each attempt decides from where its stream goes on. */
  attach(send: Send, acknowledged: readonly Acknowledged[]): void {
    const known = new Map(acknowledged.map((entry) => [entry.leaseId, entry]));
    for (const stream of this.streams.values()) stream.rewind(known.get(stream.leaseId));
    this.send = send;
    this.wake();
  }

  detach(): void {
    this.send = undefined;
  }

  acknowledge(entry: Acknowledged): void {
    this.streams.get(entry.leaseId)?.acknowledge(entry);
    this.wake();
  }

  renewalSent(): void {
    for (const stream of this.streams.values()) stream.renewalSent();
  }

  renewalAnswered(): void {
    for (const stream of this.streams.values()) stream.renewalAnswered();
  }

  get hasFilesOnTheWay(): boolean {
    return [...this.streams.values()].some((stream) => stream.hasFilesOnTheWay);
  }

  /** There may be something to send. */
  wake(): void {
    this.woken = true;
    this.pumping ??= this.pump().finally(() => {
      this.pumping = undefined;
      if (this.woken && this.send !== undefined) this.wake();
    });
  }

  private async pump(): Promise<void> {
    while (this.send !== undefined && this.woken) {
      this.woken = false;
      const send = this.send;
      try {
        while (this.send === send && (await this.sendOne(send)));
      } catch (error) {
        // The connection's end is `session.ts`'s to deal with: it detaches, and what was not acknowledged goes again.
        if (this.send === send) this.send = undefined;
        if (!(error instanceof Unavailable || error instanceof StaleLease)) this.onError(error);
      }
    }
  }

  private async sendOne(send: Send): Promise<boolean> {
    for (const stream of this.streams.values()) {
      const next = stream.nextUrgent();
      if (next === null) continue;
      await send(next.message);
      if (this.send === send) next.sent();
      return true;
    }
    for (const [leaseId, stream] of this.streams) {
      const message = await stream.nextOutput().catch((error: unknown) => {
        // Its folder may have been cleared away while we read.
        if (this.streams.get(leaseId) === stream) throw error;
        return null;
      });
      if (message === null || this.streams.get(leaseId) !== stream) continue;
      // To the back of the queue: attempts take turns.
      this.streams.delete(leaseId);
      this.streams.set(leaseId, stream);
      await send(message);
      return true;
    }
    return false;
  }
}
