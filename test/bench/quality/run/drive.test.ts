import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../tasks/catalogue.js';
import { failingTable } from '../tasks/failing.js';
import type { Task } from '../tasks/task.js';
import { keyOf, packed, readTraces, resume, unpacked } from '../trace.js';
import { drive } from './drive.js';
import { programSearcher } from './program-searcher.js';
import { samplerSearcher } from './sampler-searcher.js';
import type { Searcher } from './searcher.js';

const { tasks } = catalogue({ tables: '/nowhere', curves: '/nowhere' });
const branin = tasks.get('S_branin2')!();
const plan = { method: 'mine', seed: 3, trials: 20, workers: 1 };
const sobol = (task: Task): Searcher => samplerSearcher(task, { sampler: 'sobol', options: {} }, 3);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweep-drive-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A searcher that proposes these and remembers what it is told. */
function scripted(proposals: readonly object[]) {
  const told: (readonly [number, number | 'crashed'])[] = [];
  let number = 0;
  const searcher: Searcher = {
    async ask() {
      const params = proposals[number];
      number += 1;
      return params === undefined ? undefined : { number, params: params as Record<string, number> };
    },
    async tell(number, value) {
      told.push([number, value]);
    },
    async report() {
      return false;
    },
    async stopped() {},
    async recommended() {
      return proposals[0] as Record<string, number>;
    },
    async close() {},
  };
  return { searcher, told };
}

describe('a run', () => {
  it('is the same each time', async () => {
    const [first, second] = [await drive(branin, () => sobol(branin), plan), await drive(branin, () => sobol(branin), plan)];
    expect(first.tr).toEqual(second.tr);
    expect(first).toMatchObject({ m: 'mine', t: 'S_branin2', b: 'S', seed: 3, k: 1, n: 20, dup: 0 });
  });

  it('keeps the true loss of the best observed configuration, and counts repetitions', async () => {
    const { searcher } = scripted([
      { x0: 1.5, x1: 2.5 },
      { x0: 1.5, x1: 2.5 },
      { x0: 9.5, x1: 2.5 },
      { x0: -4.5, x1: 0.5 },
    ]);
    const trace = await drive(branin, () => searcher, { ...plan, trials: 4 });
    expect(trace.dup).toBe(1);
    expect(trace.tr.map(([trial]) => trial)).toEqual([1, 3]);
  });

  it('with several workers tells trials in the order in which they end', async () => {
    const { searcher, told } = scripted(Array.from({ length: 6 }, (_, i) => ({ x0: i + 0.5, x1: 1.5 })));
    await drive(branin, () => searcher, { ...plan, trials: 6, workers: 3 });
    expect(told.map(([number]) => number).sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(told[0]![0]).toBeLessThanOrEqual(3);
  });

  it('goes on unchanged when the space has ended', async () => {
    const { searcher } = scripted([{ x0: 1.5, x1: 2.5 }]);
    const trace = await drive(branin, () => searcher, { ...plan, trials: 4 });
    expect([trace.n, trace.tr.length, trace.error]).toEqual([4, 1, undefined]);
  });

  it('ends with the reason when a proposal lies outside the space', async () => {
    const { searcher } = scripted([
      { x0: 1.5, x1: 2.5 },
      { x0: 11, x1: 2.5 },
    ]);
    const trace = await drive(branin, () => searcher, plan);
    expect(trace.n).toBe(1);
    expect(trace.error).toContain('trial 2: x0=11 is outside [-5, 10]');
  });

  it('keeps what the optimiser itself recommends at the end', async () => {
    const { searcher } = scripted([
      { x0: 9.5, x1: 2.5 },
      { x0: 3.5, x1: 2.5 },
    ]);
    const trace = await drive(branin, () => searcher, { ...plan, trials: 2 });
    expect(trace.rb).toBe(Number(branin.trueLoss([9.5, 2.5]).toPrecision(7)));
  });

  it('tells what failed, and has no result before the first success', async () => {
    const dims = [2, 2, 4, 3, 3, 6, 2, 6, 6];
    const losses = Float32Array.from({ length: 20736 * 3 }, () => 1);
    const task = failingTable({
      dims,
      cat: dims.map((_, i) => i < 2),
      R: 3,
      opt: 0,
      losses,
      means: Float64Array.from({ length: 20736 * 3 }, () => 1),
    });
    const level = (top: boolean): object => Object.fromEntries(dims.map((count, i) => [`x${i}`, i < 2 ? 'v0' : top ? count - 1 : 0]));
    const { searcher, told } = scripted([level(true), level(false)]);
    const trace = await drive(task, () => searcher, { ...plan, trials: 2 });
    expect(told).toEqual([
      [1, Number.NaN],
      [2, 1],
    ]);
    expect(trace.tr).toEqual([
      [1, null],
      [2, 1],
    ]);
  });
});

describe('a program behind the line protocol', () => {
  const program = (name: string, body: string): readonly string[] => {
    const file = join(folder, name);
    writeFileSync(
      file,
      `import { createInterface } from 'node:readline';\nlet n = 0;\nconst say = (o) => console.log(JSON.stringify(o));\nfor await (const line of createInterface({ input: process.stdin })) {\n  const q = JSON.parse(line);\n${body}\n}\n`,
    );
    return ['node', file, 'FILE', '--seed', 'S'];
  };

  it('is asked and told like a sampler', async () => {
    const command = program(
      'good.mjs',
      `if (q.op === 'ask') { n += 1; say({ trials: [{ number: n, params: { x0: n + Number(process.argv[4]), x1: 0.5 } }], exhausted: false }); } else say({ ok: true });`,
    );
    const trace = await drive(branin, () => programSearcher(branin, command, 3), { ...plan, trials: 3 });
    expect(trace.error).toBeUndefined();
    expect(trace.n).toBe(3);
  });

  it('that answers an error or ends loses the rest of its run', async () => {
    const refusing = program('refusing.mjs', `say({ error: { code: 'no', message: 'not today' } });`);
    expect((await drive(branin, () => programSearcher(branin, refusing, 3), plan)).error).toContain('not today');
    const ending = program('ending.mjs', 'process.exit(3);');
    expect((await drive(branin, () => programSearcher(branin, ending, 3), plan)).error).toContain('exit code 3');
  });

  it('that is not there loses its run', async () => {
    expect((await drive(branin, () => programSearcher(branin, ['no-such-program-here'], 3), plan)).error).toContain('no-such-program-here');
  });
});

describe('a trace', () => {
  it('holds changes only, and gives every trial back', () => {
    const losses = [null, 3, 3, 2.123456789, 2.123456789];
    const tr = packed(losses);
    expect(tr).toEqual([
      [1, null],
      [2, 3],
      [4, 2.123457],
    ]);
    expect(unpacked({ n: 5, tr })).toEqual([null, 3, 3, 2.123457, 2.123457]);
  });

  it('that was half written when a series was broken off is cut off, and the rest kept', async () => {
    const file = join(folder, 'half.jsonl');
    const trace = await drive(branin, () => sobol(branin), plan);
    writeFileSync(file, `${JSON.stringify(trace)}\n{"m":"mine","t":"S_br`);
    expect(resume(file).map(keyOf)).toEqual([keyOf(trace)]);
    expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(trace)}\n`);
    expect(readTraces([folder])).toHaveLength(1);
  });

  it('of a file that is not there yet is none', () => {
    expect(resume(join(folder, 'new.jsonl'))).toEqual([]);
  });
});
