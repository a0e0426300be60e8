import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Counters, memoryKills, namesKilled } from './counters.js';
import type { GpuReading } from './gpu/reading.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweep-counters-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function kernel(files: Readonly<Record<string, string>>) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return { proc: join(folder, 'proc'), cgroup: join(folder, 'cgroup') };
}

describe("the kernel's kills for want of memory", () => {
  it('are those of the own memory group, of either version', async () => {
    const machine = { 'proc/vmstat': 'pgfault 9\noom_kill 40\n' };
    const unified = { 'proc/self/cgroup': '0::/box/agent\n', 'cgroup/box/agent/memory.events': 'low 0\noom 2\noom_kill 1\n' };
    expect(memoryKills(await kernel({ ...machine, ...unified }))).toBe(1);
    const legacy = { 'proc/self/cgroup': '4:memory:/old\n0::/\n', 'cgroup/memory/old/memory.oom_control': 'under_oom 0\noom_kill 7\n' };
    expect(memoryKills(await kernel({ ...machine, ...legacy }))).toBe(7);
  });

  it('are those of the machine where there is no group, and unknown where nobody says', async () => {
    expect(memoryKills(await kernel({ 'proc/vmstat': 'oom_kill 40\n' }))).toBe(40);
    expect(memoryKills(await kernel({ 'proc/vmstat': 'pgfault 9\n' }))).toBeNull();
  });

  it('are in its log by process id', () => {
    const log =
      '[12.1] Out of memory: Killed process 4711 (python3) total-vm:1kB\n[13.0] oom-kill:constraint=NONE,task=python,pid=99,uid=0';
    expect(namesKilled(log, 4711)).toBe(true);
    expect(namesKilled(log, 99)).toBe(true);
    expect(namesKilled(log, 471)).toBe(false);
    expect(namesKilled('[1.0] process 5 exited', 5)).toBe(false);
  });
});

describe('what is counted against an attempt', () => {
  const uuid = 'GPU-1';
  const sampler = (uncorrectable: () => number | null) => ({
    reading: (): GpuReading => ({ uuid, utilization: 1, memoryBytes: 1, temperature: 1, power: 1, uncorrectable: uncorrectable() }),
    stop: () => undefined,
  });
  const failed = { code: 1, signal: null, failure: null, abandoned: false };

  it('are errors of its GPUs that came while it ran, also where the first reading came late', async () => {
    let errors: number | null = null;
    const counters = new Counters(
      [uuid],
      sampler(() => errors),
    );
    errors = 3;
    counters.look();
    expect(await counters.against(failed, null, '')).toBeNull();
    errors = 5;
    expect(await counters.against(failed, null, '')).toEqual({
      evidence: 'gpu-error',
      what: 'GPU-1 counted 2 uncorrectable memory errors meanwhile',
    });
  });

  it('is nothing for a bare signal', async () => {
    const counters = new Counters(
      [],
      sampler(() => null),
    );
    expect(await counters.against({ ...failed, code: null, signal: 'SIGKILL' }, 999_999_999, '')).toBeNull();
  });
});
