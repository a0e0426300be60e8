import { Bug, Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthenticated, Unavailable } from '@sweep/domain';
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { JsonText } from '../json/json-text.js';
import { Executor, type Resolvers, type UnknownReport } from './executor.js';

const run = {
  id: 'UnVuOjE=',
  name: 'ab12cd34',
  tags: [],
  createdAt: '2026-01-02T03:04:05Z',
  history: ({ samples }: { readonly samples?: number | null }) => [`{"loss":${samples ?? 0}}`],
  sampledHistory: () => [JsonText.of('[{"_step":1152921504606846977,"loss":NaN}]')],
};

const project = {
  id: 'p1',
  name: 'demo',
  run: ({ name }: { readonly name: string }) => (name === run.name ? run : null),
  runs: () => ({
    edges: [
      { node: run, cursor: '1' },
      { node: run, cursor: '2' },
    ],
    pageInfo: { hasNextPage: false },
  }),
};

interface Asking {
  readonly user: string;
}

const resolvers: Resolvers<Asking> = {
  query: {
    viewer: (_, { user }) => ({ id: 'u1', name: user }),
    project: ({ name }) => (name === 'demo' ? project : null),
    artifact: ({ id }) => ({
      id,
      artifactSequence: { __typename: 'ArtifactSequence', name: 'model' },
      createdBy: { __typename: 'Run', ...run },
    }),
  },
  mutation: {
    upsertBucket: ({ name, tags }) => ({ bucket: { ...run, name, tags }, inserted: true, serverSettings: { serverMessages: [] } }),
    createArtifact: (input) => ({ artifact: { id: JSON.stringify(input) } }),
    stopRun: () => Promise.reject(new NotFound('there is no run "x"; list the runs of its project')),
  },
};

function given(more: Partial<Resolvers<Asking>['query']> = {}, mutation: Partial<Resolvers<Asking>['mutation']> = {}) {
  const reports: UnknownReport[] = [];
  const executor = new Executor<Asking>({
    resolvers: { query: { ...resolvers.query, ...more }, mutation: { ...resolvers.mutation, ...mutation } },
    onUnknown: (report) => reports.push(report),
  });
  const ask = async (query: string, variables: unknown = null, operationName: unknown = '') => {
    const { status, body, ...rest } = await executor.execute({ query, variables, operationName }, { user: 'ann' });
    return { status, ...(JSON.parse(body) as { data?: Record<string, unknown>; errors?: { message: string }[] }), ...rest };
  };
  return { ask, reports, executor };
}

/** What the resolver of createArtifact was given. */
function inputOf(data: Record<string, unknown> | undefined): unknown {
  const { createArtifact } = data as { readonly createArtifact: { readonly artifact: { readonly id: string } } };
  return JSON.parse(createArtifact.artifact.id);
}

describe('a request', () => {
  it('is answered with what the resolvers give, and they get the context', async () => {
    expect(await given().ask('{ viewer { id name } }')).toEqual({ status: 200, data: { viewer: { id: 'u1', name: 'ann' } } });
  });

  it.each(['', null, undefined])('runs its only operation when operationName is %j', async (name) => {
    expect((await given().ask('query Viewer { viewer { id } }', null, name)).status).toBe(200);
  });

  it('runs the operation that it names', async () => {
    const answer = await given().ask('query A { viewer { id } } query B { viewer { name } }', null, 'B');
    expect(answer.data).toEqual({ viewer: { name: 'ann' } });
  });

  it.each([
    ['query A { viewer { id } } query B { viewer { id } }', ''],
    ['query A { viewer { id } }', 'C'],
    ['fragment F on Run { id }', ''],
    ['subscription S { runs }', ''],
    ['{ viewer { id }', ''],
    ['{ viewer { ...Nowhere } }', ''],
  ])('is refused with 400 when nothing can be run: %s %s', async (query, name) => {
    const answer = await given().ask(query, null, name);
    expect(answer.status).toBe(400);
    expect(answer.errors).toHaveLength(1);
  });

  it.each([[null], ['text'], [[]], [{}], [{ query: 1 }], [{ query: '{ viewer { id } }', variables: [] }]])(
    'is refused with 400 when its body is %j',
    async (body) => {
      expect((await given().executor.execute(body, { user: 'ann' })).status).toBe(400);
    },
  );

  it('may carry variables that its document does not declare', async () => {
    expect((await given().ask('{ viewer { id } }', { other: 1 })).status).toBe(200);
  });

  it('takes one value where a list is wanted', async () => {
    const answer = await given().ask(
      'query($s: [JSONString!]!) { project(name: "demo") { run(name: "ab12cd34") { sampledHistory(specs: $s) } } }',
      {
        s: '{}',
      },
    );
    expect(answer.status).toBe(200);
  });

  it('gives numbers of history digit for digit', async () => {
    const { executor } = given();
    const query = '{ project(name: "demo") { run(name: "ab12cd34") { sampledHistory(specs: []) } } }';
    const { body } = await executor.execute({ query }, { user: 'ann' });
    expect(body).toContain('[{"_step":1152921504606846977,"loss":"NaN"}]');
  });

  it('is refused with 400 when a variable does not fit its type', async () => {
    expect((await given().ask('query($n: String!) { project(name: $n) { id } }', { n: null })).status).toBe(400);
    expect((await given().ask('query($n: JSONString!) { project { runCount(filters: $n) } }', { n: {} })).status).toBe(400);
  });

  it('may ask for the schema, as clients up to 0.25 do', async () => {
    const answer = await given().ask('query($t: String!) { __type(name: $t) { fields { name } } }', { t: 'LaunchAgent' });
    expect(answer.data).toEqual({ __type: { fields: [{ name: 'id' }] } });
    expect((await given().ask(getIntrospectionQuery())).status).toBe(200);
  });

  it('gives mutations their input, with null and absent kept apart', async () => {
    const query =
      'mutation($n: String, $h: String) { createArtifact(input: {entityName: "e", projectName: "p", artifactTypeName: "t", digest: "d", runName: $n, description: $h}) { artifact { id } } }';
    const answer = await given().ask(query, { n: null });
    expect(inputOf(answer.data)).toEqual({ entityName: 'e', projectName: 'p', artifactTypeName: 't', digest: 'd', runName: null });
  });
});

