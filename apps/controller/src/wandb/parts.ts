/** What the rooms for W&B's clients are given, and what each request brings. */
import type { Blobs } from '@sweep/blobs';
import type { Clock, Logger } from '@sweep/runtime';
import type { Store } from '@sweep/store';
import type { Caller } from '../auth/caller.js';
import type { HttpParts } from '../http/parts.js';
import type { Links } from './links.js';
import type { Nodes } from './nodes.js';
import type { Scope } from './scope.js';

export interface WandbParts {
  readonly store: Store;
  readonly blobs: Blobs;
  readonly engine: Pick<HttpParts['engine'], 'trials' | 'onPoints' | 'sweeps' | 'specs' | 'wandbAgents' | 'webhooks'>;
  readonly log: Logger;
  readonly clock: Clock;
  readonly links: Links;
  readonly nodes: Nodes;
}

export interface WandbContext {
  readonly caller: Caller;
  readonly scope: Scope;
  /** Tells which client calls. */
  readonly userAgent: string;
  /** Of GraphQL; null where it has no name. */
  readonly operation: string | null;
}
