/** Which numbered streams of `rng` the samplers draw from, so that no two uses share a draw. Changing one changes every proposal. */
export const streams = {
  /** And the 1,023 after it: one proposal may need more draws than a stream has, when constraints refuse many. */
  random: 0,
  scramble: 1024,
  beyondSobol: 1025,
} as const;
