import { createHash } from 'node:crypto';
import { consoleView, listOf, oneRunView, runMediaView, runSeriesView } from '@sweep/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { base, createSweep, random, startTestApp, type TestApp } from '../../testing/app.js';

type ArtifactContents = Parameters<TestApp['store']['artifacts']['commit']>[1]['files'];

let app: TestApp;
let run: string;
beforeEach(async () => {
  app = await startTestApp();
  const { id: project } = await app.store.projects.ensure('ada', 'vision');
  const user = (await app.store.keys.findUserByName('ada'))!.id;
  run = (await app.store.runs.ensure({ project, handle: 'aaaaaaaa', user, name: 'first', state: 'running' })).record.id;
});
afterEach(() => app.close());

const get = (path: string, query: Record<string, string> = {}) => app.call('GET', `${base}${path}`, { query });
const json = { 'content-type': 'application/json' };
const send = (files: Record<string, { readonly offset: number; readonly content: readonly string[] }>) =>
  app.call('POST', '/files/ada/vision/aaaaaaaa/file_stream', { body: JSON.stringify({ files }), headers: json });

describe('one run', () => {
  it('is found by its id or its path, with its whole summary and the charts that it asked for', async () => {
    await app.store.runs.change(run as never, () => ({
      summary: '{"loss": NaN, "sample": {"_type": "image-file"}}',
      host: 'box',
      exitCode: 1,
      configDocument: '{"_wandb": {"value": {"visualize": {"bars": {"panel_type": "Vega2"}}}}}',
    }));
    for (const name of [run, encodeURIComponent('ada/vision/aaaaaaaa')]) {
      const view = oneRunView.parse((await get(`/runs/${name}`)).json());
      expect(view).toMatchObject({ id: run, name: 'first', host: 'box', exitCode: 1, attempts: [], charts: [{ key: 'bars' }] });
      expect(view.fullSummary).toEqual({ loss: 'NaN', sample: { _type: 'image-file' } });
    }
    expect((await get('/runs/nosuchrun')).statusCode).toBe(404);
  });

  it('lists what it logged: numbers, media, and the machine', async () => {
    const history = ['{"_step":0,"loss":1}', '{"_step":1,"loss":"NaN","sample":{"_type":"image-file","path":"a.png"}}'];
    const events = ['{"system.cpu":50,"_timestamp":5}'];
    await send({ 'wandb-history.jsonl': { offset: 0, content: history }, 'wandb-events.jsonl': { offset: 0, content: events } });
    const { items } = listOf(runSeriesView).parse((await get(`/runs/${run}/keys`)).json());
    expect(items.map(({ name, kind, system }) => [name, kind, system])).toEqual([
      ['loss', 'number', false],
      ['sample', 'image-file', false],
      ['system.cpu', 'number', true],
    ]);
    expect(items[0]).toMatchObject({ points: 2, last: 'NaN', min: 1, max: 1 });
  });
});

describe('media of a run', () => {
  beforeEach(async () => {
    const content = Array.from({ length: 7 }, (_, step) =>
      step % 2 === 0
        ? `{"_step":${step},"p":{"_type":"image-file","path":"${step}.png"},"h":{"_type":"histogram"}}`
        : `{"_step":${step},"loss":1}`,
    );
    await send({ 'wandb-history.jsonl': { offset: 0, content } });
  });

  it('come in order of steps, of the keys that were asked for', async () => {
    const { items, nextCursor } = listOf(runMediaView).parse((await get(`/runs/${run}/media`, { keys: 'p' })).json());
    expect(items.map(({ key, step, value }) => [key, step, value['path']])).toEqual([0, 2, 4, 6].map((step) => ['p', step, `${step}.png`]));
    expect(nextCursor).toBeNull();
    expect((await get(`/runs/${run}/media`)).json().items).toHaveLength(8);
    expect((await get(`/runs/${run}/media`, { keys: 'none' })).json().items).toEqual([]);
  });

  it('come page by page, none twice and none left out', async () => {
    const steps: number[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: { step: number }[]; nextCursor: string | null } = (
        await get(`/runs/${run}/media`, { keys: 'p', limit: '1', ...(cursor === null ? {} : { cursor }) })
      ).json();
      steps.push(...page.items.map(({ step }) => step));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(steps).toEqual([0, 2, 4, 6]);
  });
});

