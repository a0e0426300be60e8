import { createHash } from 'node:crypto';
import { userId } from '@sweep/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../../../testing/app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const json = { 'content-type': 'application/json' };
const md5 = (text: string): string => createHash('md5').update(text).digest('base64');
const hexOf = (base64: string): string => Buffer.from(base64, 'base64').toString('hex');

interface Answer {
  readonly status: number;
  readonly data: Readonly<Record<string, never>> | undefined;
  readonly message: string | undefined;
}

async function ask(query: string, variables: object, key?: string): Promise<Answer> {
  const body = JSON.stringify({ query, variables, operationName: '' });
  const answer = await app.call('POST', '/graphql', { body, headers: json, ...(key === undefined ? {} : { key }) });
  const { data, errors } = answer.json() as { data?: Record<string, never>; errors?: { message: string }[] };
  return { status: answer.statusCode, data, message: errors?.[0]?.message };
}

const mutate = (name: string, input: object, selection: string, key?: string): Promise<Answer> =>
  ask(`mutation M($i: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $i) { ${selection} } }`, { i: input }, key);

const here = { entityName: 'ada', projectName: 'p' };
const create = (input: object, key?: string): Promise<Answer> => {
  const usual = { ...here, artifactTypeName: 'dataset', artifactCollectionName: 'data', digest: 'd', enableDigestDeduplication: true };
  return mutate('createArtifact', { ...usual, ...input }, 'artifact { id state }', key);
};
const idOf = ({ data }: Answer): string => (data as unknown as { createArtifact: { artifact: { id: string } } }).createArtifact.artifact.id;

interface Upload {
  readonly uploadUrl: string | null;
  readonly uploadHeaders: readonly string[];
}

async function filesOf(artifactID: string, files: readonly { readonly name: string; readonly md5: string }[]) {
  const input = { artifactFiles: files.map((file) => ({ artifactID, ...file })), storageLayout: 'V2' };
  const answer = await mutate('createArtifactFiles', input, 'files { edges { node { name uploadUrl uploadHeaders artifact { id } } } }');
  const data = answer.data as unknown as { createArtifactFiles: { files: { edges: { node: Upload & { name: string } }[] } } } | null;
  return { ...answer, nodes: data?.createArtifactFiles?.files.edges.map(({ node }) => node) ?? [] };
}

const put = (url: string, body: string) => app.call('PUT', new URL(url).pathname + new URL(url).search, { body, headers: {}, key: null });

async function manifestOf(artifactID: string, contents: object): Promise<string> {
  const text = JSON.stringify({ version: 1, storagePolicyConfig: { storageLayout: 'V2' }, contents });
  const input = { ...here, artifactID, name: 'wandb_manifest.json', digest: md5(text), runName: '', type: 'FULL' };
  const { data } = await mutate('createArtifactManifest', input, 'artifactManifest { file { uploadUrl } }');
  const made = data as unknown as { createArtifactManifest: { artifactManifest: { file: { uploadUrl: string } } } };
  expect((await put(made.createArtifactManifest.artifactManifest.file.uploadUrl, text)).statusCode).toBe(200);
  return text;
}

const commit = (artifactID: string): Promise<Answer> => mutate('commitArtifact', { artifactID }, 'artifact { id versionIndex size }');

async function logged(collection: string, files: Readonly<Record<string, string>>): Promise<string> {
  const id = idOf(await create({ artifactCollectionName: collection, digest: JSON.stringify(files) }));
  const { nodes } = await filesOf(
    id,
    Object.entries(files).map(([name, text]) => ({ name, md5: md5(text) })),
  );
  for (const [i, text] of Object.values(files).entries())
    if (nodes[i]!.uploadUrl !== null) expect((await put(nodes[i]!.uploadUrl!, text)).statusCode).toBe(200);
  await manifestOf(id, Object.fromEntries(Object.entries(files).map(([name, text]) => [name, { digest: md5(text), size: text.length }])));
  expect((await commit(id)).status).toBe(200);
  return id;
}

