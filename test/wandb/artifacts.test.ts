/** Artifacts of the real client against a real controller: what was logged is fetched and read back by `wandb.Api()`. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../support/cluster.js';
import { type Wandb, wandbClient, wandbOn } from '../support/wandb-client.js';
import { withWandb } from '../support/wandb-cluster.js';

let cluster: Cluster;
let wandb: Wandb;

withWandb((given) => {
  ({ cluster, wandb } = given);
});

const scene = async (name: string): Promise<unknown> => (await wandb.program('artifact_scenes', { args: [name] })).told;

describe('an artifact', () => {
  it('is used and fetched as it was logged, byte for byte, and knows its runs', async () => {
    const described = {
      name: 'data:v0',
      version: 'v0',
      aliases: ['a', 'best', 'latest'],
      tags: ['t1'],
      type: 'dataset',
      state: 'COMMITTED',
      size: 1_280_022,
      count: 5,
      metadata: { rows: 3, nested: { x: [1, 2.5] } },
      description: 'words',
    };
    expect(await scene('log')).toMatchObject({
      first: described,
      read: described,
      same: true,
      apiSame: true,
      verified: null,
      entry: 'some text\n',
      maker: true,
      users: [true],
      outputs: ['data:v0'],
      inputs: ['data:v0'],
      files: ['deep/er/inner.bin', 'empty.bin', 'plain.txt', 'same as plain', 'with space & 100% ü\'".txt'],
      named: ['plain.txt'],
      exists: [true, false],
      collection: true,
      missing: expect.stringContaining("'nothing:v0' not found"),
    });
  });

  it('gets a new version only for new content; aliases are at one version', async () => {
    expect(await scene('versions')).toEqual({
      names: ['v0', 'v0', 'v1', 'v2', 'v2'],
      all: [
        ['v2', ['good', 'latest', 'x', 'y']],
        ['v1', []],
        ['v0', []],
      ],
      latest: 'v2',
      other: expect.stringContaining("already exists with type 'dataset'"),
      reserved: expect.stringContaining('that is how versions are numbered'),
      types: ['dataset'],
      collections: ['data'],
    });
  });

  it('can be described anew, deleted with its aliases only by wish, renamed, given another type, and deleted whole', async () => {
    expect(await scene('edit')).toMatchObject({
      after: { version: 'v0', aliases: ['new'], tags: ['t1', 't2'], metadata: { n: 2, nan: 'text' }, description: 'new words' },
      gone: true,
      kept: expect.stringContaining('aliases latest'),
      deleted: true,
      moved: ['latest', 'new'],
      collection: { name: 'renamed', description: 'a shelf', tags: ['c1'], aliases: ['latest', 'new'] },
      retyped: 'other',
      emptied: [],
    });
  });

  it('can be linked into a portfolio, which numbers by itself, and unlinked', async () => {
    expect(await scene('link')).toEqual({
      linked: 'shelf:v1',
      shelf: ['shelf:good', 'v0', 'v1', ['good'], true],
      content: { a: '2' },
      all: [
        ['shelf:v1', 'v0'],
        ['shelf:v0', 'v1'],
      ],
      links: ['shelf:v0'],
      left: ['v0'],
      source: 'COMMITTED',
    });
  });

  it('holds tables, references, code, models, and what a draft of another version changes', async () => {
    expect(await scene('kinds')).toEqual({
      row: {
        _type: 'table-file',
        nrows: 2,
        ncols: 2,
        artifact_path: expect.stringMatching(/^wandb-client-artifact:\/\/\w+\/table\.table\.json$/),
      },
      table: {
        columns: ['x', 'y'],
        data: [
          [1, 'a'],
          [2.5, 'b'],
        ],
      },
      inner: [[3]],
      listed: ['elsewhere.txt', 'inner.table.json'],
      web: ['https://example.invalid/x', 'https://example.invalid/x', [['web', '']]],
      elsewhere: 'elsewhere',
      code: ['code.py'],
      drafted: { changed: '4', kept: '1' },
      version: 'v1',
      nested: { through: '1' },
      model: 'weights',
      registered: ['champion:v0', 'v0', 'weights:v0', ['latest', 'prod']],
      types: ['code', 'dataset', 'model', 'run_table'],
      outputs: [
        ...[
          'drafted:v0',
          'drafted:v1',
          'far:v0',
          'nested:v0',
          'refs:v0',
          'run-ID-table:v0',
          'source-artifacts-kinds-None:v0',
          'weights:v0',
        ],
      ],
    });
  });

  it('grows by increments, and by what several programs add', async () => {
    const table = (number: string) => expect.stringMatching(new RegExp(`^${number}-\\d+\\.grows\\.table\\.json$`));
    expect(await scene('growing')).toEqual({
      rows: [0, 1, 2].map((increment) => ['incremental-table-file', increment]),
      versions: ['v2', 'v1', 'v0'],
      files: [table('1'), table('2'), table('None')],
      changes: 2,
      shared: ['one', 'two'],
    });
  });

  it('is found by whatever it was called each time that its content was logged', async () => {
    const { versions, references } = (await scene('repeated')) as { versions: string[]; references: string[] };
    expect(versions).toEqual(['v0']);
    expect(new Set(references).size).toBe(2);
    const ask = async (reference: string): Promise<unknown> => {
      const headers = { authorization: `Bearer ${cluster.key}` };
      return await (await fetch(`${cluster.url}/api/v1/artifacts/${reference}`, { headers })).json();
    };
    const [first, second] = await Promise.all(references.map(ask));
    expect(first).toMatchObject({ version: 'v0' });
    expect(second).toEqual(first);
  });

  it('goes with the run that made it, by wish; not with one that only made it again', async () => {
    expect(await scene('run_deleted')).toEqual([true, false]);
  });

  it('that was logged offline comes with `wandb sync`, once however often', async () => {
    await scene('offline');
    for (const again of [[], ['--no-skip-synced']]) await wandb.command(['sync', '--yes', ...again]);
    expect(await scene('synced')).toEqual({ files: { x: 'written offline' }, versions: ['v0'], types: ['dataset', 'run_table'] });
  });
});

describe('an older client', () => {
  it('fetches what is linked, not what has its number elsewhere', async ({ skip }) => {
    const environment = await wandbClient('0.19.11');
    if (typeof environment !== 'string') return skip(environment.skip);
    const { told } = await wandbOn(cluster, environment).program('artifact_scenes', { args: ['link', 'older'] });
    expect(told).toMatchObject({ content: { a: '2' }, links: ['shelf:v0'], left: ['v0'] });
  });
});

describe('the command line', () => {
  it('puts a folder, lists it and gets it back', async () => {
    const [from, to] = [join(cluster.folder, 'put'), join(cluster.folder, 'got')];
    await mkdir(join(from, 'inner'), { recursive: true });
    await writeFile(join(from, 'inner', 'file.bin'), Buffer.from([0, 255, 10]));
    await wandb.command(['artifact', 'put', '--name', 'lines/thing', '--type', 'dataset', '--alias', 'mine', from]);
    const { output } = await wandb.command(['artifact', 'ls', 'lines']);
    expect(output).toMatch(/dataset\s.*thing:v0/);
    await wandb.command(['artifact', 'get', '--root', to, 'lines/thing:mine']);
    expect(await readFile(join(to, 'inner', 'file.bin'))).toEqual(Buffer.from([0, 255, 10]));
  });
});
