/** Sweeps and their agents. */
export const sweeps = /* GraphQL */ `
type Sweep {
  id: ID!
  name: String!
  displayName: String
  project: Project
  method: String!
  state: String!
  description: String
  bestLoss: Float
  "The sweep file: YAML or JSON."
  config: String!
  createdAt: DateTime!
  updatedAt: DateTime
  heartbeatAt: DateTime
  earlyStopJobRunning: Boolean
  controller: JSONString
  scheduler: JSONString
  runCount: Int!
  runCountExpected: Int
  controllerRunName: String
  runs(after: String, first: Int, order: String): RunConnection
  priorRuns(after: String, first: Int, order: String): RunConnection
  agent(agentName: String!): Agent
  agents: AgentConnection!
}

type SweepConnection {
  edges: [SweepEdge!]!
  pageInfo: PageInfo!
}

type SweepEdge {
  node: Sweep
  cursor: String
}

type Agent {
  id: ID!
  name: String!
  host: String!
  state: String
  totalRuns: Int!
  createdAt: DateTime!
  heartbeatAt: DateTime
  runs(after: String, before: String, first: Int, last: Int, order: String): RunConnection!
}

type AgentConnection {
  edges: [AgentEdge!]!
  pageInfo: PageInfo
}

type AgentEdge {
  node: Agent
  cursor: String
}
`;
