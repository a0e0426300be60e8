/** Lists in GraphQL's connection form. */

export interface Connection<Node> {
  readonly totalCount: number;
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
  readonly edges: readonly { readonly node: Node; readonly cursor: string }[];
}

export interface Slice {
  readonly after?: string | null | undefined;
  readonly first?: number | null | undefined;
}

const mostAtOnce = 1_000;

/** Cursors are places in the list. A cursor that is none starts at the beginning. */
export function placeOf({ after, first }: Slice, usual: number): { readonly start: number; readonly limit: number } {
  const place = /^\d{1,12}$/.test(after ?? '') ? Number(after) : 0;
  return { start: place, limit: Math.max(0, Math.min(first ?? usual, mostAtOnce)) };
}

export function connectionOf<Node>(nodes: readonly Node[], start: number, total: number): Connection<Node> {
  const edges = nodes.map((node, index) => ({ node, cursor: String(start + index + 1) }));
  return {
    totalCount: total,
    pageInfo: { endCursor: edges.at(-1)?.cursor ?? null, hasNextPage: start + edges.length < total },
    edges,
  };
}

/** One page of a list that is at hand. */
export function pageOfAll<Item, Node>(all: readonly Item[], slice: Slice, nodeOf: (item: Item) => Node): Connection<Node> {
  const { start, limit } = placeOf(slice, mostAtOnce);
  return connectionOf(all.slice(start, start + limit).map(nodeOf), start, all.length);
}
