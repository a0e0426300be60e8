import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testGrant } from '@sweep/protocol/testing';
import { describe, expect, it } from 'vitest';
import { startProblem } from './command.js';
import { readAgentConfig } from './config.js';
import { marksOf, programEnvironment } from './environment.js';
import { evidenceIn } from './evidence.js';
import { decideFlapping, type Ended } from './flapping.js';
import { parseAmd } from './gpu/amd.js';
import { parseNvidiaLine } from './gpu/nvidia.js';
import { finishedOf, wantsCheckpoint } from './outcome.js';
import { chooseGpus, planSlots, Slots } from './slots.js';
import { processTree, systemMetrics } from './system-metrics.js';
import { wandbConfig } from './wandb-config.js';
import { Workdir } from './workdir.js';

describe('flapping', () => {
  const rules = { watchFlapping: true, maxInitialFailures: 5 };
  const ends = (text: string, everyMs = 1_000): Ended[] =>
    [...text].map((letter, index) => ({ failed: letter === 'F', afterMs: (index + 1) * everyMs }));

  it('ends an agent at the third failure within its first minute', () => {
    expect(decideFlapping(ends('FF'), rules)).toBeNull();
    expect(decideFlapping(ends('FFF'), rules)).toContain('3 trials failed in the first 60 seconds');
    expect(decideFlapping(ends('FOFOF'), rules)).toContain('3 trials');
    expect(decideFlapping(ends('FFF', 30_000), rules)).toBeNull();
  });

  it('can be switched off; then five initial failures end it', () => {
    const off = { ...rules, watchFlapping: false };
    expect(decideFlapping(ends('FFFF'), off)).toBeNull();
    expect(decideFlapping(ends('FFFFF'), off)).toContain('5 of the first 5');
  });

  it('forgives initial failures after the second success', () => {
    const off = { ...rules, watchFlapping: false };
    expect(decideFlapping(ends('OFFFFF'), off)).not.toBeNull();
    expect(decideFlapping(ends('OOFFFFF'), off)).toBeNull();
  });

  it('looks only when a trial has failed', () => {
    expect(decideFlapping([], rules)).toBeNull();
    expect(decideFlapping([...ends('FF'), { failed: false, afterMs: 5_000 }], rules)).toBeNull();
  });
});

describe('slots', () => {
  const gpu = (index: number) => ({ uuid: `GPU-0000${index}abc`, vendor: 'nvidia' as const, name: 'Test', memoryBytes: 1 });
  const four = [0, 1, 2, 3].map(gpu);

  it('are one a GPU, several that share one, or several GPUs each', () => {
    expect(planSlots(four, { slots: null, slotsPerGpu: 1 }).map(({ gpus }) => gpus.length)).toEqual([1, 1, 1, 1]);
    expect(planSlots(four.slice(0, 1), { slots: null, slotsPerGpu: 3 }).map(({ gpus }) => gpus)).toEqual([
      ['GPU-00000abc'],
      ['GPU-00000abc'],
      ['GPU-00000abc'],
    ]);
    expect(planSlots(four, { slots: 2, slotsPerGpu: 1 }).map(({ gpus }) => gpus)).toEqual([
      ['GPU-00000abc', 'GPU-00001abc'],
      ['GPU-00002abc', 'GPU-00003abc'],
    ]);
    expect(planSlots([], { slots: null, slotsPerGpu: 1 })).toEqual([{ index: 0, gpus: [] }]);
    expect(planSlots([], { slots: 3, slotsPerGpu: 1 })).toHaveLength(3);
  });

  it('are chosen by index, UUID or its beginning; a wrong choice names what there is', () => {
    expect(chooseGpus(four, '2, 0').map(({ uuid }) => uuid)).toEqual(['GPU-00002abc', 'GPU-00000abc']);
    expect(chooseGpus(four, 'GPU-00003')).toEqual([four[3]]);
    expect(chooseGpus(four, 'none')).toEqual([]);
    expect(() => chooseGpus(four, '7')).toThrow('there is no GPU "7"; this machine has 0 (GPU-00000abc, Test)');
    expect(() => chooseGpus(four, 'GPU-0000')).toThrow('there is no GPU');
  });

  it('are held by one lease at a time and freed by it alone', () => {
    const slots = new Slots(planSlots([], { slots: 3, slotsPerGpu: 1 }));
    slots.take('a', [0, 2]);
    expect(slots.idle).toEqual([1]);
    expect(slots.canTake([1, 2])).toBe(false);
    expect(slots.canTake([9])).toBe(false);
    slots.free('b');
    expect(slots.idle).toEqual([1]);
    slots.free('a');
    expect(slots.idle).toEqual([0, 1, 2]);
  });
});

