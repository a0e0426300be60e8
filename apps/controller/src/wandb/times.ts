/** Times as W&B's clients read them. */
export const wireTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
export const wireTimeOrNull = (ms: number | null): string | null => (ms === null ? null : wireTime(ms));
