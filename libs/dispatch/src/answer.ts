/** Waiting for a queue server with an end: whoever asks gets an answer or `Unavailable`, never silence. */
import { SweepError, Unavailable } from '@sweep/domain';

/** Longer than a fail-over takes to be noticed, shorter than a person's patience. */
const answerWithinMs = 10_000;

/** BullMQ's refusals carry a negative number. */
export const lockIsGone: ReadonlySet<number> = new Set([-1, -2, -3, -6]);

/**
 * @param where the server, for the message: `Redis at 127.0.0.1:6379`
 * @throws Unavailable; refusals of BullMQ itself (a numeric `code`) pass unchanged
 */
export async function answer<T>(where: string, work: Promise<T>, withinMs = answerWithinMs): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unavailable(`${where} did not answer within ${withinMs} ms`)), withinMs);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    if (error instanceof SweepError || refusalCode(error) !== null) throw error;
    throw new Unavailable(`${where} failed: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

export function refusalCode(error: unknown): number | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : null;
}
