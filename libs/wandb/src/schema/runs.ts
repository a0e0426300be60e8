/** Projects, runs and their files. */
export const runs = /* GraphQL */ `
type Project {
  id: ID!
  internalId: ID!
  name: String!
  entityName: String!
  entity: Entity!
  description: String
  access: String
  views: JSONString
  createdAt: DateTime!
  updatedAt: DateTime
  isBenchmark: Boolean!
  readOnly: Boolean
  user: User
  tags: [Tag!]
  repo: String
  dockerImage: String
  runCount(filters: JSONString): Int!
  run(name: String!, desc: String): Run
  bucket(name: String!, missingOk: Boolean, desc: String): Run
  runs(filters: JSONString, after: String, first: Int, order: String): RunConnection
  buckets(filters: JSONString, after: String, first: Int, order: String): RunConnection
  sweep(sweepName: String!): Sweep
  totalSweeps: Int!
  sweeps(after: String, first: Int, filters: JSONString): SweepConnection
  artifact(name: String!, enableTracking: Boolean): Artifact
  artifactType(name: String!): ArtifactType
  artifactTypes(after: String, first: Int, includeAll: Boolean): ArtifactTypeConnection!
  artifactCollection(name: String!): ArtifactCollection
  artifactCollections(after: String, first: Int, filters: JSONString, order: String): ArtifactCollectionConnection
  artifactCollectionMembership(name: String!): ArtifactCollectionMembership
  allowAllArtifactTypesInRegistry: Boolean!
  members: [EntityMember!]
  teamMembers: [EntityMember!]
}

type ProjectConnection {
  edges: [ProjectEdge!]!
  pageInfo: PageInfo!
}

type ProjectEdge {
  node: Project
  cursor: String
}

type RunConnection {
  totalCount: Int
  pageInfo: PageInfo!
  edges: [RunEdge!]!
}

type RunEdge {
  node: Run!
  cursor: String!
}

type Run {
  id: ID!
  projectId: Int
  project: Project
  name: String!
  displayName: String
  description: String
  notes: String
  tags: [String!]
  sweepName: String
  state: String
  group: String
  groupName: String
  jobType: String
  commit: String
  repo: String
  program: String
  host: String
  readOnly: Boolean
  createdAt: DateTime!
  updatedAt: DateTime
  heartbeatAt: DateTime
  config: JSONString
  wandbConfig(keys: [String!]): JSONString
  summaryMetrics: JSONString
  systemMetrics: JSONString
  historyKeys: JSON
  historyLineCount: Int
  eventsLineCount: Int
  logLineCount: Int
  historyTail: JSONString
  eventsTail: JSONString
  user: User
  exitcode: Int
  shouldStop: Boolean
  failed: Boolean
  stopped: Boolean
  running: Boolean
  history(minStep: Int64, maxStep: Int64, samples: Int): [String!]
  events(samples: Int): [String!]
  sampledHistory(specs: [JSONString!]!): [JSON]
  parquetHistory(liveKeys: [String!]!): ParquetHistory
  fileCount: Int
  files(names: [String], after: String, first: Int, pattern: String): FileConnection
  logLines(first: Int, after: String, last: Int, before: String, useImprovedPagination: Boolean): LogLineConnection
  outputArtifacts(after: String, first: Int): ArtifactConnection
  inputArtifacts(after: String, first: Int): InputArtifactConnection
  runInfo: RunInfo
}

"""What the program ran on; asked by clients up to 0.25."""
type RunInfo {
  program: String
  args: [String!]
  os: String
  python: String
  colab: String
  executable: String
  codeSaved: Boolean
  cpuCount: Int
  gpuCount: Int
  gpu: String
  git: GitInfo
}

type GitInfo {
  remote: String
  commit: String
}

type ParquetHistory {
  parquetUrls: [String!]!
  liveData: [JSON]
}

type LogLineConnection {
  edges: [LogLineEdge!]!
  pageInfo: PageInfo!
}

type LogLineEdge {
  node: LogLine!
  cursor: String
}

type LogLine {
  number: Int
  timestamp: String
  level: String
  label: String
  line: String
}

type FileConnection {
  totalCount: Int
  pageInfo: PageInfo!
  edges: [FileEdge!]!
  uploadHeaders: [String!]
}

type FileEdge {
  node: File
  cursor: String
}

type File {
  id: ID!
  name: String!
  displayName: String
  url(upload: Boolean): String
  directUrl: String!
  sizeBytes: Int64!
  mimetype: String
  updatedAt: DateTime
  md5: String
  digest: String
  storagePath: String
  uploadUrl: String
  uploadHeaders: [String!]
  uploadMultipartUrls: UploadMultipartUrls
  artifact: Artifact
}

type UploadMultipartUrls {
  uploadID: String!
  uploadUrlParts: [UploadUrlPart!]!
}

type UploadUrlPart {
  partNumber: Int64!
  uploadUrl: String!
}
`;
