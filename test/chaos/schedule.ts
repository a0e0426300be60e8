/**
 * What goes wrong, in which order: drawn from a seed, so that a schedule can be run again, and made smaller until nothing of it can be
 * spared. Pure; what a fault does is arena.ts.
 */

/** Each ends a process with -9. */
export const kills = ['kill-program', 'kill-agent', 'kill-machine', 'kill-controller', 'kill-postgres', 'kill-redis'] as const;
export const disturbances = [
  'freeze-agent',
  'freeze-controller',
  'flush-redis',
  'cut',
  'black-hole',
  'delay',
  'corrupt',
  'agent-disk-full',
  'database-disk-full',
  'move-clock',
  'replace-controller',
] as const;
export type FaultKind = (typeof kills)[number] | (typeof disturbances)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** Which of several agents, controllers or programs: counted round. */
  readonly target: number;
  /** Until it is mended. */
  readonly lastsMs: number;
  /** Until the next fault. */
  readonly pauseMs: number;
}

export interface Plan {
  readonly seed: number;
  readonly kills: number;
  readonly queue: 'postgres' | 'redis';
  readonly controllers: 1 | 2;
  /** One that fails is not made smaller. */
  readonly once?: boolean;
}

/** How often each kind of kill comes, against the others. */
const killWeights: Readonly<Record<(typeof kills)[number], number>> = {
  'kill-program': 8,
  'kill-agent': 5,
  'kill-machine': 2,
  'kill-controller': 3,
  'kill-postgres': 2,
  'kill-redis': 2,
};

/** One disturbance for so many kills. */
const killsPerDisturbance = 3;

export function drawSchedule({ seed, kills: wanted, queue }: Plan): readonly Fault[] {
  const random = mulberry32(seed);
  const withRedis = (kind: FaultKind): boolean => queue === 'redis' || !kind.includes('redis');
  const killBag = kills.filter(withRedis).flatMap((kind) => Array.from({ length: killWeights[kind] }, () => kind));
  const disturbanceBag = disturbances.filter(withRedis);
  const faults: Fault[] = [];
  let drawn = Math.floor(random() * disturbanceBag.length);
  for (let killed = 0; killed < wanted; killed++) {
    faults.push(fault(killBag[Math.floor(random() * killBag.length)]!, random));
    // In turn rather than by lot: a short schedule holds each of them too.
    if (killed % killsPerDisturbance === 0) faults.push(fault(disturbanceBag[drawn++ % disturbanceBag.length]!, random));
  }
  return faults;
}

function fault(kind: FaultKind, random: () => number): Fault {
  // Some are mended before a lease (3 s) is over, some only after the trial was given to another (6 s).
  const lastsMs = Math.round(random() < 0.7 ? 200 + 1_800 * random() : 4_000 + 5_000 * random());
  return { kind, target: Math.floor(random() * 1_000), lastsMs, pauseMs: Math.round(200 + 1_600 * random()) };
}

/** Drops what is not needed for the failure: halves first, then ever smaller parts. @param fails runs a schedule */
export async function shrink(faults: readonly Fault[], fails: (faults: readonly Fault[]) => Promise<boolean>): Promise<readonly Fault[]> {
  let kept = faults;
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < kept.length; ) {
      const without = [...kept.slice(0, start), ...kept.slice(start + size)];
      if (without.length < kept.length && without.length > 0 && (await fails(without))) kept = without;
      else start += size;
    }
  }
  return kept;
}

/** Small and the same everywhere. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
