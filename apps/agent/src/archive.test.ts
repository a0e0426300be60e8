import {
  createReadStream,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packFolder, unpack } from './archive.js';

let folder: string;
let target: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-'));
  target = join(folder, 'target');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const limits = { bytes: 1_000_000, entries: 100 };

async function* archive(entries: readonly (Partial<Header> & { name: string; content?: string })[]): AsyncGenerator<Uint8Array> {
  const tar = pack();
  for (const { content = '', ...header } of entries) tar.entry(header, content);
  tar.finalize();
  const parts: Uint8Array[] = [];
  for await (const part of tar as AsyncIterable<Uint8Array>) parts.push(part);
  yield gzipSync(Buffer.concat(parts));
}

describe('a folder', () => {
  it('comes out of its archive as it went in: files, modes, empty ones, folders, inner links', async () => {
    const source = join(folder, 'source');
    mkdirSync(join(source, 'deep', 'er'), { recursive: true });
    writeFileSync(join(source, 'deep', 'er', 'data'), Buffer.alloc(100_000, 7));
    writeFileSync(join(source, 'empty'), '');
    writeFileSync(join(source, 'run.sh'), '#!/bin/sh', { mode: 0o755 });
    symlinkSync('deep/er/data', join(source, 'latest'));
    symlinkSync('/etc/passwd', join(source, 'outside'));
    await packFolder(source, join(folder, 'a.tar.gz'));
    await unpack(createReadStream(join(folder, 'a.tar.gz')), target, limits);
    expect(readdirSync(target).sort()).toEqual(['deep', 'empty', 'latest', 'run.sh']);
    expect(readFileSync(join(target, 'latest'))).toEqual(Buffer.alloc(100_000, 7));
    expect(lstatSync(join(target, 'run.sh')).mode & 0o777).toBe(0o755);
  });
});

describe('an archive from elsewhere', () => {
  it.each([
    ['a parent path', [{ name: '../evil', content: 'x' }]],
    ['a parent path inside', [{ name: 'a/../../evil', content: 'x' }]],
    ['an absolute path', [{ name: '/tmp/evil-archive-entry', content: 'x' }]],
    ['a link to outside', [{ name: 'l', type: 'symlink' as const, linkname: '../..' }]],
    ['an absolute link', [{ name: 'l', type: 'symlink' as const, linkname: '/etc' }]],
    [
      'a link through a link',
      [
        { name: 'x/y/l', type: 'symlink' as const, linkname: '..' },
        { name: 'm', type: 'symlink' as const, linkname: 'x/y/l/../../../..' },
      ],
    ],
    [
      'a link that leads outside as the kernel sees it',
      [
        { name: 'x/y/f', content: '' },
        { name: 'x/y/l', type: 'symlink' as const, linkname: '../..' },
        { name: 'm', type: 'symlink' as const, linkname: 'x/y/l/../../../x' },
      ],
    ],
    [
      'a link behind a link',
      [
        { name: 'x/y/d', type: 'symlink' as const, linkname: '../..' },
        { name: 'x/y/d/l', type: 'symlink' as const, linkname: '../../nowhere' },
      ],
    ],
    ['a hard link', [{ name: 'l', type: 'link' as const, linkname: '/etc/passwd' }]],
    ['a device', [{ name: 'd', type: 'character-device' as const }]],
    [
      'a name twice',
      [
        { name: 'a', content: 'x' },
        { name: 'a', content: 'y' },
      ],
    ],
    ['too many bytes', [{ name: 'a', content: 'x'.repeat(1_000_001) }]],
    ['too many entries', Array.from({ length: 101 }, (_, i) => ({ name: `f${i}` }))],
  ])('with %s is refused, and nothing outside is touched', async (_, entries) => {
    const before = readdirSync(folder);
    await expect(unpack(archive(entries), target, limits)).rejects.toThrow();
    expect(readdirSync(folder).filter((name) => name !== 'target')).toEqual(before);
  });

  it('that is cut off or no archive at all is refused', async () => {
    async function* half(): AsyncGenerator<Uint8Array> {
      for await (const part of archive([{ name: 'a', content: 'x'.repeat(50_000) }])) yield part.subarray(0, part.length / 2);
    }
    async function* noise(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('this is no gzip');
    }
    await expect(unpack(half(), target, limits)).rejects.toThrow();
    await expect(unpack(noise(), target, limits)).rejects.toThrow();
  });
});
