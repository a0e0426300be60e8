/** What a server must say so that unmodified W&B clients work with it: the schema, a tolerant executor, and pure mappings. */
export { answerOfError, type GraphqlAnswer } from './execute/answer.js';
export { Executor, type ExecutorOptions, type Resolvers, type UnknownReport } from './execute/executor.js';
export type * from './gen/inputs.js';
export { JsonText, writeJson } from './json/json-text.js';
export { type Raw, type RawList, type RawObject, type RawScalar, readRaw, readRawObject, stringOf } from './json/raw.js';
export { schema } from './schema/schema.js';
