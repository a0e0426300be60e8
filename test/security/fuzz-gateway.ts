/**
 * Random messages to the port of agents, all from one seed: real ones that were bent, fields of the wrong kind and length, and noise.
 *
 * Owns making and sending them; what must not come of it is said by who calls this.
 */
import { Metadata } from '@grpc/grpc-js';
import { testHello } from '@sweep/protocol/testing';
import { GetBlobRequest, JoinRequest, PutBlobRequest, SessionRequest } from '../../libs/protocol/src/gen/sweep/v1/agent.js';
import { rawAgentClient } from './raw-agent.js';

export interface FuzzTarget {
  readonly grpcUrl: string;
  readonly key: string;
}

export interface FuzzOutcome {
  readonly calls: number;
  readonly statuses: Readonly<Record<string, number>>;
}

type Random = () => number;
const atOnce = 16;

export interface FuzzEffort {
  /** Either so many calls, or calls for so long. */
  readonly calls: number | null;
  readonly seconds: number | null;
  readonly seed: number;
}

export async function fuzzGateway(target: FuzzTarget, { calls, seconds, seed }: FuzzEffort): Promise<FuzzOutcome> {
  const random = randomFrom(seed);
  const client = rawAgentClient(target.grpcUrl);
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${target.key}`);
  const statuses: Record<string, number> = {};
  try {
    const until = seconds === null ? Number.POSITIVE_INFINITY : Date.now() + seconds * 1000;
    for (let done = 0; done < (calls ?? Number.POSITIVE_INFINITY) && Date.now() < until; done += atOnce) {
      const batch = Array.from({ length: atOnce }, async () => {
        const method = pick(random, client.methods);
        const code = await client.codeOf(method, metadata, ...messagesFor(method, random));
        statuses[code] = (statuses[code] ?? 0) + 1;
      });
      await Promise.all(batch);
    }
  } finally {
    client.close();
  }
  return { calls: Object.values(statuses).reduce((sum, count) => sum + count, 0), statuses };
}

/** mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const below = (random: Random, end: number): number => Math.floor(random() * end);
const pick = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)]!;

const texts = [
  '',
  'a',
  '__proto__',
  '../../etc/passwd',
  'a\0b',
  '\ud800',
  '日本',
  '-rf',
  "'; DROP TABLE trials; --",
  'x'.repeat(10_000),
  '1e999',
];
const numbers = [0, 1, -1, 2 ** 31, 2 ** 32 - 1, 2 ** 53 - 1, Number.NaN, Number.POSITIVE_INFINITY, 1e308, -0];
const unsigned = [0, 1, 2 ** 31, 2 ** 32 - 1];
const long = [0, 1, 2 ** 32, 2 ** 53 - 1];

function messagesFor(method: string, random: Random): Uint8Array[] {
  if (method === 'Join') return [bent(JoinRequest.encode({ token: pick(random, texts), name: pick(random, texts) }).finish(), random)];
  if (method === 'GetBlob')
    return [bent(GetBlobRequest.encode({ leaseId: pick(random, texts), hash: pick(random, texts) }).finish(), random)];
  if (method === 'PutBlob') {
    const header = { leaseId: pick(random, texts), hash: pick(random, texts), size: pick(random, long) };
    return [bent(PutBlobRequest.encode({ body: { $case: 'header', value: header } }).finish(), random), noise(random)];
  }
  const hello = testHello({
    agentId: `fuzz-${below(random, 50)}`,
    name: pick(random, texts),
    ...(random() < 0.3 ? { pool: pick(random, texts) } : {}),
  });
  const first = SessionRequest.encode({ body: { $case: 'hello', value: hello } }).finish();
  const rest = Array.from({ length: below(random, 4) }, () => bent(SessionRequest.encode({ body: said(random) }).finish(), random));
  return [random() < 0.8 ? first : bent(first, random), ...rest];
}

function said(random: Random): NonNullable<SessionRequest['body']> {
  const leaseId = pick(random, texts);
  const many = (list: readonly number[]): number[] => Array.from({ length: below(random, 5) }, () => pick(random, list));
  return pick(random, [
    () => ({ $case: 'ready' as const, value: { slots: many(unsigned) } }),
    () => ({ $case: 'renew' as const, value: { leaseIds: [leaseId, pick(random, texts)] } }),
    () => ({
      $case: 'points' as const,
      value: {
        leaseId,
        sequence: pick(random, long),
        series: [{ name: pick(random, texts), steps: many(numbers), values: many(numbers), times: many(numbers) }],
      },
    }),
    () => ({
      $case: 'output' as const,
      value: { leaseId, stream: pick(random, texts), offset: pick(random, long), data: Buffer.from(noise(random)) },
    }),
    () => ({
      $case: 'stored' as const,
      value: { leaseId, kind: pick(random, texts), path: pick(random, texts), blob: { hash: pick(random, texts), size: 1 } },
    }),
    () => ({ $case: 'leaving' as const, value: { reason: pick(random, texts), gone: random() < 0.5 } }),
    () => ({ $case: 'hello' as const, value: testHello({ agentId: 'twice' }) }),
  ])();
}

const noise = (random: Random): Uint8Array => Uint8Array.from({ length: below(random, 400) }, () => below(random, 256));

/** As it is, cut, longer, with bits turned, or nothing of it at all. */
function bent(message: Uint8Array, random: Random): Uint8Array {
  const way = random();
  if (way < 0.4) return message;
  if (way < 0.6) return message.slice(0, below(random, message.length + 1));
  if (way < 0.7) return new Uint8Array([...message, ...noise(random)]);
  if (way < 0.9) return message.map((byte) => (random() < 0.05 ? byte ^ (1 << below(random, 8)) : byte));
  return noise(random);
}
