/** Keys within keys, as a dotted path may mean them. Pure. */

/** Beyond this many parts only the two plain readings are tried: there are 2^(parts-1) of them. */
const mostParts = 5;

/** Every way to read `a.b.c`, the longest literal keys first: a key may hold dots itself. */
export function pathsOf(path: string): readonly (readonly string[])[] {
  const parts = path.split('.');
  if (parts.length === 1) return [parts];
  if (parts.length > mostParts) return [[path], parts];
  return readings(parts);
}

function readings(parts: readonly string[]): readonly (readonly string[])[] {
  if (parts.length === 0) return [[]];
  const result: (readonly string[])[] = [];
  for (let n = parts.length; n > 0; n--) {
    const key = parts.slice(0, n).join('.');
    for (const rest of readings(parts.slice(n))) result.push([key, ...rest]);
  }
  return result;
}
