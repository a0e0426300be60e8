/** The Python twin has its own tests; this runs them, where there is a Python. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

describe('sweep_report.py', () => {
  it('passes its own tests', ({ skip }) => {
    if (spawnSync('python3', ['--version']).status !== 0) skip('python: python3 is not on PATH');
    const folder = fileURLToPath(new URL('../python', import.meta.url));
    const run = spawnSync('python3', ['-B', '-m', 'unittest', 'discover', '-s', folder], { encoding: 'utf8' });
    expect(run.stderr).toMatch(/Ran [1-9]\d* tests/);
    expect({ status: run.status, output: run.status === 0 ? '' : run.stderr }).toEqual({ status: 0, output: '' });
  });
});
