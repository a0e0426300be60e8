/** The `schemathesis` program. */
import { pythonPackage } from './python-package.js';

/** Folder for PYTHONPATH; or the reason why it cannot be had. */
export const schemathesis = (): Promise<string | { readonly skip: string }> =>
  pythonPackage({ name: 'schemathesis', version: '4.32.5', cache: 'schemathesis' });
