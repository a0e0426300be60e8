/** Texts that were written to become something else: commands, paths, code, endless work. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.js';
import { graphql, json, send } from './fixture.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.stop());

const create = (config: unknown) =>
  send(cluster.url, '/api/v1/sweeps', { method: 'POST', key: cluster.key, headers: json, body: JSON.stringify({ config }) });

describe('a value of a parameter', () => {
  const values = [
    '$(touch pwned)',
    '`touch pwned`',
    '; touch pwned',
    '| touch pwned',
    '&& touch pwned',
    '> pwned',
    'a\nb\r\ntouch pwned',
    '-rf',
    '--help',
    '--flag=x',
    "'; touch pwned; '",
    '"$(touch pwned)"',
    '%s%n%x',
    '${program}',
    '${env}',
    '\\',
    '*',
    '~',
    '\u202egnp.exe',
    '{{7*7}}',
    'é\u0301 日本 😀',
  ];

  it('reaches the program as it is, one word of its arguments, and no shell', async () => {
    const program = [
      'const fs = require("fs")',
      'fs.writeFileSync(process.env.SWEEP_OUTPUT_DIR + "/argv.json", JSON.stringify(process.argv.slice(1)))',
      'fs.appendFileSync(process.env.SWEEP_METRICS, JSON.stringify({ "loss; touch pwned": 1 }) + "\\n")',
    ].join(';');
    const config = {
      method: 'grid',
      name: '$(touch pwned)\n"; touch pwned',
      metric: { name: 'loss; touch pwned', goal: 'minimize' },
      parameters: { 'x;touch pwned': { values } },
      command: ['node', '-e', program, '--', '${args}'],
    };
    const answer = await create(config);
    expect(answer.status, answer.text).toBe(201);
    const { id } = JSON.parse(answer.text) as { id: string };
    const agent = cluster.startAgent({ name: 'target', slots: 2, cwd: cluster.folder });
    await cluster.finished(id);
    const trials = await cluster.trials(id);
    const seen = await Promise.all(
      trials.map(async (trial) => {
        const { status, text } = await send(cluster.url, `/api/v1/trials/${trial.id}/files/content?path=argv.json`, { key: cluster.key });
        expect(status, `${JSON.stringify(trial.params)}: ${trial.reason}`).toBe(200);
        return (JSON.parse(text) as string[]).at(-1);
      }),
    );
    expect(new Set(seen)).toEqual(new Set(values.map((value) => `--x;touch pwned=${value}`)));
    expect((await cluster.sweep(['ls'])).stdout).not.toContain('pwned\n"');
    agent.kill('SIGINT');
    await agent.ended;
    for (const place of [cluster.folder, agent.workdir]) expect(() => readFileSync(join(place, 'pwned'))).toThrow('ENOENT');
  });

  it('that holds a NUL, which no argument can, fails its trial in words', async () => {
    const answer = await create({ method: 'grid', parameters: { x: { values: ['a\0b'] } }, command: ['node', '-e', '0', '${args}'] });
    expect(answer.status, answer.text).toBe(201);
    const agent = cluster.startAgent({ name: 'strict' });
    const { id } = JSON.parse(answer.text) as { id: string };
    await cluster.finished(id);
    const [trial] = await cluster.trials(id);
    expect(`${trial!.state}: ${trial!.reason}`).toMatch(/^failed: .* holds a NUL/);
    agent.kill('SIGINT');
    await agent.ended;
  });
});

describe('a name that is a path', () => {
  const climbs = [
    '../../etc/passwd',
    '..%2f..%2fetc%2fpasswd',
    '%252e%252e%252fetc%252fpasswd',
    '..\\..\\x',
    '/etc/passwd',
    'C:\\x',
    '....//etc/passwd',
    '．．/etc/passwd',
    '%c0%ae%c0%ae/etc/passwd',
    'a'.repeat(4_000),
  ];

  it.each([
    (name: string) => `/assets/${name}`,
    (name: string) => `/${name}`,
    (name: string) => `/api/v1/sweeps/${name}`,
    (name: string) => `/api/v1/trials/${name}`,
    (name: string) => `/api/v1/trials/aaaaaaaa/files/content?path=${name}`,
    (name: string) => `/api/v1/blobs/${name}`,
    (name: string) => `/files/ada/p/run/${name}`,
    (name: string) => `/storage/blobs/${name}/x/y?expires=9999999999999&signature=${'a'.repeat(43)}`,
    (name: string) => `/artifacts/ada/${name}`,
    (name: string) => `/artifactsV2/default/${name}`,
  ])('leads out of no folder of the server (%#)', async (address) => {
    for (const name of climbs) {
      const { status, text } = await send(cluster.url, address(name.replace(/[^\x21-\x7e]/g, encodeURIComponent)), { key: cluster.key });
      expect(`${address(name)} ${status < 500 && !text.includes('root:')}`).toBe(`${address(name)} true`);
    }
  });

  it.each(['../x', '/etc/x', 'a/../../x', '..\\x', '.', '', 'a\0b', '%2e%2e/x'])(
    '"%s" is kept or refused as a file of a run, never followed',
    async (name) => {
      const made = await graphql(
        cluster,
        cluster.key,
        'mutation($i: UpsertBucketInput!) { upsertBucket(input: $i) { bucket { id name } } }',
        {
          i: { name: 'filer', modelName: 'p' },
        },
      );
      expect(made.status, made.text).toBe(200);
      const asked = await graphql(
        cluster,
        cluster.key,
        'mutation($e: String!, $p: String!, $r: String!, $f: [String!]!) { createRunFiles(input: {entityName: $e, projectName: $p, runName: $r, files: $f}) { files { name uploadUrl } } }',
        { e: (await cluster.client.server()).user, p: 'p', r: 'filer', f: [name] },
      );
      const { data } = JSON.parse(asked.text) as { data?: { createRunFiles?: { files: { name: string; uploadUrl: string }[] } } };
      for (const file of data?.createRunFiles?.files ?? []) expect(file.name).not.toMatch(/^\/|(^|[\\/])\.\.([\\/]|$)|\0/);
      expect(asked.status).toBeLessThan(500);
    },
  );
});

describe('a document that was made to hurt', () => {
  const head = 'method: grid\nparameters:\n';
  const bomb = [
    'a0: &a0 [x,x,x,x,x,x,x,x,x]',
    ...Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(',')}]`),
  ].join('\n');
  it.each([
    ['aliases upon aliases', `${bomb}\n${head}  x: {values: *a12}`],
    ['a name of the prototype', `${head}  __proto__: {values: [1]}\n  x: {values: [1]}`],
    ['a name of the constructor', `${head}  constructor: {parameters: {prototype: {values: [1]}}}`],
    ['a tag', `${head}  x: {values: [!!js/function "function () { return 1 }"]}`],
    ['a tag of Python', `${head}  x: {values: [!!python/object/apply:os.system ["touch pwned"]]}`],
    ['deep nesting', `${head}  x: {values: ${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
    ['a merge of itself', `a: &a {<<: *a}\n${head}  x: {values: [1]}`],
    ['a number beyond all', `${head}  x: {min: 0, max: 1${'0'.repeat(400)}}`],
    ['many digits', `method: random\nparameters:\n  x: {min: 0, max: ${'9'.repeat(5_000)}}`],
    ['a grid without end', `${head}${Array.from({ length: 40 }, (_, i) => `  p${i}: {min: 0, max: 1000000}`).join('\n')}`],
  ])('(%s) is answered at once, in words or with a sweep, and changes nothing else', async (_, config) => {
    const answer = await create(config);
    expect([201, 400, 413, 422], answer.text.slice(0, 300)).toContain(answer.status);
    expect((await send(cluster.url, '/healthz')).status).toBe(200);
    expect(({} as Record<string, unknown>)['parameters']).toBeUndefined();
  });

  it.each([
    ['nesting', '['.repeat(200_000) + ']'.repeat(200_000)],
    ['a prototype', '{"__proto__": {"admin": true}, "name": "x"}'],
    ['a prototype within', '{"name": "x", "constructor": {"prototype": {"admin": true}}}'],
    ['a number beyond all', `{"name": 1${'0'.repeat(100_000)}}`],
    ['half a surrogate', '{"name": "\\ud800"}'],
    ['a NUL', '{"name": "a\\u0000b"}'],
  ])('(JSON: %s) makes no administrator and no failure', async (_, body) => {
    const { status, text } = await send(cluster.url, '/api/v1/users', { method: 'POST', key: cluster.key, headers: json, body });
    expect(status, text).toBeLessThan(500);
    if (status === 201) expect(JSON.parse(text)).toMatchObject({ admin: false });
  });

  it.each([
    ['depth', `{ viewer ${'{ entity '.repeat(2_000)}${'}'.repeat(2_000)} }`],
    ['aliases', `{ ${Array.from({ length: 5_000 }, (_, i) => `a${i}: viewer { id }`).join(' ')} }`],
    ['a fragment of itself', '{ ...f } fragment f on Query { ...f }'],
    [
      'fragments upon fragments',
      `{ ...f0 } ${Array.from({ length: 30 }, (_, i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`).join(' ')} fragment f30 on Query { viewer { id } }`,
    ],
    ['length', `{ viewer { id } } # ${'x'.repeat(200_000)}`],
    ['directives', `{ viewer ${'@include(if: true) '.repeat(10_000)} { id } }`],
  ])('(GraphQL: %s) is refused before work is done', async (_, query) => {
    const { status, text } = await graphql(cluster, cluster.key, query);
    expect(`${status} ${text.slice(0, 200)}`).toMatch(/^(400|200|413) .*(errors|message)/s);
    expect((await send(cluster.url, '/healthz')).status).toBe(200);
  });

  it('with numbers that no column holds is refused in words', async () => {
    const made = await create({ method: 'random', parameters: { x: { min: 0, max: 1 } } });
    const sweep = `/api/v1/sweeps/${(JSON.parse(made.text) as { id: string }).id}`;
    const asked = await send(cluster.url, `${sweep}/ask`, { method: 'POST', key: cluster.key, headers: json, body: '{}' });
    const trial = `/api/v1/trials/${(JSON.parse(asked.text) as { trials: { id: string }[] }).trials[0]!.id}`;
    const huge = 99_999_999_999;
    const requests: readonly (readonly [string, string, object?])[] = [
      ['POST', `${sweep}/retry`, { trials: [huge] }],
      ...['runCap', 'priority', 'parallel'].map((key) => ['PATCH', sweep, { [key]: huge }] as const),
      ['PATCH', sweep, { priority: -huge }],
      ['POST', '/api/v1/sweeps', { config: { method: 'random', run_cap: huge, parameters: { x: { min: 0, max: 1 } } } }],
      ['POST', `${trial}/report`, { step: 1e300, metrics: { loss: 1e308 } }],
      ...['metrics', 'files', 'logs'].map((part) => ['GET', `${trial}/${part}?attempt=${huge}`] as const),
      ['GET', `${sweep}/trials?cursor=${Buffer.from(`[${huge}]`).toString('base64url')}`],
      ['POST', '/api/v1/keys', { name: 'k', scope: 'user', expiresInSeconds: 9_007_199_254_740_991 }],
    ];
    for (const [method, path, body] of requests) {
      const answer = await send(cluster.url, path, {
        method,
        key: cluster.key,
        headers: json,
        ...(body && { body: JSON.stringify(body) }),
      });
      expect(answer.status, `${method} ${path} ${JSON.stringify(body)}: ${answer.text.slice(0, 300)}`).toBeLessThan(500);
    }
  });

  it('as a filter or an expression is read by a grammar, and evaluates nothing', async () => {
    const attempts = [
      'process.exit(1)',
      'this.constructor.constructor("return process")()',
      '`id`',
      '__import__("os")',
      '('.repeat(5_000),
      'a < '.repeat(3_000),
      "x = '; DROP TABLE runs; --'",
      '${7*7}',
    ];
    for (const where of attempts) {
      const address = `/api/v1/runs?where=${encodeURIComponent(where)}`;
      const { status } = await send(cluster.url, address, { key: cluster.key });
      expect(`${where.slice(0, 40)} ${status}`).toMatch(/ (400|200|431|414)$/);
    }
    for (const filters of [
      '{"$where": "sleep(1000)"}',
      '{"name": {"$regex": "(a+)+$"}}',
      `${'{"$and":['.repeat(500)}{}${']}'.repeat(500)}`,
      '{"__proto__": 1}',
    ]) {
      const query = 'query($f: JSONString) { project(name: "p") { runs(filters: $f, first: 5) { edges { node { name } } } } }';
      const { status } = await graphql(cluster, cluster.key, query, { f: filters });
      expect(`${filters.slice(0, 40)} ${status}`).toMatch(/ (200|400)$/);
    }
  });
});

describe('a pattern for what programs print', () => {
  it('takes linear time on whatever a program prints', async () => {
    const config = {
      method: 'grid',
      metric: { name: 'loss', goal: 'minimize' },
      parameters: { x: { values: [1] } },
      collect: { stdout: '^(?:(?:a+)+)*(?P<loss>(?:\\d+)+)x$' },
      command: ['node', '-e', 'console.log("a".repeat(60000) + "!"); console.log("1".repeat(50000)); console.log("7x")'],
    };
    const answer = await create(config);
    expect(answer.status, answer.text).toBe(201);
    const { id } = JSON.parse(answer.text) as { id: string };
    const agent = cluster.startAgent({ name: 'reader' });
    expect(await cluster.finished(id)).toMatchObject({ state: 'completed', best: { value: 7 } });
    agent.kill('SIGINT');
    await agent.ended;
  });

  it('with what only backtracking engines know is refused where the sweep is created', async () => {
    const answer = await create({
      method: 'grid',
      parameters: { x: { values: [1] } },
      program: 'a',
      collect: { stdout: '(?P<loss>a)\\1' },
    });
    expect(answer.status, answer.text).toBe(422);
  });
});
