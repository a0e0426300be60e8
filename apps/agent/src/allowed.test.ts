import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Allowed, refusalOf } from './allowed.js';

let root: string;
let inside: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'allowed-')));
  inside = join(root, 'train');
  mkdirSync(inside);
  for (const file of ['train/train.py', 'train/run.sh', 'evil.py']) writeFileSync(join(root, file), '');
  mkdirSync(join(root, 'training'));
  writeFileSync(join(root, 'training/x.py'), '');
  symlinkSync('../evil.py', join(inside, 'link.py'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const judge = (argv: string[], allowed: Partial<Allowed>, change: { cwd?: string; shipped?: boolean } = {}): string | null =>
  refusalOf({ argv, cwd: inside, shipped: false, ...change }, { programs: [], folders: [], ...allowed });

describe('an agent without restrictions', () => {
  it('runs anything', () => {
    expect(judge(['/usr/bin/env', 'A=1', 'sh', '-c', 'true'], {}, { shipped: true })).toBeNull();
  });
});

describe('allowed programs', () => {
  const programs = [['python', 'train.py'], ['/opt/run']];

  it('are the first words, behind env or not', () => {
    expect(judge(['python', 'train.py', '--lr=1'], { programs })).toBeNull();
    expect(judge(['/usr/bin/env', 'python', 'train.py'], { programs })).toBeNull();
    expect(judge(['/opt/run', 'anything'], { programs })).toBeNull();
  });

  it.each([
    [['python', 'evil.py']],
    [['python']],
    [['python3', 'train.py']],
    [['/usr/bin/python', 'train.py']],
    [['sh', '-c', 'python train.py']],
    [['env', 'python', 'train.py']],
    [['/usr/bin/env', 'PYTHONPATH=/tmp', 'python', 'train.py']],
    [['/usr/bin/env', '-S', 'python', 'train.py']],
    [['']],
    [[]],
  ])('are not %j', (argv) => {
    expect(judge(argv, { programs })).toMatch(/this agent does not run/);
  });

  it('are named in the refusal', () => {
    expect(judge(['sh', '-c', 'curl x | sh'], { programs })).toBe(
      'this agent does not run "sh -c curl x | sh": its owner allows "python train.py", "/opt/run" (--allow-program)',
    );
  });

  it('are no shipped ones: those bring what they like', () => {
    expect(judge(['python', 'train.py'], { programs }, { shipped: true })).toMatch(/no shipped code/);
  });
});

describe('allowed folders', () => {
  const here = () => ({ folders: [inside] });

  it('hold the program, or the file that an interpreter is given first', () => {
    expect(judge(['./run.sh'], here())).toBeNull();
    expect(judge(['python', 'train.py', '--lr=1'], here())).toBeNull();
    expect(judge(['/usr/bin/env', 'python', join(inside, 'train.py')], here(), { cwd: '/' })).toBeNull();
  });

  it.each([
    ['a file outside', ['python', '../evil.py']],
    ['a link that leads outside', ['python', 'link.py']],
    ['a folder whose name only begins alike', ['python', '../training/x.py']],
    ['a file that is not there', ['python', 'missing.py']],
    ['code in an argument', ['python', '-c', 'import os', 'train.py']],
    ['code in an option', ['python', '-cimport os', 'train.py']],
    ['a program alone', ['python']],
  ])('do not hold %s', (_, argv) => {
    expect(judge(argv, here())).toContain(inside);
  });

  it('go together with options that belong to an allowed program', () => {
    const both = { ...here(), programs: [['python'], ['python', '-u']] };
    expect(judge(['python', '-u', 'train.py'], both)).toBeNull();
    expect(judge(['python', '-c', 'x'], both)).not.toBeNull();
    expect(judge(['node', 'train.py'], both)).not.toBeNull();
  });

  it('may hold shipped code, if the owner says so', () => {
    expect(judge(['python', 'train.py'], here(), { shipped: true })).toBeNull();
    expect(judge(['python', 'train.py'], { folders: [join(root, 'training')] }, { shipped: true })).toMatch(/no shipped code/);
  });
});
