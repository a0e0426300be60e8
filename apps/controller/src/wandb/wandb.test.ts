import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { RunId } from '@sweep/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../../testing/app.js';
import { json, trialWithKeys, wandbCalls } from '../../testing/wandb-calls.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const { ask, fields, newRun, stream, upsert } = wandbCalls(() => app);

describe('a caller', () => {
  const viewer = 'query { viewer { username entity flags } }';

  it('is known by the key alone, as Bearer or as Basic for the user "api"', async () => {
    const key = await app.keyOf('user');
    const basic = { ...json, authorization: `Basic ${Buffer.from(`api:${key}`).toString('base64')}` };
    const body = JSON.stringify({ query: viewer });
    expect((await app.call('POST', '/graphql', { body, headers: basic, key: null })).json()).toEqual({
      data: { viewer: { username: 'ada', entity: 'ada', flags: '{}' } },
    });
    expect((await ask(viewer, {}, key)).status).toBe(200);
  });

  it.each([
    ['no key', {}],
    ['an unknown key', { authorization: `Basic ${Buffer.from(`api:${'a'.repeat(40)}`).toString('base64')}` }],
    ['a key for another user name', { authorization: `Basic ${Buffer.from(`root:${'a'.repeat(40)}`).toString('base64')}` }],
    ['what is no key', { authorization: 'Basic %%%' }],
  ])('with %s is told so in the words that the client shows', async (_what, headers) => {
    const answer = await app.call('POST', '/graphql', { body: '{}', headers: { ...json, ...headers }, key: null });
    expect([answer.statusCode, answer.json()]).toEqual([401, { errors: [{ message: expect.stringContaining('API key') }] }]);
  });

  it('writes into no entity but their own, and finds nothing made there', async () => {
    const { status, errors } = await upsert({ name: 'r', modelName: 'theirs', entityName: 'bob' }, await app.keyOf('user'));
    expect([status, errors![0]!.message]).toEqual([403, 'permission denied: entity bob']);
    expect((await ask('query { project(name: "theirs", entityName: "bob") { id } }')).data).toEqual({ project: null });
  });
});

