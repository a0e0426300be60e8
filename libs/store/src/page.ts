/** Lists in parts. How a cursor is made and read is paging.ts. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
  readonly total: number;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | null;
}
