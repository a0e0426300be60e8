import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listGpus } from '../machine.js';

describe("a vendor's tool", () => {
  let bin: string;
  beforeEach(() => {
    bin = mkdtempSync(join(tmpdir(), 'gpu-tool-'));
  });
  afterEach(() => rmSync(bin, { recursive: true, force: true }));

  async function listed(script: string | null) {
    if (script !== null) writeFileSync(join(bin, 'nvidia-smi'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const problems: string[] = [];
    // Only what the script needs: a tool of this machine must not answer.
    const path = script === null ? bin : [bin, '/bin'].join(delimiter);
    const gpus = await listGpus({ PATH: path }, (problem) => problems.push(problem));
    return { gpus, problems };
  }

  it('that is not installed is a machine without such GPUs', async () => {
    expect(await listed(null)).toEqual({ gpus: [], problems: [] });
  });

  it('that works names them', async () => {
    const { gpus, problems } = await listed('echo "0, GPU-1, NVIDIA Test, 8192, 1024, 50, 40, 100, 0"');
    expect(gpus).toMatchObject([{ uuid: 'GPU-1', name: 'NVIDIA Test' }]);
    expect(problems).toEqual([]);
  });

  it('that is there and fails is told, with what it said', async () => {
    const { gpus, problems } = await listed('echo "NVIDIA-SMI has failed because it could not reach the driver." >&2; exit 9');
    expect(gpus).toEqual([]);
    expect(problems).toEqual(['nvidia-smi is installed and does not work: NVIDIA-SMI has failed because it could not reach the driver.']);
  });
});