describe('a run', () => {
  it('is made once, gets a name, and begins at line 0 every time', async () => {
    const first = await newRun('made');
    expect(first).toMatchObject({
      inserted: true,
      bucket: { name: 'made', displayName: expect.stringMatching(/^[a-z]+-[a-z]+-\d+$/), historyLineCount: 0 },
    });
    await stream('made', { history: ['{"_step":0}'] });
    expect(await newRun('made')).toMatchObject({ inserted: false, bucket: { displayName: first.bucket.displayName, historyLineCount: 0 } });
  });

  it.each([
    ['a path', { name: '../x' }, /cannot be a run's id/],
    ['a project that parts a path', { name: 'x', modelName: 'a/b' }, /cannot name a project/],
    ['a config that is no object', { name: 'x', config: '[1]' }, /config is not a JSON object/],
    ['a summary that is none', { name: 'x', summaryMetrics: 'x' }, /summaryMetrics/],
  ])('is refused with %s', async (_what, input, message) => {
    const { status, errors } = await upsert(input);
    expect([status, errors?.[0]?.message]).toEqual([400, expect.stringMatching(message)]);
  });

  it('keeps every line as it came, whatever it is', async () => {
    await newRun('verbatim');
    const lines = ['{"_step":0,"x":NaN,"n":1.0,"big":1152921504606846977}', 'no JSON at all', '{"_step":2,"x":1e400}', '[1]'];
    expect(await stream('verbatim', { history: lines })).toMatchObject({ status: 200, body: { stopped: false } });
    expect(await fields('verbatim', 'history historyLineCount')).toEqual({ history: lines, historyLineCount: 4 });
  });

  it('gives exact ranges of steps, gaps or not', async () => {
    await newRun('ranges');
    const steps = [0, 1, 2, 5, 6, 40, 41, 42, 100];
    await stream('ranges', { history: steps.map((step) => `{"_step":${step}}`) });
    for (const [from, to] of [
      [0, 3],
      [2, 6],
      [3, 5],
      [5, 41],
      [40, 43],
      [42, 1000],
      [100, 101],
      [101, 200],
      [0, 1000],
    ] as const) {
      const { history } = await fields('ranges', `history(minStep: ${from}, maxStep: ${to}, samples: ${to - from})`);
      const expected = steps.filter((step) => step >= from && step < to);
      expect([from, to, (history as string[]).map((line) => (JSON.parse(line) as { _step: number })._step)]).toEqual([from, to, expected]);
    }
    expect(await fields('ranges', 'history(samples: 3)')).toEqual({ history: ['{"_step":0}', '{"_step":6}', '{"_step":100}'] });
  });

  it('reads packed bodies, and large ones up to the limit', async () => {
    await newRun('packed');
    const body = JSON.stringify({ files: { 'wandb-history.jsonl': { offset: 0, content: ['{"_step":0}'] } } });
    const path = '/files/ada/p/packed/file_stream';
    const send = (payload: Buffer, encoding: string) =>
      app.call('POST', path, { body: payload, headers: { ...json, 'content-encoding': encoding } }).then(({ statusCode }) => statusCode);
    expect(await send(gzipSync(body), 'gzip')).toBe(200);
    expect(await fields('packed', 'historyLineCount')).toEqual({ historyLineCount: 1 });
    expect(await send(Buffer.from('not gzip'), 'gzip')).toBe(400);
    expect(await send(Buffer.from(body), 'br')).toBe(400);
    // What unpacks to more than the limit is refused as well.
    expect(await send(gzipSync(Buffer.alloc(20 * 1024 * 1024, ' ')), 'gzip')).toBe(413);
    expect(
      (await ask('query Q($d: String) { project(name: "p") { run(name: "packed", desc: $d) { name } } }', { d: 'x'.repeat(10_000_000) }))
        .data,
    ).toEqual({
      project: { run: { name: 'packed' } },
    });
    const tooLarge = await ask('query { viewer { id } }', { d: 'x'.repeat(17_000_000) });
    expect([tooLarge.status, tooLarge.errors]).toEqual([413, [{ message: expect.stringContaining('16') }]]);
  });

  it.each([
    ['a project', '{ project(name: "nothing") { id } }', { project: null }],
    ['a model, as projects are called too', '{ model(name: "nothing", entityName: "ada") { id } }', { model: null }],
    ['a project of nobody', '{ project(name: "p", entityName: "nobody") { id } }', { project: null }],
    ['a run', '{ project(name: "p") { run(name: "nothing") { id } } }', { project: { run: null } }],
    ['a run to resume', '{ model(name: "p") { bucket(name: "nothing", missingOk: true) { id } } }', { model: { bucket: null } }],
    ['a sweep', '{ project(name: "p") { sweep(sweepName: "nothing!") { id } } }', { project: { sweep: null } }],
    ['an artifact', '{ project(name: "p") { artifact(name: "nothing:v0") { id } } }', { project: { artifact: null } }],
    ['an artifact by its id', '{ artifact(id: "nothing") { id } }', { artifact: null }],
    ['an entity', '{ entity(name: "nobody") { id } }', { entity: null }],
  ])('or %s that is unknown is null and no error', async (_what, query, data) => {
    await newRun('known');
    expect(await ask(query)).toEqual({ status: 200, data });
  });

  it('that is not there, or was deleted, ends the stream; a body that is none is refused', async () => {
    expect((await stream('never', { history: [] })).status).toBe(404);
    const { bucket } = await newRun('gone');
    const deleteRun = () => ask('mutation D($i: DeleteRunInput!) { deleteRun(input: $i) { clientMutationId } }', { i: { id: bucket.id } });
    for (const _time of ['once', 'again']) expect(await deleteRun()).toMatchObject({ data: { deleteRun: { clientMutationId: null } } });
    expect((await stream('gone', { history: ['{}'] })).status).toBe(404);
    expect((await upsert({ name: 'gone' })).errors![0]!.message).toMatch(/was deleted/);
    expect((await app.call('POST', '/files/ada/p/made/file_stream', { body: '{"files":', headers: json })).statusCode).toBe(400);
  });

  it('ends as its program says; one that was asked to stop is killed, whatever its exit code', async () => {
    for (const [name, exitcode, state] of [
      ['ok', 0, 'finished'],
      ['bad', 3, 'failed'],
      ['interrupted', 255, 'killed'],
    ] as const) {
      await newRun(name);
      await stream(name, { rest: { complete: true, exitcode } });
      expect(await fields(name, 'state exitcode')).toEqual({ state, exitcode });
    }
    const { bucket } = await newRun('asked');
    await ask('mutation S($i: StopRunInput!) { stopRun(input: $i) { success } }', { i: { id: bucket.id } });
    expect((await stream('asked', {})).body.stopped).toBe(true);
    await stream('asked', { rest: { complete: true, exitcode: 0 } });
    expect(await fields('asked', 'state stopped')).toEqual({ state: 'killed', stopped: true });
    await newRun('asked');
    expect(await fields('asked', 'state stopped exitcode')).toEqual({ state: 'running', stopped: false, exitcode: null });
  });

  it('is preempted though it tells its config on its way out, or all of its end at once; begun again, it runs', async () => {
    await newRun('preempted');
    await stream('preempted', { rest: { preempting: true } });
    await upsert({ name: 'preempted', config: '{"late":{"value":1}}' });
    await stream('preempted', { rest: { complete: true, exitcode: 1 } });
    expect(await fields('preempted', 'state')).toEqual({ state: 'preempted' });
    await newRun('at-once');
    await stream('at-once', { rest: { preempting: true, complete: true, exitcode: 1 } });
    expect(await fields('at-once', 'state')).toEqual({ state: 'preempted' });
    await newRun('at-once', { host: 'box' });
    expect(await fields('at-once', 'state')).toEqual({ state: 'running' });
  });

  it('that was silent is crashed, and revives when it is heard again', async () => {
    const { bucket } = await newRun('silent');
    await app.store.runs.change('silent' as RunId, () => ({ state: 'crashed' }));
    await stream('silent', {});
    expect(bucket.id).not.toBe('');
    expect(await fields('silent', 'state')).toEqual({ state: 'running' });
  });
});

describe('files of a run', () => {
  const createText = 'mutation C($i: CreateRunFilesInput!) { createRunFiles(input: $i) { runID uploadHeaders files { name uploadUrl } } }';
  async function link(run: string, name: string): Promise<string> {
    const { data, errors } = await ask(createText, { i: { entityName: 'ada', projectName: 'p', runName: run, files: [name] } });
    if (errors !== undefined) throw new Error(errors[0]!.message);
    const url = new URL((data as unknown as { createRunFiles: { files: { uploadUrl: string }[] } }).createRunFiles.files[0]!.uploadUrl);
    return `${url.pathname}${url.search}`;
  }
  const put = (path: string, bytes: Buffer, headers: Record<string, string> = {}) =>
    app.call('PUT', path, { body: bytes, headers, key: null });

  it('are sent and fetched by signed links alone, whole or in ranges, as downloads', async () => {
    await newRun('files');
    const bytes = Buffer.from('0123456789');
    const md5 = createHash('md5').update(bytes).digest('base64');
    expect((await put(await link('files', './a b/ü%.txt'), bytes, { 'content-md5': md5 })).statusCode).toBe(200);
    const { files } = (await fields('files', 'files(names: ["./a b/ü%.txt"]) { edges { node { name sizeBytes md5 directUrl } } }')) as {
      files: { edges: { node: { directUrl: string } }[] };
    };
    expect(files.edges).toMatchObject([{ node: { name: './a b/ü%.txt', sizeBytes: 10, md5 } }]);
    const url = new URL(files.edges[0]!.node.directUrl);
    const get = (range?: string) =>
      app.call('GET', `${url.pathname}${url.search}`, { key: null, headers: range === undefined ? {} : { range } });
    const whole = await get();
    expect([whole.statusCode, whole.body, whole.headers['content-length']]).toEqual([200, '0123456789', '10']);
    expect(whole.headers['content-disposition']).toMatch(/^attachment/);
    expect(
      [await get('bytes=2-4'), await get('bytes=7-'), await get('bytes=-2')].map(({ statusCode, body }) => [statusCode, body]),
    ).toEqual([
      [206, '234'],
      [206, '789'],
      [206, '89'],
    ]);
    expect((await get('bytes=10-')).statusCode).toBe(416);
    expect((await app.call('GET', '/files/ada/p/files/a%20b/%C3%BC%25.txt')).body).toBe('0123456789');
    expect((await app.call('GET', '/files/ada/p/files/nothing')).statusCode).toBe(404);
  });

  it('with other bytes than their MD5 says are refused and not listed', async () => {
    await newRun('wrong-bytes');
    const answer = await put(await link('wrong-bytes', 'x'), Buffer.from('abc'), {
      'content-md5': createHash('md5').update('xyz').digest('base64'),
    });
    expect([answer.statusCode, answer.body]).toEqual([400, expect.stringContaining('MD5')]);
    expect(await fields('wrong-bytes', 'fileCount')).toEqual({ fileCount: 0 });
  });

  it('are not written by who may only read them', async () => {
    await newRun('read-only');
    await put(await link('read-only', 'x'), Buffer.from('ours'));
    await app.call('POST', '/api/v1/users', { body: { name: 'reader' } });
    const made = await app.call('POST', '/api/v1/keys', { body: { name: 'k', scope: 'user', user: 'reader' } });
    const { secret } = made.json() as { secret: string };
    const asked = (field: string) =>
      ask(
        `query { project(entityName: "ada", name: "p") { run(name: "read-only") { files { edges { node { ${field} } } } } } }`,
        {},
        secret,
      );
    expect((await asked('directUrl')).status).toBe(200);
    for (const field of ['url(upload: true)', 'uploadUrl']) expect((await asked(field)).status).toBe(403);
  });

  it('of no bytes are files too', async () => {
    await newRun('empty');
    expect((await put(await link('empty', 'x'), Buffer.alloc(0))).statusCode).toBe(200);
    expect(await fields('empty', 'fileCount')).toEqual({ fileCount: 1 });
  });

  it.each(['../up', '/etc/passwd', 'a/../../b', '', 'a\u0000b'])('are not named %j', async (name) => {
    await expect(link('files', name)).rejects.toThrow(/cannot name a file/);
  });

  it('are not taken by a link that was changed, is too old, or was signed for fetching', async () => {
    const good = await link('files', 'x');
    const bytes = Buffer.from('x');
    const forged = [
      good.replace('/storage/runs/files/', '/storage/runs/ok/'),
      good.replace(/expires=\d+/, 'expires=9999999999999'),
      good.replace(/(?<=signature=)./, (letter) => (letter === 'A' ? 'B' : 'A')),
      good.replace(/\?.*/, ''),
    ];
    for (const path of forged) expect((await put(path, bytes)).statusCode).toBe(401);
  });
});

describe('the key of an attempt', () => {
  /** A running trial, and the keys of its first and second attempt. */
  it('writes to its run, whose trial it stays', async () => {
    const { trial, keyOf, home, path } = await trialWithKeys(app);
    const key = await keyOf(1);
    expect(await newRun(trial.id, { ...home, config: '{"lr":{"value":1}}' }, key)).toMatchObject({ inserted: false });
    expect((await stream(trial.id, { history: ['{"_step":0,"loss":0.5}'], key, path, rest: { complete: true, exitcode: 0 } })).status).toBe(
      200,
    );
    expect((await app.call('GET', `/api/v1/trials/${trial.id}/metrics`)).json()).toMatchObject({ series: { loss: { values: [0.5] } } });
    // Its agent says how it ended, not its program.
    expect((await app.store.trials.find(trial.id))!.state).toBe('running');
  });

  it('writes to no other run and to no other project', async () => {
    const { trial, keyOf, home } = await trialWithKeys(app);
    const key = await keyOf(1);
    await newRun('not-its-own', home);
    for (const input of [
      { name: 'not-its-own', ...home },
      { name: 'not-there-yet', ...home },
      { name: 'x', modelName: 'p' },
    ])
      expect((await upsert(input, key)).status).toBe(403);
    const { project } = (await app.store.runs.record(trial.id))!;
    expect(await app.store.runs.recordByHandle(project, 'not-there-yet')).toBeNull();
    expect((await ask('query { project(name: "p") { id } }', {}, key)).data).toEqual({ project: null });
  });

  it('of an attempt that was replaced still writes, under its attempt, and changes nothing of the run', async () => {
    const { trial, keyOf, home, path } = await trialWithKeys(app);
    const [old, current] = [await keyOf(1), await keyOf(2)];
    await newRun(trial.id, { ...home, notes: 'first' }, old);
    await stream(trial.id, { history: ['{"_step":0,"loss":1}', '{"_step":1,"loss":1}'], key: old, path });
    await newRun(trial.id, { ...home, notes: 'second' }, current);
    await stream(trial.id, { history: ['{"_step":0,"loss":2}'], key: current, path });
    await newRun(trial.id, { ...home, notes: 'late' }, old);
    expect(
      (await stream(trial.id, { history: ['{"_step":2,"loss":3}'], offset: 2, key: old, path, rest: { complete: true } })).status,
    ).toBe(200);
    expect(await app.store.runs.record(trial.id)).toMatchObject({ attempt: 2, historyLines: 1, notes: 'second' });
    const lines = (attempt: number) => app.store.lines.read({ run: trial.id, attempt, stream: 'history' }, 0, 10);
    expect([(await lines(1)).length, await lines(2)]).toEqual([3, ['{"_step":0,"loss":2}']]);
  });
});

describe('the other addresses that clients call', () => {
  it('take no telemetry, quickly and without a key', async () => {
    for (const path of ['/sdk/otel/v1/metrics', '/sdk/otel/v1/logs'])
      expect((await app.call('POST', path, { key: null })).statusCode).toBe(404);
  });

  it('tell other origins that they may fetch by a link', async () => {
    const answer = await app.call('OPTIONS', '/storage/blobs/x/y', { key: null, headers: { origin: 'https://example.org' } });
    expect([answer.statusCode, answer.headers['access-control-allow-origin']]).toEqual([204, '*']);
  });

  it('answer an unknown mutation with its name, and an unknown selection with null', async () => {
    expect((await ask('mutation { launchRocket(input: {}) { ok } }')).errors![0]!.message).toMatch(/launchRocket/);
    expect((await ask('query { viewer { username shoeSize } }')).data).toEqual({ viewer: { username: 'ada', shoeSize: null } });
  });
});
