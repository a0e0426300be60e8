/** Every GraphQL operation that this server answers, by its root field. A new room adds its line here. */
import type { Resolvers } from '@sweep/wandb';
import { isEntity, Teams } from '../teams/teams.js';
import { artifactResolvers } from './artifacts/resolvers.js';
import { pageOfAll } from './connection.js';
import { createRunFiles, deleteFiles, markRunFilesUploaded } from './files/upload.js';
import type { WandbContext, WandbParts } from './parts.js';
import { createCustomChart } from './projects/charts.js';
import { projectConnection, projectOf } from './projects/project-node.js';
import { createInvite, createTeam, deleteInvite } from './projects/teams.js';
import { upsertModel } from './projects/upsert-model.js';
import { deleteRun, raiseAlert, rewindRun, stopRun, updateRunState } from './runs/commands.js';
import { upsertBucket } from './runs/upsert.js';
import { agentHeartbeat, createAgent } from './sweeps/agent-node.js';
import { enqueueSweepRun } from './sweeps/enqueue.js';
import { upsertSweep } from './sweeps/upsert-sweep.js';
import { serverInfo, userNode, viewerNode } from './viewer.js';

export function resolversOf(parts: WandbParts): Resolvers<WandbContext> {
  const artifacts = artifactResolvers(parts);
  return {
    query: {
      ...artifacts.query,
      viewer: (_args, { caller }) => viewerNode(parts, caller.user),
      serverInfo,
      project: (args, context) => projectOf(parts, args, context),
      model: (args, context) => projectOf(parts, args, context),
      models: (args, context) => projectConnection(parts, args, context),
      entity: async ({ name }, { scope }) => {
        const entity = scope.entityName(name);
        return (await isEntity(parts.store, entity)) ? parts.nodes.entity(entity) : null;
      },
      users: async ({ query }, { caller }) => {
        const known = await new Teams(parts.store).known(caller.user);
        // People are searched by their addresses too, which stand for names here.
        const wanted = (query ?? '').replace(/@.*$/, '');
        return pageOfAll(
          known.filter(({ name }) => name.includes(wanted)),
          {},
          (user) => userNode(parts, user),
        );
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
      createCustomChart: (input, context) => createCustomChart(parts, input, context),
      createTeam: (input, context) => createTeam(parts, input, context),
      createInvite: (input, context) => createInvite(parts, input, context),
      deleteInvite: (input, context) => deleteInvite(parts, input, context),
      upsertModel: (input, context) => upsertModel(parts, input, context),
      upsertSweep: (input, context) => upsertSweep(parts, input, context),
      createAgent: (input, context) => createAgent(parts, input, context),
      enqueueSweepRun: (input, context) => enqueueSweepRun(parts, input, context),
      agentHeartbeat: (input, context) => agentHeartbeat(parts, input, context),
    },
  };
}
