import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findKey, saveKey } from './credentials.js';
import { CommandError } from './exit.js';

let root: string;
let path: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sweep-credentials-'));
  path = join(root, 'sweep', 'credentials');
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('the credentials file', () => {
  it('can be read by its owner alone, also when it was open before', async () => {
    await saveKey(path, 'http://a:1', { key: 'one' });
    await chmod(path, 0o644);
    await saveKey(path, 'http://b:1', { key: 'two' });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(dirname(path))).toEqual(['credentials']);
  });

  it('keeps one key for each controller', async () => {
    await saveKey(path, 'http://a:1/', { key: 'one' });
    await saveKey(path, 'http://b:1', { key: 'two' });
    await saveKey(path, 'http://b:1', { key: 'three' });
    expect(await findKey(path, 'http://a:1', null)).toBe('one');
    expect(await findKey(path, 'http://B:1/', null)).toBe('three');
    expect(await findKey(path, 'http://c:1', null)).toBeNull();
  });

  it('finds the key of a local controller that got another port', async () => {
    await saveKey(path, 'http://127.0.0.1:4001', { key: 'one', dataDir: '/srv/sweep' });
    expect(await findKey(path, 'http://127.0.0.1:4002', '/srv/sweep')).toBe('one');
    await saveKey(path, 'http://127.0.0.1:4002', { key: 'one', dataDir: '/srv/sweep' });
    expect(await findKey(path, 'http://127.0.0.1:4001', null)).toBeNull();
  });

  it('is empty before the first login', async () => expect(await findKey(path, 'http://a:1', null)).toBeNull());

  it('that is damaged is not overwritten', async () => {
    await saveKey(path, 'http://a:1', { key: 'one' });
    await writeFile(path, '{"http://a:1": ');
    await expect(saveKey(path, 'http://b:1', { key: 'two' })).rejects.toBeInstanceOf(CommandError);
  });
});
