/** What the routes are given: one token each would only repeat this list. */
import type { Blobs } from '@sweep/blobs';
import type { Dispatch } from '@sweep/dispatch';
import type { Clock, Logger } from '@sweep/runtime';
import type { Store } from '@sweep/store';
import type { Authenticator } from '../auth/authenticate.js';
import type { HostRules } from '../auth/browser.js';
import type { RateLimit } from '../auth/rate-limit.js';
import type { Engine } from '../engine.js';
import type { AgentArchive } from '../install/archive.js';
import type { EventFeed } from '../live/event-feed.js';
import type { Telemetry } from './telemetry.js';

export interface ServerFacts {
  readonly version: string;
  readonly database: 'embedded' | 'external';
  readonly startedAt: number;
  /** Known once the server listens. */
  readonly url: () => string;
  readonly grpcUrl: () => string;
  /** SHA-256 of the certificate that the controller made for itself; null where it has none. */
  readonly fingerprint: string | null;
  /** SHA-256 of that certificate's public key, as `curl --pinnedpubkey` takes it. */
  readonly pin: string | null;
}

export interface HttpParts {
  readonly store: Store;
  readonly dispatch: Dispatch;
  readonly blobs: Blobs;
  readonly engine: Pick<
    Engine,
    'specs' | 'sweeps' | 'trials' | 'askTell' | 'agents' | 'proposer' | 'sampling' | 'onPoints' | 'wandbAgents' | 'openCalls' | 'webhooks'
  >;
  readonly authenticator: Authenticator;
  readonly feed: EventFeed;
  readonly telemetry: Telemetry;
  readonly log: Logger;
  readonly clock: Clock;
  readonly server: ServerFacts;
  readonly hosts: HostRules;
  /** Of each key; null: none. */
  readonly rateLimit: RateLimit | null;
  /** What other machines install. */
  readonly agentArchive: () => AgentArchive;
  /** Folder of the built dashboard. */
  readonly dashboard: string;
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | null;
  /** Aborts when the server goes: endless answers end then. */
  readonly closing: AbortSignal;
}

export const Parts = Symbol('HttpParts');
export const SweepViews = Symbol('SweepReader');
export const TrialViews = Symbol('TrialReader');
export const RunViews = Symbol('RunReader');
export const SignIn = Symbol('Sessions');
