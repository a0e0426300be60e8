/** Sweep files: text to findings and meaning, commands to argument vectors, and what a file would do. */
export { createPruner, createSampler, samplerOf, samplerOptions } from './algorithms.js';
export { type CommandContext, defaultCommand, expandCommand } from './commands/macros.js';
export { type Finding, type FindingCode, findingCodes, type Severity } from './findings.js';
export { type JsonSchema, sweepFileJsonSchema } from './json-schema.js';
export { applyOverrides, type Overrides } from './overrides.js';
export { expectedTrials, type Preview, type PreviewHost, preview } from './preview.js';
export { pythonJson, pythonStr } from './python-text.js';
export { renderFindings } from './render-findings.js';
export { type ParsedSweepFile, parseSweepFile } from './sweep-file.js';
