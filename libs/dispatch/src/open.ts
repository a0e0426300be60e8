/** BullMQ as the doorbell: chooses the server and puts the parts together. */
import { Unavailable } from '@sweep/domain';
import type { Logger } from '@sweep/runtime';
import { answer } from './answer.js';
import type { QueueBackend } from './backend.js';
import { createChores } from './chores.js';
import type { Dispatch } from './dispatch.js';
import { createOffers } from './offers.js';
import { openPostgresBackend } from './postgres.js';
import { openRedisBackend } from './redis.js';
import { createTicks } from './ticks.js';

export type DispatchAddress = { readonly redisUrl: string } | { readonly databaseUrl: string };

export interface DispatchTuning {
  /** Keeps several installations on one server apart; letters, digits and underscores. */
  readonly namespace?: string;
  readonly connectWithinMs?: number;
  readonly offerLockMs?: number;
}

/** @throws Invalid for a URL that is none, Unavailable with the reason when the server does not answer in time */
export async function openDispatch(address: DispatchAddress, log: Logger, tuning: DispatchTuning = {}): Promise<Dispatch> {
  const onError = seldom(log);
  const connectWithinMs = tuning.connectWithinMs ?? 5_000;
  const backend: QueueBackend =
    'redisUrl' in address
      ? await openRedisBackend({ url: address.redisUrl, namespace: tuning.namespace ?? 'sweep', connectWithinMs, onError })
      : await openPostgresBackend({ url: address.databaseUrl, schema: tuning.namespace ?? 'bullmq', connectWithinMs, onError });
  const offers = createOffers(backend, { lockMs: tuning.offerLockMs ?? 30_000, onError });
  const ticks = createTicks(backend, onError);
  const chores = createChores(backend, onError, async () => {
    await ticks.wipe();
    await offers.wipe();
  });
  let closing: Promise<void> | null = null;
  const closeAll = async (): Promise<void> => {
    const parts = [chores, ticks, offers];
    // A server that is dead says no farewell, and nobody can wait until it is back.
    await Promise.all(parts.map((part) => answer(backend.where, part.close(), farewellMs).catch(onError)));
    await backend.close();
  };
  const whileOpen =
    <A extends readonly unknown[], T>(method: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      if (closing !== null) throw new Unavailable(`the connection to ${backend.where} was closed`);
      return method(...args);
    };
  return {
    offer: whileOpen(offers.offer),
    offerMany: whileOpen(offers.offerMany),
    take: whileOpen(offers.take),
    withdraw: whileOpen(offers.withdraw),
    onOffer: whileOpen(offers.onOffer),
    waiting: whileOpen(offers.waiting),
    tick: whileOpen(ticks.tick),
    onTick: whileOpen(ticks.onTick),
    every: whileOpen(chores.every),
    inspect: whileOpen(backend.report),
    ping: whileOpen(backend.ping),
    close: () => (closing ??= closeAll()),
  };
}

/** What is under way may end. */
const farewellMs = 10_000;

/** Each of the many connections reports the same outage again and again: one line now and then is enough. */
function seldom(log: Logger): (error: Error) => void {
  const pauseMs = 10_000;
  const said = new Map<string, number>();
  return (error) => {
    const now = Date.now();
    if (now - (said.get(error.message) ?? 0) < pauseMs) return;
    if (said.size > 100) said.clear();
    said.set(error.message, now);
    log.warn({ err: error }, 'the queue reports an error');
  };
}