describe('an upload for an artifact', () => {
  it('is asked for in the order of the request, and only for what the project lacks', async () => {
    await logged('known', { x: 'known content' });
    const id = idOf(await create({ artifactCollectionName: 'order' }));
    const names = ['z', 'a', 'm'];
    const { nodes } = await filesOf(
      id,
      names.map((name) => ({ name, md5: md5(name === 'a' ? 'known content' : name) })),
    );
    expect(nodes.map(({ name }) => name)).toEqual(names);
    expect(nodes.map(({ uploadUrl }) => uploadUrl === null)).toEqual([false, true, false]);
    expect(nodes[0]!.uploadHeaders).toEqual([`Content-MD5:${md5('z')}`]);
  });

  it('is refused where the bytes are those of another file', async () => {
    const id = idOf(await create({ artifactCollectionName: 'swapped' }));
    const { nodes } = await filesOf(id, [{ name: 'a', md5: md5('a') }]);
    expect((await put(nodes[0]!.uploadUrl!, 'b')).statusCode).toBe(400);
    await manifestOf(id, { a: { digest: md5('a'), size: 1 } });
    expect(await commit(id)).toMatchObject({ status: 400, message: expect.stringContaining('never uploaded') });
  });

  it('needs the very link that was given', async () => {
    const id = idOf(await create({ artifactCollectionName: 'signed' }));
    const { nodes } = await filesOf(id, [{ name: 'a', md5: md5('signed') }]);
    const url = nodes[0]!.uploadUrl!;
    const other = Buffer.from(md5('other')).toString('base64url');
    expect((await put(url.replace(/(contents\/[^/]+\/)[^?]+/, `$1${other}`), 'other')).statusCode).toBeGreaterThanOrEqual(401);
  });

  it.each(['../up', '/etc/passwd', 'a/../../b', '', 'a\u0000b'])('of a file named %j is refused', async (name) => {
    const id = idOf(await create({ artifactCollectionName: 'names' }));
    expect(await filesOf(id, [{ name, md5: md5('x') }])).toMatchObject({ status: 400 });
  });

  it.each(['', 'abc', 'd41d8cd98f00b204e9800998ecf8427e'])('with the MD5 %j is refused', async (given) => {
    const id = idOf(await create({ artifactCollectionName: 'digests' }));
    expect(await filesOf(id, [{ name: 'a', md5: given }])).toMatchObject({ status: 400, message: expect.stringContaining('MD5') });
  });
});

describe('an artifact', () => {
  it.each(['a/b', '..%2f', 'ü', 'x'.repeat(129), ''])('cannot be named %j', async (artifactCollectionName) => {
    expect(await create({ artifactCollectionName })).toMatchObject({ status: 400 });
  });

  it('lies where this server has it, and in no region of a cloud', async () => {
    expect(await create({ artifactCollectionName: 'far', storageRegion: 'coreweave-us' })).toMatchObject({
      status: 400,
      message: expect.stringContaining('"coreweave-us"'),
    });
    expect(await create({ artifactCollectionName: 'near', storageRegion: null })).toMatchObject({ status: 200 });
  });

  it('keeps its name for one type, and says so', async () => {
    await create({ artifactCollectionName: 'typed' });
    expect(await create({ artifactCollectionName: 'typed', artifactTypeName: 'model' })).toMatchObject({
      status: 400,
      message: expect.stringContaining('already exists with type dataset'),
    });
  });

  it('is committed only with a manifest, whose paths stay inside', async () => {
    const id = idOf(await create({ artifactCollectionName: 'bare' }));
    expect(await commit(id)).toMatchObject({ status: 400, message: expect.stringContaining('no manifest') });
    await manifestOf(id, { '../x': { digest: md5('x'), size: 1 } });
    expect(await commit(id)).toMatchObject({ status: 400, message: expect.stringContaining('"../x"') });
  });

  it('has links to its files that end with their names', async () => {
    const artifactID = await logged('shown', { 'dir/ü a.txt': 'shown' });
    const files = 'files { edges { node { directUrl } } }';
    const { data } = await ask(`query Q($id: ID!) { artifact(id: $id) { ${files} } }`, { id: artifactID });
    const { artifact } = data as unknown as { artifact: { files: { edges: { node: { directUrl: string } }[] } } };
    const { pathname, search } = new URL(artifact.files.edges[0]!.node.directUrl);
    expect(pathname).toMatch(/\/__a\.txt$/);
    expect(await app.call('GET', pathname + search, { key: null })).toMatchObject({ statusCode: 200, body: 'shown' });
  });

  it('of very many files says how many they are, where it does not list them all', async () => {
    const id = idOf(await create({ artifactCollectionName: 'many' }));
    const names = Array.from({ length: 10_001 }, (_, at) => `file-${String(at).padStart(5, '0')}`);
    await manifestOf(id, Object.fromEntries(names.map((name) => [name, { digest: name, ref: `s3://far/${name}`, size: 1 }])));
    expect((await commit(id)).status).toBe(200);
    const { items, total } = (await app.call('GET', '/api/v1/artifacts/ada%2Fp%2Fmany:v0/files')).json() as {
      items: { path: string }[];
      total: number;
    };
    expect([items.length, items.at(-1)?.path, total]).toEqual([10_000, 'file-09999', 10_001]);
  });

  it('stays as it is once it is committed', async () => {
    const id = await logged('closed', { a: 'closed' });
    expect(await filesOf(id, [{ name: 'b', md5: md5('b') }])).toMatchObject({ status: 400 });
    expect(await commit(id)).toMatchObject({ status: 200, data: { commitArtifact: { artifact: { versionIndex: 0, size: 6 } } } });
  });

  it('belongs to who owns the project', async () => {
    const { id: project } = await app.store.projects.ensure('bob', 'theirs');
    const nothing = { description: null, metadata: null, ttlSeconds: null, historyStep: null, clientId: null, sequenceClientId: null };
    const named = { type: 'dataset', collection: 'data', digest: 'd', aliases: [], tags: [], distributedId: null, deduplicate: false };
    const { id } = await app.store.artifacts.create({ project, run: null, user: userId('bob'), ...named, ...nothing });
    const artifactID = Buffer.from(`Artifact:${id}`).toString('base64');
    const key = await app.keyOf('user');
    expect((await create({ entityName: 'bob' }, key)).status).toBe(403);
    expect((await mutate('deleteArtifact', { artifactID, deleteAliases: true }, 'artifact { id }', key)).status).toBe(403);
    expect((await mutate('updateArtifact', { artifactID, description: 'x' }, 'artifact { id }', key)).status).toBe(403);
    expect(await app.store.artifacts.version({ id })).toMatchObject({ state: 'PENDING', description: null });
  });

  it('that is not there is null for reading, and 404 for writing', async () => {
    const id = Buffer.from('Artifact:nothing').toString('base64');
    expect(await ask('query Q($id: ID!) { artifact(id: $id) { id } }', { id })).toMatchObject({ status: 200, data: { artifact: null } });
    for (const artifactID of [id, 'nonsense', '']) expect(await commit(artifactID)).toMatchObject({ status: 404 });
  });

  it('is deleted with its aliases only by wish', async () => {
    const artifactID = await logged('kept', { a: 'kept' });
    expect(await mutate('deleteArtifact', { artifactID }, 'artifact { id }')).toMatchObject({
      status: 409,
      message: expect.stringContaining('latest'),
    });
    expect(await mutate('deleteArtifact', { artifactID, deleteAliases: true }, 'artifact { id }')).toMatchObject({ status: 200 });
    expect(await ask('query Q($id: ID!) { artifact(id: $id) { id } }', { id: artifactID })).toMatchObject({ data: { artifact: null } });
  });
});

