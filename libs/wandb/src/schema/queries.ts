/** Scalars, paging and the root of queries. The names are those that the W&B client's documents spell out. */
export const queries = /* GraphQL */ `
"""A text that holds JSON, in both directions; never an object."""
scalar JSONString
"""Any JSON value."""
scalar JSON
"""YYYY-MM-DDTHH:MM:SSZ, UTC, no fractions."""
scalar DateTime
"""Milliseconds."""
scalar Duration
scalar Int64

type PageInfo {
  endCursor: String
  hasNextPage: Boolean!
}

type Query {
  viewer: User
  serverInfo: ServerInfo
  project(name: String, entityName: String): Project
  model(name: String, entityName: String): Project
  models(entityName: String, after: String, first: Int, order: String): ProjectConnection
  entity(name: String): Entity
  organization(name: String): Organization
  users(query: String): UserConnection
  artifact(id: ID!): Artifact
  artifactCollection(id: ID!): ArtifactCollection
  clientIDMapping(clientID: ID!): ClientIDMapping
}

type ServerInfo {
  cliVersionInfo: JSON
  latestLocalVersionInfo: LatestLocalVersionInfo
  features: [ServerFeature!]
}

type LatestLocalVersionInfo {
  outOfDate: Boolean
  latestVersionString: String
  versionOnThisInstanceString: String
}

type ServerFeature {
  name: String!
  isEnabled: Boolean!
}

type ClientIDMapping {
  serverID: ID!
}

"""Clients up to 0.25 look for the type by name."""
type LaunchAgent {
  id: ID!
}
`;
