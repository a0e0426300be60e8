import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { base, createSweep, random, startTestApp, type TestApp } from '../../testing/app.js';

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
});
afterEach(() => app.close());

const bytes = Buffer.from('<svg onload="alert(1)"/>');
const hash = createHash('sha256').update(bytes).digest('hex');
const octets = { 'content-type': 'application/octet-stream' };
const put = (name: string) => app.call('PUT', `${base}/blobs/${name}`, { body: bytes, headers: octets });

describe('a blob', () => {
  it('is stored under the hash of its bytes, and given back as a download', async () => {
    expect((await put(hash)).json()).toEqual({ hash, size: bytes.length });
    const answer = await app.call('GET', `${base}/blobs/${hash}`);
    expect(answer.rawPayload).toEqual(bytes);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': expect.stringMatching(/^attachment;/),
    });
  });

  it('under another hash is refused', async () => {
    expect((await put('0'.repeat(64))).statusCode).toBe(400);
    expect((await app.call('GET', `${base}/blobs/${'0'.repeat(64)}`)).statusCode).toBe(404);
  });

  it.each(['..%2f..%2fetc%2fpasswd', 'ABCDEF', `${'0'.repeat(63)}g`])('is not found at %s', async (name) => {
    expect((await app.call('GET', `${base}/blobs/${name}`)).statusCode).toBe(400);
  });

  it('needs a body of bytes', async () => {
    expect((await app.call('PUT', `${base}/blobs/${hash}`)).statusCode).toBe(400);
    expect((await app.call('PUT', `${base}/blobs/${hash}`, { body: { a: 1 } })).statusCode).toBe(400);
  });
});

describe('the files of a trial', () => {
  it('are listed, and downloaded by their path whatever their name is', async () => {
    const sweep = await createSweep(app, random);
    const asked = (await app.call('POST', `${base}/sweeps/${sweep}/ask`)).json() as { trials: { id: string }[] };
    const id = asked.trials[0]!.id;
    await put(hash);
    const path = `plots/ü"'; filename=x.svg`;
    await app.store.files.put({ run: id as never, kind: 'output', path, blob: hash as never, size: bytes.length, md5: null });
    expect((await app.call('GET', `${base}/trials/${id}/files`)).json().items).toMatchObject([
      { kind: 'output', path, size: bytes.length, hash },
    ]);
    const answer = await app.call('GET', `${base}/trials/${id}/files/content`, { query: { path } });
    expect(answer.rawPayload).toEqual(bytes);
    expect(answer.headers['content-disposition']).toBe(`attachment; filename*=UTF-8''%C3%BC%22%27%3B%20filename%3Dx.svg`);
    expect((await app.call('GET', `${base}/trials/${id}/files/content`, { query: { path: '../../etc/passwd' } })).statusCode).toBe(404);
  });

  it('stand beside its artifacts, of which there may be none', async () => {
    const sweep = await createSweep(app, random);
    const asked = (await app.call('POST', `${base}/sweeps/${sweep}/ask`)).json() as { trials: { id: string }[] };
    expect((await app.call('GET', `${base}/trials/${asked.trials[0]!.id}/artifacts`)).json()).toEqual({
      items: [],
      nextCursor: null,
      total: 0,
    });
    expect((await app.call('GET', `${base}/trials/zzzzzzzz/artifacts`)).statusCode).toBe(404);
  });
});