describe('GPU tables', () => {
  it('of nvidia-smi are read also where the driver says nothing', () => {
    expect(parseNvidiaLine('1, GPU-8f6d, NVIDIA A100-SXM4-80GB, 81920, 1024, [N/A], 35, [Not Supported], 2')).toEqual({
      index: 1,
      gpu: { uuid: 'GPU-8f6d', vendor: 'nvidia', name: 'NVIDIA A100-SXM4-80GB', memoryBytes: 81920 * 1024 * 1024 },
      reading: { uuid: 'GPU-8f6d', utilization: null, memoryBytes: 1024 * 1024 * 1024, temperature: 35, power: null, uncorrectable: 2 },
    });
    expect(parseNvidiaLine('Unable to determine the device handle for GPU 0000:01:00.0: Unknown Error')).toBeNull();
    expect(parseNvidiaLine('')).toBeNull();
  });

  it('of rocm-smi are read in the order of their cards', () => {
    const card = (id: string) => ({
      'Unique ID': id,
      'Card Series': 'Instinct MI210',
      'VRAM Total Memory (B)': '68702699520',
      'VRAM Total Used Memory (B)': '10985472',
      'GPU use (%)': '7',
      'Temperature (Sensor edge) (C)': '41.0',
      'Average Graphics Package Power (W)': '42.0',
    });
    const found = parseAmd(JSON.stringify({ card10: card('0xb'), card2: card('0xa'), system: { 'Driver version': '6' } }));
    expect(found.map(({ gpu }) => gpu.uuid)).toEqual(['GPU-a', 'GPU-b']);
    expect(found[0]).toEqual({
      gpu: { uuid: 'GPU-a', vendor: 'amd', name: 'Instinct MI210', memoryBytes: 68702699520 },
      reading: { uuid: 'GPU-a', utilization: 7, memoryBytes: 10985472, temperature: 41, power: 42, uncorrectable: null },
    });
  });
});

describe('an end', () => {
  const base = { grant: testGrant(), argv: ['x'], stop: null, signalled: false, lastSequence: 4, stdout: '', stderr: '', counted: null };
  const exit = { code: 0, signal: null, failure: null, abandoned: false };

  it('that nobody saw, or that we caused to leave, is no result', () => {
    expect(finishedOf({ ...base, exit: { ...exit, code: null } })).toBeNull();
    expect(finishedOf({ ...base, exit: { ...exit, code: null, signal: 'SIGKILL', abandoned: true } })).toBeNull();
    expect(
      finishedOf({ ...base, exit: { ...exit, code: null, signal: 'SIGTERM' }, signalled: true, stop: { kind: 'leave', reason: '' } }),
    ).toBeNull();
  });

  it("before our signal reached the program is the program's own", () => {
    expect(finishedOf({ ...base, exit, stop: { kind: 'away', reason: '' } })).toMatchObject({
      exitCode: 0,
      signalled: false,
      lastSequence: 4,
    });
    expect(finishedOf({ ...base, exit, stop: { kind: 'timeout', reason: 'too long' } })).toMatchObject({ evidence: '' });
  });

  it('that went well has no evidence, whatever was printed', () => {
    expect(finishedOf({ ...base, exit, stderr: 'CUDA out of memory, halving the batch' })).toMatchObject({
      evidence: '',
      detail: 'exit code 0',
    });
  });

  it('that went wrong is told with what the program said last', () => {
    expect(finishedOf({ ...base, exit: { ...exit, code: 1 }, stderr: 'Traceback:\nValueError: bad lr\n' })).toMatchObject({
      detail: 'exit code 1: ValueError: bad lr',
    });
    expect(finishedOf({ ...base, exit: { ...exit, code: 3 } })).toMatchObject({ detail: 'exit code 3' });
  });

  it('is of the class that the kernel or a GPU counted, whatever the program said', () => {
    const counted = { evidence: 'oom', what: 'the kernel killed a process for want of memory' } as const;
    expect(finishedOf({ ...base, exit: { ...exit, code: null, signal: 'SIGKILL' }, stderr: 'ConnectionError', counted })).toMatchObject({
      evidence: 'oom',
      detail: 'killed by SIGKILL: the kernel killed a process for want of memory',
    });
  });

  it('asks for its checkpoint when another attempt may follow', () => {
    const finished = finishedOf({ ...base, exit: { ...exit, code: 75 } });
    expect(wantsCheckpoint(finished, null)).toBe(true);
    expect(wantsCheckpoint(finished, { kind: 'prune', reason: '' })).toBe(false);
    expect(wantsCheckpoint(finishedOf({ ...base, exit }), null)).toBe(false);
    expect(wantsCheckpoint(null, null)).toBe(false);
  });

  it.each([
    ['RuntimeError: CUDA error: out of memory', 'gpu-oom'],
    ['torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB', 'gpu-oom'],
    ['Traceback…\nMemoryError', 'oom'],
    ['OSError: [Errno 28] No space left on device', 'no-space'],
    ['RuntimeError: CUDA error: an illegal memory access was encountered', 'gpu-error'],
    ['RuntimeError: CUDA error: uncorrectable ECC error encountered', 'gpu-error'],
    ["Traceback…\nModuleNotFoundError: No module named 'torch'", 'import-error'],
    ["Error: Cannot find module 'left-pad'", 'import-error'],
    ['Traceback…\nFloatingPointError: loss is nan at step 12', 'nan-loss'],
    ['ValueError: NaN loss encountered', 'nan-loss'],
    ['requests.exceptions.ConnectionError: HTTPSConnectionPool(host=…)', 'network'],
    ['Error: getaddrinfo ENOTFOUND huggingface.co', 'network'],
    ['could not import it (ImportError: ignored), going on\nValueError: bad lr', null],
    ['loss 0.3, nanoseconds 12\nValueError: bad lr', null],
    ['ValueError: MemoryError handling is not my thing', null],
    ['', null],
  ])('with last words %j has evidence %s', (words, evidence) => {
    expect(evidenceIn(words)).toBe(evidence);
  });
});

