/** Where the controller's and the agent's programs are. They are processes of their own, never libraries. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../exit.js';

export type ProgramName = 'controller' | 'agent';

/** A file of the built package, `main.js` unless another is named. `override`: of the settings. */
export function programPath(name: ProgramName, override: string | null, file = 'main.js'): string {
  if (override !== null && file === 'main.js') return override;
  const path = join(override === null ? join(packageFolder(name), 'bundle') : dirname(override), file);
  if (!existsSync(path)) throw new CommandError(`${path} is missing: build it with \`npm run build\``);
  return path;
}

function packageFolder(name: ProgramName): string {
  try {
    return dirname(fileURLToPath(import.meta.resolve(`@sweep/${name}/package.json`)));
  } catch {
    throw new CommandError(`the package @sweep/${name} is not installed beside this program`);
  }
}
