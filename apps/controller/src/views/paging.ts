/** Lists as the API shows them, and reading all pages of one that must be seen whole. */
import type { ListView } from '@sweep/api';
import type { Page, PageRequest } from '@sweep/store';

/** A list that is always given whole. */
export function wholeList<T>(items: readonly T[]): ListView<T> {
  return { items, nextCursor: null, total: items.length };
}

/** A page whose items were mapped together. */
export async function mapPage<T, V>(
  page: Page<T>,
  map: (items: readonly T[]) => Promise<readonly V[]> | readonly V[],
): Promise<ListView<V>> {
  return { items: await map(page.items), nextCursor: page.nextCursor, total: page.total };
}

export async function allPages<T>(read: (request: PageRequest) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const page of eachPage(read)) items.push(...page);
  return items;
}

/** For what is reduced on the way: never more than a page is held. */
export async function* eachPage<T>(read: (request: PageRequest) => Promise<Page<T>>): AsyncGenerator<readonly T[]> {
  let cursor: string | null = null;
  do {
    const page: Page<T> = await read({ limit: 1_000, cursor });
    yield page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}

/** What lies at a place of a list that is sorted by anything, and where the next page begins. */
export function placedPage<T, V>({ items, total }: Pick<Page<T>, 'items' | 'total'>, start: number, views: readonly V[]): ListView<V> {
  const end = start + items.length;
  return { items: views, nextCursor: end < total && items.length > 0 ? String(end) : null, total };
}
