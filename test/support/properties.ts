/**
 * Property tests draw from one seed, so that a run can be repeated; `SWEEP_PROPERTY_SEED=random` looks further.
 */
import fc from 'fast-check';

const wish = process.env['SWEEP_PROPERTY_SEED'];
if (wish !== 'random') fc.configureGlobal({ seed: Number(wish ?? 20_261_121) });
