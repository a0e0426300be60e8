/** Mutations of sweeps and agents. */
export const sweepMutations = /* GraphQL */ `
extend type Mutation {
  upsertSweep(input: UpsertSweepInput!): UpsertSweepPayload
  createAgent(input: CreateAgentInput!): CreateAgentPayload
  agentHeartbeat(input: AgentHeartbeatInput!): AgentHeartbeatPayload
  enqueueSweepRun(input: EnqueueSweepRunInput!): EnqueueSweepRunPayload
}

input UpsertSweepInput {
  id: ID
  config: String
  description: String
  entityName: String
  projectName: String
  controller: JSONString
  scheduler: JSONString
  launchScheduler: JSONString
  templateVariableValues: JSONString
  state: String
  priorRunsFilters: JSONString
  displayName: String
  clientMutationId: String
}

type UpsertSweepPayload {
  sweep: Sweep
  configValidationWarnings: [String!]!
  clientMutationId: String
}

input CreateAgentInput {
  host: String!
  projectName: String
  entityName: String
  sweep: String!
  clientMutationId: String
}

type CreateAgentPayload {
  agent: Agent
  clientMutationId: String
}

input AgentHeartbeatInput {
  id: ID!
  metrics: JSONString
  runState: JSONString
  clientMutationId: String
}

type AgentHeartbeatPayload {
  agent: Agent
  commands: JSONString
  clientMutationId: String
}

input EnqueueSweepRunInput {
  id: ID!
  config: JSONString!
  displayName: String
  clientMutationId: String
}

type EnqueueSweepRunPayload {
  id: ID!
  runQueueItemId: ID
  clientMutationId: String
}

# Clients up to 0.25 look for these by name.
input CreateRunQueueInput {
  queueName: String
}

input PushToRunQueueInput {
  queueName: String
}

input FailRunQueueItemInput {
  runQueueItemId: ID
}
`;
