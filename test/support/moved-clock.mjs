/**
 * Loaded into a Node process by `--import`: its wall clock is off by what the file named by SWEEP_TEST_CLOCK says, in milliseconds.
 *
 * Only what programs read as the time of day is moved; timers count as before, as when an administrator sets a machine's clock.
 */
import { readFileSync } from 'node:fs';

const path = process.env.SWEEP_TEST_CLOCK;
const real = Date.now.bind(Date);
const lookEveryMs = 200;
let offset = 0;
let lookedAt = 0;

function now() {
  const at = real();
  if (at - lookedAt >= lookEveryMs) {
    lookedAt = at;
    offset = readOffset();
  }
  return at + offset;
}

function readOffset() {
  try {
    return Number(readFileSync(path, 'utf8')) || 0;
  } catch (error) {
    if (error.code === 'ENOENT') return 0;
    throw error;
  }
}

if (path !== undefined) {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given) {
      if (given.length === 0) super(now());
      else super(...given);
    }
    static now() {
      return now();
    }
  };
}