describe('the console of a run', () => {
  const lines = async (path: string, query: Record<string, string> = {}) => consoleView.parse((await get(path, query)).json());

  it('of the client is lines with their times', async () => {
    await send({
      'output.log': { offset: 0, content: ['2026-03-05T10:00:00.000000 one', 'ERROR 2026-03-05T10:00:01.000000 two', 'three'] },
    });
    const all = await lines(`/runs/${run}/console`);
    expect(all).toMatchObject({ streams: ['client'], stream: 'client', unit: 'lines', from: 0, next: 3, total: 3, ended: false });
    expect(all.lines.map(({ at, stream, text }) => [at, stream, text])).toEqual([
      [0, 'stdout', 'one'],
      [1, 'stderr', 'two'],
      [2, 'stdout', 'three'],
    ]);
    expect((await lines(`/runs/${run}/console`, { from: '2', limit: '1' })).lines.map(({ text }) => text)).toEqual(['three']);
  });

  it('of a run that printed nothing is empty; a stream that there is not is told', async () => {
    expect(await lines(`/runs/${run}/console`)).toMatchObject({ streams: [], lines: [], total: 0 });
    expect((await get(`/runs/${run}/console`, { stream: 'video' })).statusCode).toBe(404);
  });

  it('of an agent is lines by their bytes; one that is not finished waits for its end', async () => {
    const text = 'first line\nsecond ü line\r\nthird';
    const data = Buffer.from(text);
    await app.store.logs.append([{ run: run as never, attempt: 1, stream: 'stdout', offset: 0, data }]);
    await app.store.runs.change(run as never, () => ({ attempt: 1 }));
    const path = `/runs/${run}/console`;
    const begun = await lines(path);
    expect(begun).toMatchObject({ stream: 'stdout', unit: 'bytes', total: data.length, next: data.length - 5 });
    expect(begun.lines.map(({ text: line }) => line)).toEqual(['first line', 'second ü line']);
    expect((await lines(path, { from: '6' })).lines.map(({ at, text: line }) => [at, line])).toEqual([
      [6, 'line'],
      [11, 'second ü line'],
    ]);
    await app.store.runs.change(run as never, () => ({ state: 'finished' }));
    expect((await lines(path)).lines.at(-1)).toMatchObject({ text: 'third', at: data.length - 5 });
  });

  it('is read on in small stretches without losing or repeating a line, however long', async () => {
    const text = `${Array.from({ length: 40 }, (_, i) => `${i} ${'x'.repeat(i * 3)}`).join('\n')}\n`;
    await app.store.logs.append([{ run: run as never, attempt: 1, stream: 'stderr', offset: 0, data: Buffer.from(text) }]);
    await app.store.runs.change(run as never, () => ({ attempt: 1, state: 'finished' }));
    let from = 0;
    let read = '';
    for (let total = 1; from < total; ) {
      const page = await lines(`/runs/${run}/console`, { from: String(from), limit: '64' });
      read += page.lines.map(({ text: line, at }) => (read !== '' && text[at - 1] === '\n' ? `\n${line}` : line)).join('');
      expect(page.next).toBeGreaterThan(from);
      ({ next: from, total } = page);
    }
    expect(`${read}\n`.replaceAll('\n', '')).toBe(text.replaceAll('\n', ''));
  });
});

