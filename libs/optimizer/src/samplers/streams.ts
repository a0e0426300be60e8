/** Which numbered streams of `rng` the samplers draw from, so that no two uses share a draw. Changing one changes every proposal. */
export const streams = {
  /** And the 1,023 after it: one proposal may need more draws than a stream has, when constraints refuse many. */
  random: 0,
  scramble: 1024,
  beyondSobol: 1025,
  pool: 1026,
  poolScramble: 1027,
  poolBeyondSobol: 1028,
  design: 1029,
  designBeyondSobol: 1030,
  arm: 1031,
  fit: 1032,
  sample: 1033,
  region: 1034,
  weights: 1035,
  condense: 1036,
  outlook: 1037,
  crowd: 1038,
} as const;
