/**
 * Keeps the controller and its local agents running.
 *
 *     starting ──ready──► running ──died──► (back-off) ──► starting
 *        │                   │
 *        └─died: give up     └─stop(): agents, then the controller ──► stopped
 *
 * Owns order, back-off and the end. How a process is made is process.ts; what is printed is the command's.
 */
import type { ChildProcess } from 'node:child_process';
import type { Clock } from '@sweep/runtime';
import { CommandError, exit } from '../exit.js';
import { askToLeave, markOf } from './process.js';
import { readServerFile, type ServerFile, type Started } from './server-file.js';

export interface SupervisorOptions {
  readonly dataDir: string;
  readonly agents: number;
  readonly clock: Clock;
  /** `before`: of the last life, so that a port chosen freely stays. */
  startController(onLine: (line: string) => void, before: ServerFile | undefined): ChildProcess;
  startAgent(index: number, server: ServerFile): ChildProcess;
  /** When the controller tells it, before it is ready. */
  onFirstKey(key: string): Promise<void>;
  /** At each start of the controller, before the agents start. */
  onReady(server: ServerFile): Promise<void>;
  /** What runs now, whenever that changes. */
  onProcesses(running: Started): void;
  notice(text: string): void;
}

/** Milliseconds. A process that ran for `steady` starts again without having to wait. */
const backOff = { first: 500, most: 30_000, steady: 60_000 };
const readyPollMs = 50;

/** An exit code, the name of a signal, or why it could not be started. */
type End = number | string;

export class Supervisor {
  /** When the controller is ready for the first time. @throws CommandError when it ends before. */
  readonly ready: Promise<ServerFile>;
  /** When everything has ended. */
  readonly ended: Promise<void>;
  private readonly stopping = new AbortController();
  private readonly agentsGone = new AbortController();
  private controller: ChildProcess | null = null;
  private readonly agentChildren = new Set<ChildProcess>();
  private readonly agents: Promise<void>[] = [];
  private server: ServerFile | undefined;
  private firstKey: Promise<void> = Promise.resolve();
  private settle!: { resolve(server: ServerFile): void; reject(error: Error): void };

  constructor(private readonly options: SupervisorOptions) {
    this.ready = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    this.ended = this.run();
  }

  stop(): void {
    this.stopping.abort();
  }

  /** Again: running programs are killed, and the controller does not put things in order. */
  hurry(): void {
    for (const child of this.all()) child.kill('SIGTERM');
  }

  /** Programs of killed agents would go on, so this is for what does not answer. */
  kill(): void {
    for (const child of this.all()) child.kill('SIGKILL');
  }

  private async run(): Promise<void> {
    const agentsEnd = this.agentsEnd();
    const end = await this.controllerOnce();
    if (this.server === undefined) {
      await this.firstKey;
      // 2: it refused its settings, and has said why.
      this.settle.reject(
        new CommandError(`the controller ended before it was ready (${describe(end)})`, end === exit.usage ? exit.usage : exit.failed),
      );
      this.stopping.abort();
    } else if (!this.stopping.signal.aborted) {
      this.options.notice(`the controller ended (${describe(end)}); starting it again`);
      await this.again('the controller', () => this.controllerOnce());
    }
    await agentsEnd;
  }

  /** One life of the controller; answers how it ended. */
  private async controllerOnce(): Promise<End> {
    const child = this.options.startController((line) => this.onLine(line), this.server);
    const gone = new AbortController();
    this.controller = child;
    this.publish();
    // The agents end first: they still have results to hand in.
    const ended = endAfter(child, this.agentsGone.signal, () => void child.kill('SIGTERM')).finally(() => {
      gone.abort();
      this.controller = null;
      this.publish();
    });
    const server = child.pid === undefined ? null : await this.becomesReady(child.pid, gone.signal);
    if (server !== null) await this.onReady(server);
    return ended;
  }

  private async onReady(server: ServerFile): Promise<void> {
    this.server = server;
    await this.firstKey;
    await this.options.onReady(server);
    if (this.agents.length === 0) {
      for (let index = 0; index < this.options.agents; index++) {
        this.agents.push(this.again(`agent ${index + 1}`, () => this.agentOnce(index)));
      }
    }
    this.settle.resolve(server);
  }

  private async becomesReady(pid: number, gone: AbortSignal): Promise<ServerFile | null> {
    while (!gone.aborted) {
      const file = await readServerFile(this.options.dataDir);
      if (file?.pid === pid) return file;
      await this.options.clock.sleep(readyPollMs, gone);
    }
    return null;
  }

  /** Until it was asked to stop and all agents have ended. */
  private async agentsEnd(): Promise<void> {
    await aborted(this.stopping.signal);
    await Promise.all(this.agents);
    this.agentsGone.abort();
  }

  /** Starts it whenever it ends, until it was asked to stop. */
  private async again(name: string, once: () => Promise<End>): Promise<void> {
    const { clock, notice } = this.options;
    let pause = backOff.first;
    while (!this.stopping.signal.aborted) {
      const startedAt = clock.now();
      const end = await once();
      if (this.stopping.signal.aborted) return;
      if (clock.now() - startedAt >= backOff.steady) pause = backOff.first;
      notice(`${name} ended (${describe(end)}); starting it again in ${pause / 1000} s`);
      await clock.sleep(pause, this.stopping.signal);
      pause = Math.min(pause * 2, backOff.most);
    }
  }

  private async agentOnce(index: number): Promise<End> {
    const child = this.options.startAgent(index, this.server!);
    this.agentChildren.add(child);
    this.publish();
    const end = await endAfter(child, this.stopping.signal, () => void askToLeave(child));
    this.agentChildren.delete(child);
    this.publish();
    return end;
  }

  private all(): readonly ChildProcess[] {
    return [...this.agentChildren, ...(this.controller === null ? [] : [this.controller])];
  }

  private publish(): void {
    const mark = ({ pid }: ChildProcess) => (pid === undefined ? [] : [markOf(pid)]);
    const controller = this.controller === null ? [] : mark(this.controller);
    this.options.onProcesses({ controller: controller[0] ?? null, agents: [...this.agentChildren].flatMap(mark) });
  }

  private onLine(line: string): void {
    const event = readEvent(line);
    if (event?.event === 'first-key' && typeof event.key === 'string') this.firstKey = this.options.onFirstKey(event.key);
  }
}

const describe = (end: End): string => (typeof end === 'number' ? `exit code ${end}` : end);

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

interface Line {
  readonly event?: unknown;
  readonly key?: unknown;
}

function readEvent(line: string): Line | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as Line;
  } catch {
    // Something else that looks like one.
    return null;
  }
}

/** How it ended; `stop` is called once if the signal aborts before. */
function endAfter(child: ChildProcess, signal: AbortSignal, stop: () => void): Promise<End> {
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return endOf(child).finally(() => signal.removeEventListener('abort', stop));
}

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
}