describe('a command that cannot be started', () => {
  it('is named with the reason', () => {
    const folder = mkdtempSync(join(tmpdir(), 'command-'));
    writeFileSync(join(folder, 'plain'), '', { mode: 0o644 });
    expect(startProblem(['/bin/sh'], folder, {})).toBeNull();
    expect(startProblem(['sh'], folder, { PATH: '/nowhere:/bin' })).toBeNull();
    expect(startProblem(['/usr/bin/env', 'A=1', 'sh'], folder, { PATH: '/bin' })).toBeNull();
    expect(startProblem(['/usr/bin/env', 'pyhton', 'x.py'], folder, { PATH: '/bin' })).toBe(
      'cannot start "pyhton": not found on PATH (/bin)',
    );
    expect(startProblem(['./plain'], folder, {})).toContain('is not executable');
    expect(startProblem(['plain'], folder, { PATH: folder })).toContain('is not executable');
    expect(startProblem(['.'], folder, { PATH: folder })).toContain('is a folder');
    expect(startProblem([''], folder, {})).toContain('no name');
    rmSync(folder, { recursive: true });
  });
});

describe("a program's environment", () => {
  const paths = new Workdir('/w').attempt({ trialId: 't1', attempt: 2 });
  const make = (gpus: Parameters<typeof programEnvironment>[0]['gpus'], base: NodeJS.ProcessEnv = {}) =>
    programEnvironment({ base, grant: testGrant({ trialId: 't1', attempt: 2 }), paths, cwd: '/cwd', gpus, caBundle: '/w/ca.pem' });

  it('hides all GPUs from a trial that has none, and leaves a machine without alone', () => {
    expect(make([])).toMatchObject({ CUDA_VISIBLE_DEVICES: '' });
    expect(make(null)).not.toHaveProperty('CUDA_VISIBLE_DEVICES');
    expect(make([{ uuid: 'GPU-a', vendor: 'amd', name: '', memoryBytes: 1 }])).toMatchObject({ ROCR_VISIBLE_DEVICES: 'GPU-a' });
  });

  it('carries the marks by which its processes are found', () => {
    const environment = make(null);
    expect(
      marksOf({ trialId: 't1', attempt: 2 }).every((mark) =>
        Object.entries(environment).some(([name, value]) => `${name}=${value}` === mark),
      ),
    ).toBe(true);
  });

  it('keeps authorities and a W&B folder that the user has set', () => {
    expect(make(null, { SSL_CERT_FILE: '/mine', WANDB_DIR: '/logs' })).toMatchObject({
      SSL_CERT_FILE: '/mine',
      REQUESTS_CA_BUNDLE: '/w/ca.pem',
      WANDB_DIR: '/logs',
    });
  });

  it('takes no id that would leave the folder', () => {
    expect(() => new Workdir('/w').attempt({ trialId: '../x', attempt: 1 })).toThrow('is not an id');
  });
});

