/** How other parts of the file name a parameter: `when`, `constraints` and `zip`. */
import type { Domain } from '@sweep/optimizer';
import type { Entry } from '../yaml-dialect/tree.js';
import type { LeafSource } from './leaf.js';

/** A parameter that has a domain, its relations to others still unread. */
export interface Draft {
  readonly path: readonly string[];
  readonly key: string;
  readonly domain: Domain;
  readonly source: LeafSource;
  /** Its own `when` and those of the groups around it. */
  readonly when: readonly { readonly entry: Entry; readonly path: readonly string[] }[];
  readonly prior: Entry | undefined;
}

export class Names {
  private readonly byName = new Map<string, Draft>();

  constructor(drafts: readonly Draft[]) {
    // A flat name with a dot wins over a nested one of the same spelling, so it is written last.
    const nestedFirst = [...drafts].sort((a, b) => b.path.length - a.path.length);
    for (const draft of nestedFirst) this.byName.set(draft.path.join('.'), draft);
    // A bare `on` is the name "true" once uploaded; whoever refers to it as it is written still means it.
    for (const draft of drafts) {
      const { source } = draft.source.entry;
      if (draft.path.length === 1 && !this.byName.has(source)) this.byName.set(source, draft);
    }
  }

  find(name: string): Draft | undefined {
    return this.byName.get(name);
  }

  /** First as it stands, then as a neighbour within the same group. */
  findFrom(name: string, at: Draft): Draft | undefined {
    return this.find(name) ?? this.find([...at.path.slice(0, -1), name].join('.'));
  }

  get all(): readonly string[] {
    return [...this.byName.keys()];
  }
}
