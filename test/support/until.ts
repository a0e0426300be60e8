/** Waiting on conditions with a deadline: no test sleeps for a fixed time. */

export interface Patience {
  /** What is waited for, for the message. */
  readonly what: string;
  readonly withinMs?: number;
  /** What is there instead, for the message. */
  readonly seen?: () => unknown;
}

const pauseMs = 25;

/** Resolves with the first answer that is neither undefined, null nor false. */
export async function until<T>(probe: () => Promise<T> | T, { what, withinMs = 30_000, seen }: Patience): Promise<NonNullable<T>> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined && answer !== null && answer !== false) return answer as NonNullable<T>;
    if (Date.now() > deadline)
      throw new Error(`waited ${withinMs} ms for ${what}${seen === undefined ? '' : `; seen: ${JSON.stringify(seen())}`}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
