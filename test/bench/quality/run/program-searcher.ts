/**
 * Another program as what is measured: one JSON object a line on its input, one answer a line on its output.
 *
 * `{"op":"ask","n":1}` → `{"trials":[{"number":1,"params":{…}}],"exhausted":false}`; `{"op":"tell","number":1,"value":0.5}`, with
 * `{"op":"report","number":1,"step":3,"value":0.4}` → `{"stop":false}`, and `"state":"pruned"` in the tell of a stopped one;
 * `{"op":"best"}` → `{"recommended":{…}}`, if it recommends anything; `"value":"NaN"` or `"state":"failed"` instead for trainings that failed; `{"error":{…}}` ends the run.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Params, type ParamValue, parseJson } from '@sweep/optimizer';
import { sweepFileText } from '../tasks/parameter.js';
import type { Task } from '../tasks/task.js';
import { type Searcher, SearcherFailed } from './searcher.js';

/** An answer may take this long; a Gaussian process on a busy machine is slow. */
const patienceMs = 120_000;

/** @param command its words; FILE and S stand for the sweep file and the seed */
export function programSearcher(task: Task, command: readonly string[], seed: number): Searcher {
  const folder = mkdtempSync(join(tmpdir(), 'sweep-quality-'));
  const file = join(folder, 'sweep.yaml');
  writeFileSync(file, sweepFileText(task));
  const [program = '', ...words] = command.map((word) => (word === 'FILE' ? file : word === 'S' ? String(seed) : word));
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (error) => reject(new SearcherFailed(`${program} does not start: ${error.message}`)));
    child.once('close', (code) => reject(new SearcherFailed(`${program} ended with exit code ${code}`)));
  });
  // Rejects when the program ends, which is no failure after the last line.
  failed.catch(() => undefined);
  child.stdin.on('error', () => child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  async function call(request: object): Promise<Readonly<Record<string, ParamValue>>> {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const line = await Promise.race([lines.next(), failed, tooLate(program)]);
    // Its output ends a moment before it does; how it ended says more.
    if (line.done === true) return Promise.race([failed, tooLate(program)]);
    const answer = parseJson(line.value) as Readonly<Record<string, ParamValue>>;
    if (answer['error'] !== undefined) throw new SearcherFailed(line.value.slice(0, 300));
    return answer;
  }

  return {
    async ask() {
      const answer = await call({ op: 'ask', n: 1 });
      const [trial] = answer['trials'] as readonly { readonly number: number; readonly params: Params }[];
      if (trial === undefined && answer['exhausted'] !== true) throw new SearcherFailed(`${program} proposed nothing`);
      return trial;
    },
    async tell(number, value) {
      await call({
        op: 'tell',
        number,
        ...(value === 'crashed' ? { state: 'failed' } : { value: Number.isFinite(value) ? value : String(value) }),
      });
    },
    async report(number, step, value) {
      return (await call({ op: 'report', number, step, value }))['stop'] === true;
    },
    async stopped(number) {
      await call({ op: 'tell', number, state: 'pruned' });
    },
    async recommended() {
      return (await call({ op: 'best' }))['recommended'] as Params | undefined;
    },
    async close() {
      child.stdin.end();
      const closed = child.exitCode === null && child.signalCode === null ? once(child, 'close') : undefined;
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await closed;
      clearTimeout(timer);
      rmSync(folder, { recursive: true });
    },
  };
}

function tooLate(program: string): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new SearcherFailed(`no answer from ${program} in ${patienceMs / 1000} s`)), patienceMs).unref();
  });
}
