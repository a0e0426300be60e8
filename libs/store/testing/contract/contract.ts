/** All that callers rely on, races included. */
import { artifactContract } from './artifacts.js';
import { assignmentContract } from './assignments.js';
import type { OpenStore } from './fixture.js';
import { lifetimeContract } from './lifetimes.js';
import { lineStoreContract } from './lines.js';
import { quarantineContract } from './quarantines.js';
import { recordStoreContract } from './records.js';
import { retentionContract } from './retention.js';
import { runTableContract } from './run-table.js';
import { runStoreContract } from './runs.js';
import { searchLogContract } from './search-log.js';
import { keyContract, sessionContract } from './sessions.js';
import { streamStoreContract } from './streams.js';
import { sweepStoreContract } from './sweeps.js';
import { teamContract } from './teams.js';
import { trialStoreContract } from './trials.js';
import { usageContract } from './usage.js';
import { webhookContract } from './webhooks.js';

export type { OpenStore } from './fixture.js';

export function storeContract(open: () => Promise<OpenStore>): void {
  sweepStoreContract(open);
  trialStoreContract(open);
  searchLogContract(open);
  streamStoreContract(open);
  recordStoreContract(open);
  runStoreContract(open);
  lineStoreContract(open);
  assignmentContract(open);
  artifactContract(open);
  lifetimeContract(open);
  quarantineContract(open);
  keyContract(open);
  sessionContract(open);
  runTableContract(open);
  teamContract(open);
  usageContract(open);
  webhookContract(open);
  retentionContract(open);
}
