import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../../testing/app.js';

const shell = '<!doctype html><title>shell</title><script type="module" src="/assets/index-a1.js"></script>';
let folder: string;
let app: TestApp;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sweep-dashboard-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), shell);
  writeFileSync(join(folder, 'assets', 'index-a1.js'), 'run()');
  writeFileSync(join(folder, 'assets', 'notes.txt'), 'not an asset');
  writeFileSync(join(folder, 'secret.js'), 'of nobody else');
  app = await startTestApp({ dashboard: folder });
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

const open = (path: string, headers: Record<string, string> = {}) => app.call('GET', path, { key: null, headers });

describe('the shell', () => {
  it.each([
    '/',
    '/ada',
    '/ada/digits',
    '/ada/digits/runs/a1b2c3d4',
    '/ada/digits/sweeps/k3f9x2ab?tab=trials',
    '/ada/digits/artifacts/model/weights/v0',
    '/authorize',
    '/settings',
    '/%E0%B8%81/%2F..%2F',
  ])('opens at %s, for anyone', async (path) => {
    const answer = await open(path);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toBe(shell);
    expect(answer.headers['cache-control']).toBe('no-cache');
  });

  it('may load nothing of another origin and run nothing inline', async () => {
    const policy = String((await open('/')).headers['content-security-policy']);
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  it.each(['/api/v1/nonsense', '/graphql', '/files/x', '/storage/nothing', '/assets'])('is not what programs get at %s', async (path) => {
    const answer = await open(path);
    expect(answer.statusCode).toBe(404);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  it('answers no method that would change something', async () => {
    expect((await app.call('POST', '/ada/digits', {})).statusCode).toBe(404);
  });
});

describe('an asset', () => {
  it('is kept by browsers for ever, since its name changes with its content', async () => {
    const answer = await open('/assets/index-a1.js');
    expect(answer.body).toBe('run()');
    expect(answer.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
  });

  it('travels compressed where that is understood', async () => {
    const answer = await open('/assets/index-a1.js', { 'accept-encoding': 'br, gzip' });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(answer.rawPayload).toString()).toBe('run()');
  });

  it.each(['/assets/notes.txt', '/assets/nothing.js', '/assets/..%2Fsecret.js', '/assets/%2e%2e%2findex.html', '/assets/../secret.js'])(
    'is only what was built as one: not %s',
    async (path) => {
      const answer = await open(path);
      expect(answer.body).not.toContain('of nobody else');
      expect(answer.body).not.toContain('not an asset');
    },
  );
});

describe('a controller without a built dashboard', () => {
  it('says at every page how to build it', async () => {
    const bare = await startTestApp();
    try {
      for (const path of ['/', '/ada/digits']) {
        const answer = await bare.call('GET', path, { key: null });
        expect(answer.statusCode).toBe(200);
        expect(answer.body).toContain('npm run build');
      }
    } finally {
      await bare.close();
    }
  });
});
