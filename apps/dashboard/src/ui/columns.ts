/** Which columns of a table are shown, and which stay at the left. Pure. */

export interface Arrangement {
  readonly hidden: readonly string[];
  readonly pinned: readonly string[];
}

/** The first column always comes first and stays; those that are pinned follow. */
export function arranged<C extends { readonly id: string }>(
  columns: readonly C[],
  { hidden, pinned }: Arrangement,
): { readonly columns: readonly C[]; readonly pinned: number } {
  const [first, ...rest] = columns;
  if (first === undefined) return { columns, pinned: 0 };
  const shown = rest.filter(({ id }) => !hidden.includes(id));
  const left = pinned.flatMap((id) => shown.find((column) => column.id === id) ?? []);
  return { columns: [first, ...left, ...shown.filter((column) => !left.includes(column))], pinned: 1 + left.length };
}

/** Ids in the address. They may hold anything, so each is percent-encoded. */
export const listIn = (text: string): readonly string[] =>
  text
    .split(',')
    .filter((part) => part !== '')
    .map(decoded);
export const listText = (ids: readonly string[]): string => ids.map(encodeURIComponent).join(',');

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Written by hand: it stands for itself.
    return part;
  }
}
