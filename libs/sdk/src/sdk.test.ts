import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkpointDir, outputDir, params, report, trial } from './index.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweep-sdk-'));
  for (const name of ['ID', 'TRIAL_ID', 'TRIAL_NUMBER', 'ATTEMPT', 'PARAMS', 'METRICS', 'CHECKPOINT_DIR', 'OUTPUT_DIR'])
    vi.stubEnv(`SWEEP_${name}`, undefined);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function metricsFile(): string {
  const path = join(folder, 'metrics.jsonl');
  vi.stubEnv('SWEEP_METRICS', path);
  return path;
}

describe('in a trial', () => {
  it('params are those of the trial over the defaults, nested ones and types kept', () => {
    const path = join(folder, 'params.json');
    writeFileSync(path, '{"lr": 0.5, "layers": [1, 2], "model": {"depth": 3}, "seed": null}');
    vi.stubEnv('SWEEP_PARAMS', path);
    const given = params<{ lr: number; layers: number[]; epochs: number }>({ lr: 1, layers: [], epochs: 7 });
    expect(given).toEqual({ lr: 0.5, layers: [1, 2], epochs: 7, model: { depth: 3 }, seed: null });
  });

  it('every report is one line that is in the file when the call returns', () => {
    const path = metricsFile();
    report({ step: 0, loss: 0.5 });
    expect(readFileSync(path, 'utf8')).toBe('{"step":0,"loss":0.5}\n');
    report({ 'val/acc': 0.9 });
    expect(readFileSync(path, 'utf8')).toBe('{"step":0,"loss":0.5}\n{"val/acc":0.9}\n');
  });

  it('non-finite values are written as their names', () => {
    const path = metricsFile();
    report({ step: 1, a: Number.NaN, b: Number.POSITIVE_INFINITY, c: Number.NEGATIVE_INFINITY });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ step: 1, a: 'NaN', b: 'Infinity', c: '-Infinity' });
  });

  it('any number and any name come back as they were', () => {
    const path = metricsFile();
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.double({ noNaN: true, noDefaultInfinity: true }), (name, value) => {
        report({ [name]: value });
        const last = readFileSync(path, 'utf8').trimEnd().split('\n').at(-1)!;
        const read = JSON.parse(last) as Record<string, number>;
        // JSON has one zero.
        expect(read[name]).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it('a half line that a killed process left does not swallow the first report', () => {
    const path = metricsFile();
    appendFileSync(path, '{"step": 4, "lo');
    report({ step: 5, loss: 1 });
    report({ step: 6, loss: 2 });
    expect(readFileSync(path, 'utf8').split('\n')).toEqual(['{"step": 4, "lo', '{"step":5,"loss":1}', '{"step":6,"loss":2}', '']);
  });

  it('a metrics file that cannot be written is an error, not a silent loss', () => {
    vi.stubEnv('SWEEP_METRICS', join(folder, 'missing', 'metrics.jsonl'));
    expect(() => report({ loss: 1 })).toThrow(/ENOENT/);
  });

  it('folders and ids are those that the agent gave', () => {
    vi.stubEnv('SWEEP_CHECKPOINT_DIR', join(folder, 'c'));
    vi.stubEnv('SWEEP_OUTPUT_DIR', join(folder, 'o'));
    vi.stubEnv('SWEEP_ID', 'abcdefgh');
    vi.stubEnv('SWEEP_TRIAL_ID', 'k3f9x2ab');
    vi.stubEnv('SWEEP_TRIAL_NUMBER', '17');
    vi.stubEnv('SWEEP_ATTEMPT', '2');
    expect([checkpointDir(), outputDir()]).toEqual([join(folder, 'c'), join(folder, 'o')]);
    expect(existsSync(join(folder, 'o'))).toBe(true);
    expect(trial()).toEqual({ sweep: 'abcdefgh', trial: 'k3f9x2ab', number: 17, attempt: 2 });
  });
});

describe('by hand', () => {
  it('params are the defaults, reports go nowhere and there is no trial', () => {
    expect(params({ lr: 1 })).toEqual({ lr: 1 });
    expect(params()).toEqual({});
    report({ step: 1, loss: 2 });
    expect(trial()).toBeUndefined();
  });

  it('folders are made where the program was started', () => {
    vi.spyOn(process, 'cwd').mockReturnValue(folder);
    expect(outputDir()).toBe(join(folder, 'output'));
    expect(existsSync(join(folder, 'checkpoint'))).toBe(false);
    expect(checkpointDir()).toBe(join(folder, 'checkpoint'));
    expect(existsSync(join(folder, 'checkpoint'))).toBe(true);
    vi.restoreAllMocks();
  });
});

describe('a stop request', () => {
  // Node's own type stripping or a loader would be one more moving part: the compiled form of stop.ts is made here.
  async function start(program: string) {
    const ts = await import('typescript');
    const source = readFileSync(new URL('./stop.ts', import.meta.url), 'utf8');
    writeFileSync(
      join(folder, 'stop.mjs'),
      ts.default.transpile(source, { module: ts.default.ModuleKind.ESNext, target: ts.default.ScriptTarget.ES2022 }),
    );
    writeFileSync(join(folder, 'program.mjs'), `import { shouldStop } from './stop.mjs';\n${program}`);
    const child = spawn(process.execPath, [join(folder, 'program.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return child;
  }

  it('lets the loop end by itself', async () => {
    const child = await start(`
      console.log('ready', shouldStop());
      while (!shouldStop()) await new Promise((resolve) => setTimeout(resolve, 5));
      process.exitCode = 7;
    `);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([7, null]);
  });

  it('ends a program that never asks, as without the library', async () => {
    const child = await start(`console.log('ready'); setInterval(() => shouldStop, 1000);`);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
  });

  it('ends at once when it comes a second time', async () => {
    const child = await start(`shouldStop(); console.log('ready'); setInterval(() => { if (shouldStop()) console.log('asked'); }, 5);`);
    child.kill('SIGTERM');
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
  });
});
