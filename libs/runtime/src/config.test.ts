import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError, readConfig } from './config.js';

const settings = {
  port: { key: 'port', flag: '--port', variable: 'TEST_PORT', schema: z.coerce.number().int().max(65_535, 'at most 65535'), default: 8420 },
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweep-config-'));
  mkdirSync(join(folder, 'xdg', 'sweep'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (flags: Record<string, unknown> = {}, environment: Record<string, string> = {}) =>
  readConfig(settings, { flags, environment: { XDG_CONFIG_HOME: join(folder, 'xdg'), ...environment }, cwd: folder }).port;

describe('a setting', () => {
  it('is taken from the flag before the environment before the near file before the far file before the default', () => {
    expect(read()).toBe(8420);
    writeFileSync(join(folder, 'xdg', 'sweep', 'config.yaml'), 'port: 1\n');
    expect(read()).toBe(1);
    writeFileSync(join(folder, 'sweep.config.yaml'), 'port: 2\n');
    expect(read()).toBe(2);
    expect(read({}, { TEST_PORT: '3' })).toBe(3);
    expect(read({ port: '4' }, { TEST_PORT: '3' })).toBe(4);
  });

  it('that is wrong stops the start and says which, what, why and from where', () => {
    expect(() => read({}, { TEST_PORT: '70000' })).toThrow(
      new ConfigError('port: "70000" (from environment variable TEST_PORT) is not allowed: at most 65535'),
    );
  });

  it('is not taken from an empty variable', () => {
    expect(read({}, { TEST_PORT: '' })).toBe(8420);
  });

  it('file that is not a mapping is refused by its path', () => {
    writeFileSync(join(folder, 'sweep.config.yaml'), '- 1\n');
    expect(() => read()).toThrow(/sweep\.config\.yaml: expected a mapping/);
  });

  it('file that is no YAML is refused by its path, with the line', () => {
    writeFileSync(join(folder, 'sweep.config.yaml'), 'port: [1\n');
    expect(() => read()).toThrow(ConfigError);
    expect(() => read()).toThrow(/sweep\.config\.yaml cannot be read: .* at line/);
  });
});
