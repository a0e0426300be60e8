/** `sweep version` */
import type { Command } from 'commander';
import { type Act, examples } from '../act.js';
import { type Context } from '../context.js';
import { versionText } from '../version.js';

export function configure(command: Command, act: Act): void {
  command.action(act(version));
  examples(command, ['sweep version', 'the version alone'], ['sweep version --json', 'with those of Node.js and the platform']);
}

async function version({ print }: Context): Promise<void> {
  const value = { version: versionText(), node: process.version, platform: `${process.platform}-${process.arch}` };
  await print.one(value, () => value.version);
}