describe('a document newer than the schema', () => {
  it('gets null in place of unknown selections, under their aliases and in every item of a list', async () => {
    const { ask, reports } = given();
    const answer = await ask(
      'query Runs($deep: Int) { project(name: "demo") { runs { edges { node { name novelty(deep: $deep) { a { b } } other: novel } } } } }',
      { deep: 3 },
    );
    const node = { name: 'ab12cd34', novelty: null, other: null };
    expect(answer).toEqual({ status: 200, data: { project: { runs: { edges: [{ node }, { node }] } } } });
    expect(reports).toEqual([{ operation: 'Runs', names: ['Run.novel', 'Run.novelty'] }]);
  });

  it('gets no null where the object itself is null', async () => {
    expect((await given().ask('{ project(name: "none") { novel } }')).data).toEqual({ project: null });
  });

  it('gets null for an unknown root field of a query', async () => {
    expect((await given().ask('{ viewer { id } novel(x: 1) { y } }')).data).toEqual({ viewer: { id: 'u1' }, novel: null });
  });

  it('keeps @include and @skip on what is unknown, and drops unknown directives', async () => {
    const answer = await given().ask('query($no: Boolean!) { viewer { id @novel a @include(if: $no) b @skip(if: $no) } }', { no: false });
    expect(answer.data).toEqual({ viewer: { id: 'u1', b: null } });
  });

  it('is answered without the arguments that the schema lacks', async () => {
    const { ask, reports } = given();
    const answer = await ask('query($x: NovelInput!) { project(name: "demo", novel: $x) { id } }', { x: 1 });
    expect(answer).toEqual({ status: 200, data: { project: { id: 'p1' } } });
    expect(reports).toEqual([{ operation: 'query', names: ['Query.project(novel)', 'variable $x'] }]);
  });

  it('never matches fragments on types that the schema lacks', async () => {
    const query = '{ viewer { id ... on Novel { x } ...F } } fragment F on Other { y }';
    expect((await given().ask(query)).data).toEqual({ viewer: { id: 'u1' } });
  });

  it('gets null inside fragments only where they match', async () => {
    const query = `{ artifact(id: "a") { createdBy { __typename ... on Run { name novel } ... on User { email other } } } }`;
    expect((await given().ask(query)).data).toEqual({ artifact: { createdBy: { __typename: 'Run', name: 'ab12cd34', novel: null } } });
  });

  it('gets null for an object without a selection, and a scalar in spite of one', async () => {
    const query = '{ project(name: "demo") { run(name: "ab12cd34") { project name { x } } } }';
    expect((await given().ask(query)).data).toEqual({ project: { run: { project: null, name: 'ab12cd34' } } });
  });

  it('has unknown input fields taken out, in literals and in variables, even when null', async () => {
    const { ask, reports } = given();
    const known = { entityName: 'e', projectName: 'p', artifactTypeName: 't', digest: 'd' };
    const variables = { input: { ...known, novel: null, tags: [{ tagName: 'x', colour: 'red' }] } };
    const answer = await ask('mutation M($input: CreateArtifactInput!) { createArtifact(input: $input) { artifact { id } } }', variables);
    expect(inputOf(answer.data)).toEqual({ ...known, tags: [{ tagName: 'x' }] });
    expect(reports).toEqual([{ operation: 'M', names: ['CreateArtifactInput.novel', 'TagInput.colour'] }]);
    const literal = await ask('mutation M { upsertBucket(input: {name: "r", novel: {a: 1}}) { bucket { name } } }');
    expect(literal.data).toEqual({ upsertBucket: { bucket: { name: 'r' } } });
    expect(reports[1]).toEqual({ operation: 'M', names: ['UpsertBucketInput.novel'] });
  });

  it('is told once', async () => {
    const { ask, reports } = given();
    for (const name of ['demo', 'demo', 'none']) await ask('query P($n: String) { project(name: $n) { novel } }', { n: name });
    expect(reports).toHaveLength(1);
  });

  it('is refused when a mutation is unknown: null would look like success', async () => {
    const answer = await given().ask('mutation { stopRun(input: {id: "x"}) { success } launchRocket(input: {}) { success } }');
    expect(answer.status).toBe(400);
    expect(answer.errors?.[0]?.message).toContain('launchRocket');
  });

  it('is refused when nobody answers a mutation that the schema has', async () => {
    const answer = await given().ask('mutation { deleteRun(input: {id: "x"}) { clientMutationId } }');
    expect(answer.status).toBe(400);
    expect(answer.errors?.[0]?.message).toContain('deleteRun');
  });

  it('treats names of every object as unknown too', async () => {
    expect((await given().ask('{ viewer { id toString constructor } }')).data).toEqual({
      viewer: { id: 'u1', toString: null, constructor: null },
    });
  });
});

