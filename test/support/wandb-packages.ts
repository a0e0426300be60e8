/** Releases of the `wandb` package, unpacked without what they need: to be read, not run. */
import { join } from 'node:path';
import { pythonPackage } from './python-package.js';

/** Releases that must work. */
export const wandbVersions = ['0.31.0', '0.28.2', '0.25.1', '0.19.11'] as const;

/** The folder of the Python package; or the reason why it cannot be had. */
export async function wandbPackage(version: string): Promise<string | { readonly skip: string }> {
  const folder = await pythonPackage({ name: 'wandb', version, cache: 'wandb-packages', alone: true });
  return typeof folder === 'string' ? join(folder, 'wandb') : folder;
}
