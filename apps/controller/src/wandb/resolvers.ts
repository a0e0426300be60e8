/** Every GraphQL operation that this server answers, by its root field. A new room adds its line here. */
import type { Resolvers } from '@sweep/wandb';
import { artifactResolvers } from './artifacts/resolvers.js';
import { createRunFiles, deleteFiles, markRunFilesUploaded } from './files/upload.js';
import type { WandbContext, WandbParts } from './parts.js';
import { projectConnection, projectOf } from './projects/project-node.js';
import { upsertModel } from './projects/upsert-model.js';
import { deleteRun, raiseAlert, rewindRun, stopRun, updateRunState } from './runs/commands.js';
import { upsertBucket } from './runs/upsert.js';
import { agentHeartbeat, createAgent } from './sweeps/agent-node.js';
import { enqueueSweepRun } from './sweeps/enqueue.js';
import { upsertSweep } from './sweeps/upsert-sweep.js';
import { serverInfo, userNode } from './viewer.js';

export function resolversOf(parts: WandbParts): Resolvers<WandbContext> {
  const artifacts = artifactResolvers(parts);
  return {
    query: {
      ...artifacts.query,
      viewer: (_args, { caller }) => userNode(caller.user),
      serverInfo,
      project: (args, context) => projectOf(parts, args, context),
      model: (args, context) => projectOf(parts, args, context),
      models: (args, context) => projectConnection(parts, args, context),
      entity: async ({ name }, { scope }) => {
        const entity = scope.entityName(name);
        return (await parts.store.keys.findUserByName(entity)) === null ? null : parts.nodes.entity(entity);
      },
      users: async ({ query }) => {
        const all = await parts.store.keys.listUsers();
        const found = all.filter(({ name }) => name.includes((query ?? '').replace(/@.*$/, '')));
        return {
          edges: found.map((user) => ({ node: userNode(user), cursor: user.id })),
          pageInfo: { endCursor: null, hasNextPage: false },
        };
      },
    },
    mutation: {
      ...artifacts.mutation,
      upsertBucket: (input, context) => upsertBucket(parts, input, context),
      rewindRun: (input, context) => rewindRun(parts, input, context),
      stopRun: (input, context) => stopRun(parts, input, context),
      deleteRun: (input, context) => deleteRun(parts, input, context),
      updateRunState: (input, context) => updateRunState(parts, input, context),
      notifyScriptableRunAlert: (input, context) => raiseAlert(parts, input, context),
      createRunFiles: (input, context) => createRunFiles(parts, input, context),
      markRunFilesUploaded: (input, context) => markRunFilesUploaded(parts, input, context),
      deleteFiles: (input, context) => deleteFiles(parts, input, context),
      upsertModel: (input, context) => upsertModel(parts, input, context),
      upsertSweep: (input, context) => upsertSweep(parts, input, context),
      createAgent: (input, context) => createAgent(parts, input, context),
      enqueueSweepRun: (input, context) => enqueueSweepRun(parts, input, context),
      agentHeartbeat: (input, context) => agentHeartbeat(parts, input, context),
    },
  };
}
