import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { candidates, takeCensus } from './census.js';
import { listPids } from './processes.js';

describe.runIf(process.platform === 'linux')('a census of processes (needs Linux)', () => {
  it('leaves those to be looked into that came after it', async () => {
    const census = takeCensus();
    const child = spawn('sleep', ['60']);
    const ended = once(child, 'exit');
    await once(child, 'spawn');
    const found = candidates(census);
    child.kill('SIGKILL');
    await ended;
    expect(found).toContain(child.pid);
    expect(found).not.toContain(process.pid);
  });

  it('is not trusted once all pids may have been given out again', async () => {
    const census = takeCensus()!;
    const child = spawn('true');
    await once(child, 'exit');
    for (const started of [census.started - 10_000_000, census.started + 10_000_000]) {
      expect(candidates({ ...census, started })).toContain(process.pid);
    }
  });

  it('is not missed: without one everything is looked into', () => {
    expect(candidates(null)).toEqual(expect.arrayContaining([process.pid, process.ppid]));
    expect(candidates(null).length).toBeGreaterThanOrEqual(listPids().length - 50);
  });
});