describe('a file of a run', () => {
  const put = async (path: string, content: string) => {
    const bytes = Buffer.from(content);
    const hash = createHash('sha256').update(bytes).digest('hex');
    await app.call('PUT', `${base}/blobs/${hash}`, { body: bytes, headers: { 'content-type': 'application/octet-stream' } });
    await app.store.files.put({ run: run as never, kind: 'client', path, blob: hash as never, size: bytes.length, md5: null });
  };
  const content = (path: string, query: Record<string, string> = {}) => get(`/runs/${run}/files/content`, { path, ...query });

  it('is given in parts, as players ask for it', async () => {
    await put('media/a.mp4', '0123456789');
    const part = (range: string) =>
      app.call('GET', `${base}/runs/${run}/files/content`, { query: { path: 'media/a.mp4', show: '1' }, headers: { range } });
    for (const [range, text, place] of [
      ['bytes=0-', '0123456789', 'bytes 0-9/10'],
      ['bytes=2-4', '234', 'bytes 2-4/10'],
      ['bytes=8-99', '89', 'bytes 8-9/10'],
      ['bytes=-3', '789', 'bytes 7-9/10'],
    ] as const) {
      const given = await part(range);
      expect([given.statusCode, given.body, given.headers['content-range']], range).toEqual([206, text, place]);
      expect(given.headers).toMatchObject({ 'content-type': 'video/mp4', 'content-length': String(text.length) });
    }
    const beyond = await part('bytes=10-');
    expect([beyond.statusCode, beyond.headers['content-range']]).toEqual([416, 'bytes */10']);
    const several = await part('bytes=0-1,3-4');
    expect([several.statusCode, several.body, several.headers['accept-ranges']]).toEqual([200, '0123456789', 'bytes']);
  });

  it('is a download, unless it is to be shown', async () => {
    await put('media/a.png', 'picture');
    expect((await content('media/a.png')).headers['content-disposition']).toMatch(/^attachment/);
    expect((await content('media/a.png', { show: '1' })).headers).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': 'inline',
    });
    expect((await get(`/runs/${run}/files`)).json().items).toMatchObject([{ path: 'media/a.png', size: 7 }]);
    expect((await content('media/b.png')).statusCode).toBe(404);
  });

  it.each(['page.html', 'drawing.svg', 'PAGE.HTM'])('that could run, such as %s, is shown without any right', async (path) => {
    await put(path, '<script>alert(1)</script>');
    const { headers } = await content(path, { show: '1' });
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/^sandbox;/);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/script-src|allow-/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('of another kind is text, and what is no text a download', async () => {
    await put('run.py', 'print(1)');
    await put('model.pt', 'x');
    await put('odd.js', 'alert(1)');
    expect((await content('run.py', { show: '1' })).headers['content-type']).toBe('text/plain; charset=utf-8');
    expect((await content('odd.js', { show: '1' })).headers['content-type']).toBe('text/plain; charset=utf-8');
    expect((await content('model.pt', { show: '1' })).headers['content-disposition']).toMatch(/^attachment/);
  });
});

it('the run of a trial has attempts and the metrics of its agent', async () => {
  const sweep = await createSweep(app, random);
  const [trial] = (await app.call('POST', `${base}/sweeps/${sweep}/ask`)).json().trials as { id: string }[];
  await app.call('POST', `${base}/trials/${trial!.id}/report`, { body: { step: 1, metrics: { loss: 5 } } });
  expect((await get(`/runs/${trial!.id}`)).json()).toMatchObject({ sweep, state: 'running', attempts: [{ number: 1 }] });
  expect((await get(`/runs/${trial!.id}/keys`)).json().items).toMatchObject([{ name: 'loss', kind: 'number', last: 5, system: false }]);
});