describe('a list of versions', () => {
  const list = (args: string) =>
    ask(
      `query Q { project(name: "p", entityName: "ada") { artifactType(name: "dataset") { artifactCollection(name: "listed") {
         artifacts(${args}) { totalCount pageInfo { hasNextPage endCursor } edges { version } } } } } }`,
      {},
    );
  const versionsIn = ({ data }: Answer): readonly string[] =>
    (
      data as unknown as { project: { artifactType: { artifactCollection: { artifacts: { edges: { version: string }[] } } } } }
    ).project.artifactType.artifactCollection.artifacts.edges.map(({ version }) => version);

  it('is newest first, or in the wanted order, in pages', async () => {
    for (const text of ['1', '22', '333']) await logged('listed', { a: text });
    expect(versionsIn(await list('first: 2'))).toEqual(['v2', 'v1']);
    expect(versionsIn(await list('first: 2, after: "2"'))).toEqual(['v0']);
    expect(versionsIn(await list('order: "versionIndex"'))).toEqual(['v0', 'v1', 'v2']);
    expect(versionsIn(await list('filters: "{\\"size\\": {\\"$gt\\": 1}}", order: "-size"'))).toEqual(['v2', 'v1']);
    expect(versionsIn(await list('filters: "{\\"alias\\": \\"latest\\"}"'))).toEqual(['v2']);
  });

  it.each(['filters: "{\\"nothing\\": 1}"', 'order: "nothing"', 'filters: "{\\"digest\\": {\\"$regex\\": \\"(a+)+$\\"}}"'])(
    'refuses %s',
    async (args) => {
      expect((await list(args)).status).toBe(400);
    },
  );
});

describe('the fixed paths of files', () => {
  it('lead to the bytes, in every layout that clients use', async () => {
    const id = await logged('fetched', { 'dir/file.txt': 'by a fixed path' });
    const hex = hexOf(md5('by a fixed path'));
    const own = encodeURIComponent(id);
    for (const path of [
      `/artifactsV2/default/ada/p/fetched/${own}/${hex}/file.txt`,
      `/artifactsV2/default/ada/p/fetched/${own}/${own}/${hex}/file.txt`,
      `/artifactsV2/default/ada/${own}/${hex}`,
      `/artifacts/ada/${hex}`,
    ]) {
      const answer = await app.call('GET', path);
      expect([path, answer.statusCode, answer.body]).toEqual([path, 200, 'by a fixed path']);
    }
  });

  it.each([
    '/artifactsV2/default/ada/nothing',
    `/artifacts/ada/${'0'.repeat(32)}`,
    '/artifacts/ada/nonsense',
    `/artifacts/bob/${hexOf(md5('by a fixed path'))}`,
  ])('answer 404 for %s', async (path) => {
    expect((await app.call('GET', path)).statusCode).toBe(404);
  });
});
