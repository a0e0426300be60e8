/** `sweep version` */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { type Context } from '../context.js';

export function configure(command: Command, act: Act): void {
  command.action(act(version));
  examples(command, ['sweep version', 'the version alone'], ['sweep version --json', 'with those of Node.js and the platform']);
}

export const versionText = (): string =>
  (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string }).version;

async function version({ print }: Context): Promise<void> {
  const value = { version: versionText(), node: process.version, platform: `${process.platform}-${process.arch}` };
  await print.one(value, () => value.version);
}
