import { Invalid } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import { artifactAlias, collectionName, parseArtifactName, versionOfAlias } from './artifact-name.js';
import { mergeManifests, parseManifest } from './manifest.js';

const manifest = (contents: object, more: object = {}): string =>
  JSON.stringify({ version: 1, storagePolicy: 'wandb-storage-policy-v1', storagePolicyConfig: { storageLayout: 'V2' }, contents, ...more });

const digest = '1B2M2Y8AsgTpgAmY7PhCfg==';

describe('a manifest', () => {
  it('lists files and references by path', () => {
    const text = manifest({
      'b/model.pt': { digest, size: 10, birthArtifactID: 'QXJ0aWZhY3Q6MQ==' },
      'a.txt': { digest: 'https://example.org/a', ref: 'https://example.org/a', size: 5 },
      './c': { digest, size: 0 },
    });
    expect(parseManifest(text)).toEqual([
      { path: 'a.txt', digest: 'https://example.org/a', size: 5, reference: 'https://example.org/a' },
      { path: 'b/model.pt', digest, size: 10, reference: null },
      { path: 'c', digest, size: 0, reference: null },
    ]);
  });

  it('may be empty', () => {
    expect(parseManifest('{"version":1,"contents":{}}')).toEqual([]);
  });

  it.each([
    ['no JSON', 'nonsense'],
    ['no contents', '{"version":1}'],
    ['another version', manifest({}, { version: 2 })],
    ['a path upwards', manifest({ '../x': { digest } })],
    ['an absolute path', manifest({ '/x': { digest } })],
    ['an entry without digest', manifest({ x: { size: 1 } })],
    ['an entry that is none', manifest({ x: 1 })],
    ['a size below nothing', manifest({ x: { digest, size: -1 } })],
    ['a size that is no number', manifest({ x: { digest, size: '1' } })],
    ['one path twice', manifest({ x: { digest }, './x': { digest } })],
  ])('with %s is refused', (_, text) => {
    expect(() => parseManifest(text)).toThrow(Invalid);
  });

  it('is ordered by code points, as Python orders', () => {
    const paths = ['\u{1f600}', '\uffee', 'a/b', 'a', 'a!'];
    const entries = parseManifest(manifest(Object.fromEntries(paths.map((path) => [path, { digest }]))));
    expect(entries.map(({ path }) => path)).toEqual(['a', 'a!', 'a/b', '\uffee', '\u{1f600}']);
  });
});

describe('several manifests', () => {
  it('are one: later entries are added or replace those of their path, and keep all that they say', () => {
    const first = manifest({ a: { digest, size: 1 }, b: { digest, size: 2 } });
    const second = manifest({ b: { digest: 'etag', ref: 's3://b', extra: { etag: 'x' } }, ['__proto__']: { digest, size: 3 } });
    const merged = mergeManifests([first, second]);
    expect(parseManifest(merged).map(({ path, size, reference }) => [path, size, reference])).toEqual([
      ['__proto__', 3, null],
      ['a', 1, null],
      ['b', null, 's3://b'],
    ]);
    expect(JSON.parse(merged)).toMatchObject({ version: 1, contents: { b: { extra: { etag: 'x' } } } });
  });

  it('are refused with any that is none', () => {
    expect(() => mergeManifests([manifest({}), '[]'])).toThrow(Invalid);
  });
});

describe("an artifact's name", () => {
  it.each([
    ['model', 'model', 'latest'],
    ['model:best', 'model', 'best'],
    ['model:v3', 'model', 'v3'],
    ['model:', 'model', ''],
  ])('%j', (text, collection, alias) => {
    expect(parseArtifactName(text)).toEqual({ collection, alias });
  });

  it.each([
    ['v0', 0],
    ['v12', 12],
    ['v01', undefined],
    ['v', undefined],
    ['latest', undefined],
    ['V1', undefined],
  ])('may end in the version %j', (alias, version) => {
    expect(versionOfAlias(alias)).toBe(version);
  });

  it('is refused when the client could not ask for it', () => {
    expect(collectionName('run-ab12-tbl_1.0')).toBe('run-ab12-tbl_1.0');
    for (const name of ['', 'a b', 'a/b', 'a:b', 'ü', 'x'.repeat(129)]) expect(() => collectionName(name)).toThrow(Invalid);
    expect(artifactAlias('best model')).toBe('best model');
    for (const alias of ['', 'a:b', 'a/b', 'x'.repeat(129)]) expect(() => artifactAlias(alias)).toThrow(Invalid);
  });
});
