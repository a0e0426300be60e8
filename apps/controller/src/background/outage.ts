/** Lease rule L5: time during which no controller could be reached does not count against anybody. */
import { type LeaseTimes, outageCreditMs } from '@sweep/domain';
import { type Clock, type Logger, type Loop, startLoop } from '@sweep/runtime';
import type { Store } from '@sweep/store';

export interface OutageParts {
  readonly store: Store;
  readonly times: LeaseTimes;
  readonly clock: Clock;
  readonly log: Logger;
  /** Of this controller process. */
  readonly id: string;
}

/** Credits the outage that ends now, once over all controllers, and starts writing heartbeats. */
export async function startHeartbeat(parts: OutageParts): Promise<Loop> {
  const { store, times, clock, log, id } = parts;
  const last = await store.outages.lastHeartbeat();
  const credit = outageCreditMs(last, await store.now(), times);
  if (last !== null && credit > 0 && (await store.outages.credit(last, credit, id)))
    log.info({ creditMs: credit }, 'leases extended by the outage');
  await store.outages.heartbeat(id);
  return startLoop({
    name: 'heartbeat',
    everyMs: times.controllerHeartbeatMs,
    clock,
    body: () => store.outages.heartbeat(id),
    onError: (error) => log.error({ err: error }, 'cannot write the heartbeat'),
  });
}
