/**
 * The same log gives the same proposals, bit for bit: in another process, after a restart, in a thread beside others, on another engine.
 *
 * The files beside this one hold 200 proposals of each search. When they change on purpose, raise the sampler's version and write them
 * anew: `npm run golden`.
 */
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { play } from '../playing.js';
import { type GoldenSearch, lineOf, searches } from './searches.js';
import type { Lines, Turn } from './turns.worker.js';

const folder = import.meta.dirname;
const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** Threads in which an error is nobody's but the test's. */
class Threads {
  readonly #workers: Worker[] = [];

  private constructor(private readonly program: string) {}

  static async open(): Promise<Threads> {
    const { outputFiles } = await build({
      entryPoints: [`${folder}/turns.worker.ts`],
      bundle: true,
      write: false,
      platform: 'node',
      alias: { '@sweep/optimizer': `${folder}/../../src/index.ts` },
    });
    return new Threads(outputFiles[0]!.text);
  }

  /** One thread for each list of searches, all at once. */
  async play(lists: readonly (readonly Turn[])[]): Promise<readonly Lines[]> {
    const answers = lists.map((turns) => {
      const worker = new Worker(this.program, { eval: true, workerData: turns });
      this.#workers.push(worker);
      return new Promise<readonly Lines[]>((resolve, reject) => worker.once('message', resolve).once('error', reject));
    });
    return (await Promise.all(answers)).flat();
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

const played = new Map<string, readonly string[]>();
/** In this process, without a restart. */
function proposed(name: string): readonly string[] {
  const lines = played.get(name) ?? play(searches.find((search) => search.name === name)!).proposals.map(lineOf);
  played.set(name, lines);
  return lines;
}
const several = 30;
/** Each search twice: threads that work on the same search share nothing either. */
const dealt = (threads: number): readonly (readonly Turn[])[] =>
  Array.from({ length: threads }, (_, thread) =>
    [...searches, ...searches].filter((_one, index) => index % threads === thread).map(({ name }) => ({ search: name, trials: several })),
  );

describe('200 proposals of three searches', { timeout: 300_000 }, () => {
  let threads: Threads;
  let restarted: ReturnType<Threads['play']>;
  const turn = ({ name, trials }: GoldenSearch): Turn => ({ search: name, trials, renew: 10 });

  beforeAll(async () => {
    threads = await Threads.open();
    // Takes as long as the first test, on another core.
    restarted = threads.play([searches.map(turn)]);
  });
  afterAll(() => threads.close());

  it.each(searches)('are those that were written down: $name', async ({ name, trials }) => {
    expect(proposed(name)).toHaveLength(trials);
    await expect(textOf(proposed(name))).toMatchFileSnapshot(`${folder}/${name}.jsonl`);
  });

  it('are the same with a new instance for every tenth, in a thread of their own', async () => {
    const found = await restarted;
    expect(found).toHaveLength(searches.length);
    for (const { search, lines } of found) expect(textOf(lines)).toBe(textOf(proposed(search)));
  });

  it.each([1, 2, 4])('begin the same in %i threads at once', async (count) => {
    const found = await threads.play(dealt(count));
    expect(found).toHaveLength(2 * searches.length);
    for (const { search, lines } of found) expect(textOf(lines)).toBe(textOf(proposed(search).slice(0, several)));
  });
});
