/**
 * The GraphQL schema that W&B clients 0.19 to 0.31 speak, built once.
 *
 * Owns only what names exist and how they nest; who answers them is the caller's. Checked against the documents of real clients in
 * test/wandb. Left out on purpose: registries, run queues, reports, automations, user administration.
 */
import { buildSchema } from 'graphql';
import { artifactMutations } from './artifact-mutations.js';
import { artifacts } from './artifacts.js';
import { queries } from './queries.js';
import { runMutations } from './run-mutations.js';
import { runs } from './runs.js';
import { installScalars } from './scalars.js';
import { sweepMutations } from './sweep-mutations.js';
import { sweeps } from './sweeps.js';
import { users } from './users.js';

const parts = [queries, users, runs, sweeps, artifacts, 'type Mutation', runMutations, sweepMutations, artifactMutations];

/** That the text is valid is shown by the tests: checking it at each start would cost more than reading it. */
export const schema = buildSchema(parts.join('\n'), { assumeValidSDL: true, noLocation: true });
installScalars(schema);