describe('the W&B config file', () => {
  it('writes floats so that YAML 1.1 reads them as floats, and texts so that it reads them as texts', () => {
    expect(wandbConfig({ b: 1e-7, a: 'on', c: 1e21, d: Number.NaN, e: 16, f: [1.5, null, true], g: { '1': 12345678901234567890n } })).toBe(
      'wandb_version: 1\n"a":\n  value: "on"\n"b":\n  value: 1.0e-7\n"c":\n  value: 1000000000000000000000\n"d":\n  value: .nan\n"e":\n  value: 16\n"f":\n  value: [1.5, null, true]\n"g":\n  value: {"1": 12345678901234567890}\n',
    );
  });
});

describe("a trial's processes", () => {
  const process = (pid: number, parent: number, session: number) => ({
    pid,
    parent,
    session,
    group: session,
    zombie: false,
    startTicks: 0,
    cpuTicks: 0,
    residentPages: 0,
  });

  it('are its session and all descendants, in whatever order they are listed', () => {
    const all = [process(5, 4, 9), process(4, 2, 9), process(2, 1, 2), process(3, 1, 2), process(8, 1, 8)];
    expect(processTree(2, all).map(({ pid }) => pid)).toEqual([5, 4, 2, 3]);
  });
});

describe('system metrics', () => {
  it('are measured from the kernel and the GPUs, the processor from the second look on', () => {
    const sampler = {
      reading: (uuid: string) => ({ uuid, utilization: 50, memoryBytes: null, temperature: 40, power: 1, uncorrectable: 0 }),
      stop: () => undefined,
    };
    const metrics = systemMetrics(process.pid, ['GPU-a'], sampler);
    const names = metrics.measure({ step: 0, now: 1_000 }).map(({ name }) => name);
    expect(names).toEqual(['system/memory', 'system/gpu.0.utilization', 'system/gpu.0.temperature', 'system/gpu.0.power']);
    const second = metrics.measure({ step: 5, now: 6_000 });
    expect(second.find(({ name }) => name === 'system/cpu')!.value).toBeGreaterThanOrEqual(0);
    expect(second.find(({ name }) => name === 'system/memory')!.value).toBeGreaterThan(10_000_000);
    expect(second.every(({ step, time }) => step === 5 && time === 6_000)).toBe(true);
  });
});

describe('settings', () => {
  const read = (argv: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
    readAgentConfig(argv, { XDG_CONFIG_HOME: '/nowhere', ...environment }, '/');

  it('come from flags and the environment', () => {
    expect(
      read(['me/p/k3f9x2ab', '--label', 'zone=a', '--label', 'x=y=z', '--count', '3', '-f', '-t', '5'], { SWEEP_API_KEY: 'k' }),
    ).toMatchObject({
      sweepId: 'k3f9x2ab',
      labels: { zone: 'a', x: 'y=z' },
      count: 3,
      forwardSignals: true,
      termTimeoutMs: 5_000,
      killsAfterForward: true,
      key: 'k',
      gpus: 'all',
    });
  });

  it('respect the GPUs that the agent itself was given', () => {
    expect(read([], { CUDA_VISIBLE_DEVICES: '1' }).gpus).toBe('1');
    expect(read([], { CUDA_VISIBLE_DEVICES: '-1' }).gpus).toBe('none');
    expect(read(['--gpus', 'all'], { CUDA_VISIBLE_DEVICES: '1' }).gpus).toBe('all');
  });

  it('that are wrong are refused with their name, value and source', () => {
    expect(() => read(['--slots', '0'])).toThrow('slots: "0" (from flag --slots) is not allowed: expected at least 1');
    expect(() => read(['--label', 'zone'])).toThrow('expected KEY=VALUE');
    expect(() => read(['--nonsense'])).toThrow(TypeError);
  });
});
