import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installScript } from './script.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'install-script-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const facts = { url: 'http://127.0.0.1:1', version: '1.2.3', sum: 'a'.repeat(64), fingerprint: null };
const run = (script: string, path = process.env['PATH']!) =>
  spawnSync('/bin/sh', { input: script, cwd: home, encoding: 'utf8', env: { HOME: home, PATH: path } });

describe('the script that installs an agent', () => {
  it('is one that a shell understands', () => {
    expect(spawnSync('/bin/sh', ['-n'], { input: installScript(facts) }).status).toBe(0);
  });

  it('runs nothing that stands in the address', () => {
    const run1 = run(installScript({ ...facts, url: "http://x'; touch pwned; '$(touch pwned)`touch pwned`" }));
    expect(run1.status).toBe(1);
    expect(readdirSync(home)).not.toContain('pwned');
  });

  it('says what it needs where there is no Node', () => {
    const bare = mkdtempSync(join(home, 'bin-'));
    const { status, stderr } = run(installScript(facts), bare);
    expect([status, stderr]).toEqual([1, 'sweep: Node.js 20 or newer is needed: https://nodejs.org\n']);
  });

  it('does nothing when it is cut off anywhere', () => {
    const whole = installScript(facts);
    for (let length = 0; length < whole.length - 'main "$@"\n'.length; length += 97) run(whole.slice(0, length));
    expect(readdirSync(home)).toEqual([]);
  });

  it('leaves nothing behind when the controller cannot be reached', () => {
    const { status, stderr } = run(installScript(facts));
    expect([status, stderr.includes('ECONNREFUSED')]).toEqual([1, true]);
    expect(readdirSync(join(home, '.local/share/sweep-agent/versions'))).toEqual([]);
  });
});
