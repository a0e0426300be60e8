/** One sampling thread: started when first needed, and again after it died. Knows what it told it. */
import { Worker } from 'node:worker_threads';
import { Unavailable } from '@sweep/domain';
import { Load } from './load.js';
import type { FromThread, Question, ToThread } from './messages.js';

export interface ThreadOptions {
  /** The thread's program. */
  readonly program: URL;
  readonly mostSweeps: number;
}

/** It died over a question, which may be asked again: what it knew is lost. */
export class ThreadDied extends Error {
  override readonly name = 'ThreadDied';
}

interface Waiting {
  resolve(reply: FromThread): void;
  reject(error: Error): void;
}

export class Thread {
  #worker: Worker | null = null;
  #closed = false;
  #lastId = 0;
  readonly #waiting = new Map<number, Waiting>();
  /** How much of each sweep's log was told. */
  readonly told = new Map<string, number>();
  readonly load = new Load(performance.now());

  constructor(private readonly options: ThreadOptions) {}

  /** Messages are taken in order. */
  tell(message: Exclude<ToThread, { readonly kind: 'question' }>): void {
    this.#running().postMessage(message);
    this.told.set(message.sweep, message.kind === 'open' ? 0 : message.after + message.entries.length);
  }

  /** @throws ThreadDied; Unavailable once closed */
  ask(question: Question): Promise<FromThread> {
    const id = ++this.#lastId;
    this.load.asked(performance.now());
    const answer = new Promise<FromThread>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#running().postMessage({ kind: 'question', id, ...question } satisfies ToThread);
    });
    return answer.finally(() => this.load.answered(performance.now()));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
  }

  #running(): Worker {
    if (this.#worker !== null) return this.#worker;
    if (this.#closed) throw new Unavailable('the controller is stopping');
    const worker = new Worker(this.options.program, { workerData: { mostSweeps: this.options.mostSweeps }, name: 'sampling' });
    this.#worker = worker;
    worker.on('message', (reply: FromThread) => this.#take(reply));
    worker.on('error', (error) => this.#died(worker, error.message));
    worker.on('exit', (code) => this.#died(worker, `exit code ${code}`));
    return worker;
  }

  #take(reply: FromThread): void {
    this.#waiting.get(reply.id)?.resolve(reply);
    this.#waiting.delete(reply.id);
  }

  /** An error is followed by an exit, of a worker that is not ours any more then. */
  #died(worker: Worker, why: string): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    this.told.clear();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new ThreadDied(why));
  }
}
