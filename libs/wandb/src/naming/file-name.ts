/** Names of files inside a run or an artifact: one form for `x` and `./x`, and nothing that leads outside. */
import { Invalid } from '@sweep/domain';

const longest = 1024;
/** `\\x` and `C:x` too: a name that is kept here is a path where a client downloads it. */
const isAbsolute = /^(?:[\\/]|[A-Za-z]:[\\/])/;

/** undefined for a name that is empty, absolute, leads upwards or holds control characters; as Windows reads it either. */
export function normalFileName(name: string): string | undefined {
  if (name.length > longest || /[\u0000-\u001f]/.test(name) || isAbsolute.test(name)) return undefined;
  const parts = name.split('/').filter((part) => part !== '.' && part !== '');
  return parts.length === 0 || name.split(/[\\/]/).includes('..') ? undefined : parts.join('/');
}

/** @throws Invalid, naming the file. */
export function fileName(name: string): string {
  const normal = normalFileName(name);
  if (normal === undefined)
    throw new Invalid(`"${name.slice(0, 200)}" cannot name a file; use a relative path without ".." of at most ${longest} characters`);
  return normal;
}
