/** Waiting for a condition, with a deadline. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** For what must not happen: long enough that it would have. */
export const aWhile = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
