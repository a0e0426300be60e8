import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packFolder, selectFiles } from './archive.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sweep-archive-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

const everything = { include: [], exclude: [] };

interface Entry {
  readonly name: string;
  readonly mode: number | undefined;
  readonly type: string | null | undefined;
  readonly text: string;
}

async function unpack(bytes: Uint8Array): Promise<Entry[]> {
  const found: Entry[] = [];
  const reader = extract();
  reader.end(gunzipSync(bytes));
  for await (const entry of reader) {
    let text = '';
    for await (const part of entry) text += String(part);
    found.push({ name: entry.header.name, mode: entry.header.mode, type: entry.header.type, text });
  }
  return found;
}

describe('the archive of a folder', () => {
  it('has the same bytes for the same files, whenever and in whatever order they were made', async () => {
    const [one, two] = [join(root, 'one'), join(root, 'two')];
    await put(one, { 'b/c.py': 'c', 'a.py': 'a', 'B.py': 'b' });
    await put(two, { 'B.py': 'b', 'a.py': 'a', 'b/c.py': 'c' });
    await utimes(join(two, 'a.py'), 1, 1);
    await chmod(join(two, 'a.py'), 0o600);
    const [first, second] = [await packFolder(one, everything), await packFolder(two, everything)];
    expect(second.hash).toBe(first.hash);
    expect(first.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(first.files).toEqual(['B.py', 'a.py', 'b/c.py']);
  });

  it('differs when a byte or an executable bit does', async () => {
    await put(root, { 'a.sh': 'a' });
    const before = (await packFolder(root, everything)).hash;
    await chmod(join(root, 'a.sh'), 0o755);
    const executable = (await packFolder(root, everything)).hash;
    await writeFile(join(root, 'a.sh'), 'b');
    expect(new Set([before, executable, (await packFolder(root, everything)).hash]).size).toBe(3);
  });

  it('unpacks to the files', async () => {
    await put(root, { 'a.py': 'print(1)', 'deep/er/b.txt': 'ü' });
    await chmod(join(root, 'a.py'), 0o700);
    expect(await unpack((await packFolder(root, everything)).bytes)).toEqual([
      { name: 'a.py', mode: 0o755, type: 'file', text: 'print(1)' },
      { name: 'deep/er/b.txt', mode: 0o644, type: 'file', text: 'ü' },
    ]);
  });
});

describe('what goes in', () => {
  it('is never history, packages, caches or secrets', async () => {
    await put(root, {
      '.git/config': '',
      'x/node_modules/y.js': '',
      '__pycache__/a.pyc': '',
      'b.pyc': '',
      '.env': '',
      'wandb/run': '',
      'train.py': '',
      '.hidden': '',
    });
    expect(await selectFiles(root, everything)).toEqual(['.hidden', 'train.py']);
  });

  it('follows include and exclude', async () => {
    await put(root, { 'src/a.py': '', 'src/data/big.bin': '', 'src/b.txt': '', 'other.py': '' });
    expect(await selectFiles(root, { include: ['src'], exclude: ['*.bin'] })).toEqual(['src/a.py', 'src/b.txt']);
    expect(await selectFiles(root, { include: ['**/*.py'], exclude: [] })).toEqual(['other.py', 'src/a.py']);
    expect(await selectFiles(root, { include: [], exclude: ['./src/data/'] })).toEqual(['other.py', 'src/a.py', 'src/b.txt']);
  });

  it('is no link that leads out of the folder, nor one that leads nowhere', async () => {
    await put(root, { 'in/a.py': 'a', 'out/secret': 's' });
    const folder = join(root, 'in');
    await symlink('a.py', join(folder, 'good'));
    await symlink('../out/secret', join(folder, 'bad'));
    await symlink(join(folder, 'a.py'), join(folder, 'absolute'));
    await symlink('nothing', join(folder, 'dangling'));
    expect(await selectFiles(folder, everything)).toEqual(['a.py', 'good']);
    expect((await unpack((await packFolder(folder, everything)).bytes)).map(({ type }) => type)).toEqual(['file', 'symlink']);
  });
});