describe('artifacts', () => {
  const blob = '0'.repeat(64) as never;
  const weights: ArtifactContents = [{ path: 'weights.bin', digest: 'd', size: 5, reference: null, blob }];
  const aModel = async (collection: string, files = weights, clientId: string | null = null) => {
    const { id: project } = await app.store.projects.ensure('ada', 'vision');
    const user = (await app.store.keys.findUserByName('ada'))!.id;
    const version = await app.store.artifacts.create({
      ...{ project, user, run: run as never, type: 'model', collection, digest: 'd', metadata: '{"layers": 3}', aliases: ['latest'] },
      ...{ description: null, ttlSeconds: null, historyStep: null, tags: [], deduplicate: true },
      ...{ clientId, sequenceClientId: null, distributedId: null },
    });
    return app.store.artifacts.commit(version, { files, manifestBlob: blob, manifestDigest: 'm' });
  };

  it('of a run that has none are none; one that there is not is told', async () => {
    expect((await get(`/runs/${run}/artifacts`)).json().items).toEqual([]);
    expect((await get('/artifacts/bm9uZQ')).statusCode).toBe(404);
    expect((await get('/artifacts/bm9uZQ/files')).statusCode).toBe(404);
  });

  it('are found by their names, with a number or an alias', async () => {
    const { id } = await aModel('named');
    for (const version of ['v0', 'latest'])
      expect((await get(`/artifacts/${encodeURIComponent(`ada/vision/named:${version}`)}`)).json()).toMatchObject({ id });
    for (const wrong of ['named:v1', 'named:best', 'other:v0', 'named'])
      expect((await get(`/artifacts/${encodeURIComponent(`ada/vision/${wrong}`)}`)).statusCode, wrong).toBe(404);
    expect((await get('/artifacts?project=ada/nothing')).json().items).toEqual([]);
    expect((await get('/artifacts')).statusCode).toBe(400);
  });

  it('are found by what their client called them, once they are whole', async () => {
    const { id } = await aModel('logged', weights, 'named-by-its-client');
    expect((await get('/artifacts/named-by-its-client')).json()).toMatchObject({ id });
    expect((await get('/artifacts/named-by-nobody')).statusCode).toBe(404);
  });

  it('give their files as downloads, or to be shown without any right, and say of others where they are', async () => {
    const text = Buffer.from('<script>alert(1)</script>');
    const hash = createHash('sha256').update(text).digest('hex') as never;
    await app.call('PUT', `${base}/blobs/${hash}`, { body: text, headers: { 'content-type': 'application/octet-stream' } });
    const { id } = await aModel('held', [
      { path: 'sub/page.html', digest: 'd', size: text.length, reference: null, blob: hash },
      { path: 'far.bin', digest: 'e', size: 9, reference: 's3://bucket/far.bin', blob: null },
    ]);
    const given = await get(`/artifacts/${id}/files/content?path=sub%2Fpage.html`);
    expect([given.statusCode, given.body]).toEqual([200, text.toString()]);
    expect(given.headers['content-disposition']).toBe("attachment; filename*=UTF-8''page.html");
    const shown = await get(`/artifacts/${id}/files/content?path=sub%2Fpage.html&show=1`);
    expect(shown.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'content-disposition': 'inline' });
    expect(shown.headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/);
    const far = await get(`/artifacts/${id}/files/content?path=far.bin`);
    expect([far.statusCode, far.json().detail]).toEqual([404, expect.stringContaining('s3://bucket/far.bin')]);
    expect((await get(`/artifacts/${id}/files/content?path=none`)).statusCode).toBe(404);
  });

  it('say who made and used them, which versions there are, and what they hold', async () => {
    await aModel('model');
    const [item] = (await get(`/runs/${run}/artifacts`)).json().items;
    expect(item).toMatchObject({ role: 'output', collection: 'model', type: 'model', version: 'v0', aliases: ['latest'], fileCount: 1 });
    expect((await get(`/artifacts/${item.id}`)).json()).toMatchObject({
      project: 'ada/vision',
      metadata: { layers: 3 },
      producedBy: run,
      runs: [{ id: run, name: 'first', path: 'ada/vision/aaaaaaaa' }],
      usedBy: [],
      versions: [{ version: 'v0', aliases: ['latest'] }],
    });
    expect((await get(`/artifacts/${item.id}/files`)).json().items).toEqual([{ path: 'weights.bin', size: 5, ref: null }]);
    const listed = (await get('/artifacts?project=ada/vision')).json().items;
    expect(listed).toMatchObject([
      { name: 'model', type: 'model', kind: 'sequence', versions: 1, newest: { id: item.id, version: 'v0', aliases: ['latest'], size: 5 } },
    ]);
  });
});
