/** Mutations of runs, their files, projects and teams. */
export const runMutations = /* GraphQL */ `
extend type Mutation {
  upsertBucket(input: UpsertBucketInput!): UpsertBucketPayload
  rewindRun(input: RewindRunInput!): RewindRunPayload
  stopRun(input: StopRunInput!): StopRunPayload
  deleteRun(input: DeleteRunInput!): DeleteRunPayload
  updateRunState(input: UpdateRunStateInput!): UpdateRunStatePayload
  createRunFiles(input: CreateRunFilesInput!): CreateRunFilesPayload
  markRunFilesUploaded(input: MarkRunFilesUploadedInput!): MarkRunFilesUploadedPayload
  deleteFiles(input: DeleteFilesInput!): DeleteFilesPayload
  notifyScriptableRunAlert(input: NotifyScriptableRunAlertInput!): NotifyScriptableRunAlertPayload
  createCustomChart(input: CreateCustomChartInput!): CreateCustomChartPayload
  upsertModel(input: UpsertModelInput!): UpsertModelPayload
  createTeam(input: CreateTeamInput!): CreateTeamPayload
  createInvite(input: CreateInviteInput!): CreateInvitePayload
  deleteInvite(input: DeleteInviteInput!): DeleteInvitePayload
}

input UpsertBucketInput {
  id: String
  name: String
  groupName: String
  modelName: String
  entityName: String
  description: String
  displayName: String
  notes: String
  config: JSONString
  commit: String
  host: String
  debug: Boolean
  jobProgram: String
  jobRepo: String
  jobType: String
  state: String
  sweep: String
  tags: [String!]
  summaryMetrics: JSONString
  clientMutationId: String
}

type UpsertBucketPayload {
  bucket: Run
  inserted: Boolean
  serverSettings: ServerSettings!
  clientMutationId: String
}

input RewindRunInput {
  runName: String!
  entityName: String
  projectName: String
  metricName: String!
  metricValue: Float!
  clientMutationId: String
}

type RewindRunPayload {
  rewoundRun: Run
  clientMutationId: String
}

input StopRunInput {
  id: ID!
  clientMutationId: String
}

type StopRunPayload {
  success: Boolean!
  clientMutationId: String
}

input DeleteRunInput {
  id: ID!
  deleteArtifacts: Boolean
  clientMutationId: String
}

type DeleteRunPayload {
  clientMutationId: String
}

input UpdateRunStateInput {
  id: ID!
  state: String!
  clientMutationId: String
}

type UpdateRunStatePayload {
  success: Boolean!
  clientMutationId: String
}

input CreateRunFilesInput {
  entityName: String!
  projectName: String!
  runName: String!
  files: [String!]!
  clientMutationId: String
}

type CreateRunFilesPayload {
  runID: ID!
  uploadHeaders: [String!]!
  files: [File!]!
  clientMutationId: String
}

input MarkRunFilesUploadedInput {
  entityName: String!
  projectName: String!
  runName: String!
  files: [String!]!
  clientMutationId: String
}

type MarkRunFilesUploadedPayload {
  success: Boolean!
  clientMutationId: String
}

input DeleteFilesInput {
  files: [ID!]!
  projectId: Int
  clientMutationId: String
}

type DeleteFilesPayload {
  success: Boolean!
  clientMutationId: String
}

input NotifyScriptableRunAlertInput {
  entityName: String!
  projectName: String!
  runName: String!
  title: String!
  text: String!
  severity: AlertSeverity
  waitDuration: Duration
  clientMutationId: String
}

type NotifyScriptableRunAlertPayload {
  success: Boolean!
  clientMutationId: String
}

input CreateCustomChartInput {
  entity: String!
  name: String!
  displayName: String!
  type: String!
  access: String!
  spec: JSONString!
  clientMutationId: String
}

type CreateCustomChartPayload {
  chart: CustomChart!
  clientMutationId: String
}

input UpsertModelInput {
  id: String
  name: String
  entityName: String
  description: String
  access: String
  views: JSONString
  isBenchmark: Boolean
  isPublished: Boolean
  repo: String
  dockerImage: String
  framework: String
  linkedBenchmark: ID
  owner: ID
  icon: ProjectIconInput
  rateLimits: RateLimitsInput
  allowAllArtifactTypesInRegistry: Boolean
  artifactTypes: [ArtifactTypeInput!]
  clientMutationId: String
}

type UpsertModelPayload {
  project: Project
  model: Project
  inserted: Boolean
  clientMutationId: String
}

input CreateTeamInput {
  teamName: String!
  teamAdminUserName: String
  organizationId: ID
  storageBucketInfo: JSON
  clientMutationId: String
}

type CreateTeamPayload {
  entity: Entity
  clientMutationId: String
}

input CreateInviteInput {
  entityName: String!
  email: String
  username: String
  admin: Boolean
  clientMutationId: String
}

type CreateInvitePayload {
  invite: Invite
  clientMutationId: String
}

type Invite {
  id: ID!
  name: String!
  email: String
  createdAt: DateTime
  toUser: User
}

input DeleteInviteInput {
  id: String
  entityName: String
  clientMutationId: String
}

type DeleteInvitePayload {
  success: Boolean
  clientMutationId: String
}

enum AlertSeverity { INFO WARN ERROR }

type ServerSettings {
  serverMessages: [ServerMessage!]
}

type ServerMessage {
  utfText: String
  plainText: String
  htmlText: String
  messageType: String
  messageLevel: Int
}

type CustomChart {
  id: ID!
}

input ArtifactTypeInput {
  name: String!
  description: String
}

input ProjectIconInput {
  color: String!
  name: String!
}

input RateLimitsInput {
  createArtifacts: Int
  createArtifactsRequestCount: Int
  createArtifactsTimeWindow: Int
  filestreamCount: Float
  filestreamPerRunCount: Float
  filestreamSize: Int
  graphql: Int
  runUpdateCount: Float
  sdkGraphql: Int
  sdkGraphqlQuerySeconds: Float
}
`;
