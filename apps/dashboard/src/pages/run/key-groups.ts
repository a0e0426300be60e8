/** Metrics in sections by what stands before the first slash, as programs name them: `train/loss` and `train/acc` are of `train`. */

export interface KeyGroup {
  readonly prefix: string;
  readonly names: readonly string[];
}

/** Those without a slash come first, as `metrics`. */
const plain = 'metrics';

export function keyGroups(names: readonly string[]): readonly KeyGroup[] {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const slash = name.indexOf('/');
    const prefix = slash > 0 ? name.slice(0, slash) : plain;
    const members = groups.get(prefix);
    if (members === undefined) groups.set(prefix, [name]);
    else members.push(name);
  }
  const inOrder = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });
  return [...groups]
    .map(([prefix, members]) => ({ prefix, names: members.sort(inOrder) }))
    .sort((a, b) => Number(b.prefix === plain) - Number(a.prefix === plain) || inOrder(a.prefix, b.prefix));
}

/** By what a person types: every word must occur, in any order and case. */
export function matching(names: readonly string[], search: string): readonly string[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return names.filter((name) => words.every((word) => name.toLowerCase().includes(word)));
}
