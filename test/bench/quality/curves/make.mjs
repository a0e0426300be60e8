/** `node test/bench/quality/curves/make.mjs [FOLDER]`: trains the tables of block L again, about 15 minutes on one core. */
import { bundled } from '../../../../scripts/bundle.mjs';

const { trainAll } = await import(await bundled('test/bench/quality/curves/train.ts'));
trainAll(process.argv[2] ?? import.meta.dirname);