describe('a refusal', () => {
  it.each([
    [new Invalid('fix it'), 400],
    [new Unauthenticated('who?'), 401],
    [new Forbidden('no'), 403],
    [new NotFound('gone'), 404],
    [new Conflict('moved on'), 409],
    [new Unavailable('later'), 503],
  ])('of a resolver becomes the status that the client acts upon: %s', async (error, status) => {
    const answer = await given({ viewer: () => Promise.reject(error) }).ask('{ viewer { id } }');
    expect(answer).toEqual({ status, errors: [{ message: error.message }] });
  });

  it('says how long to wait when it is too much at once', async () => {
    const answer = await given({ viewer: () => Promise.reject(new TooMany('slow down', 7)) }).ask('{ viewer { id } }');
    expect(answer).toMatchObject({ status: 429, retryAfterSeconds: 7 });
  });

  it('may come from a field inside', async () => {
    const lazy = { id: 'p', run: () => Promise.reject(new Forbidden('not yours')) };
    expect((await given({ project: () => lazy }).ask('{ project { run(name: "r") { id } } }')).status).toBe(403);
  });

  it.each([new Bug('ours'), new TypeError('ours too')])('is none when it is a mistake of ours: %s is thrown on', async (error) => {
    await expect(given({ viewer: () => Promise.reject(error) }).ask('{ viewer { id } }')).rejects.toBe(error);
  });
});

describe('a document that asks too much', () => {
  const nested = (levels: number): string => (levels === 0 ? 'id' : `project { run(name: "r") { ${nested(levels - 1)} } }`);
  const doubling = Array.from(
    { length: 30 },
    (_, i) => `fragment F${i} on Project { a: run(name: "r") { project { ...F${i + 1} } } b: run(name: "r") { project { ...F${i + 1} } } }`,
  );

  it.each([
    ['is too long', `{ viewer { id } } # ${'x'.repeat(100_000)}`],
    ['nests too deeply', `{ ${nested(30)} }`],
    ['has a fragment inside itself', '{ project { ...F } } fragment F on Project { run(name: "r") { project { ...F } } }'],
    ['doubles itself', `{ project { ...F0 } } ${doubling.join(' ')} fragment F30 on Project { id }`],
    ['asks for one field under many names', `{ viewer { ${Array.from({ length: 1_001 }, (_, i) => `a${i}: id`).join(' ')} } }`],
    ['asks many things at once', `{ ${Array.from({ length: 21 }, (_, i) => `a${i}: viewer { id }`).join(' ')} }`],
    ['holds too many tokens', `{ viewer { ${'a '.repeat(20_001)} } }`],
    ['opens too many brackets', `{ viewer { id @include(if: ${'['.repeat(25_000)} } }`],
  ])('is refused with 400 when it %s', async (_, query) => {
    expect((await given().ask(query)).status).toBe(400);
  });
});
