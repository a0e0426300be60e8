-- Artifacts: named collections of versions, what each version holds, and which runs made and used it.

CREATE TABLE artifact_types (
  place bigint GENERATED ALWAYS AS IDENTITY,
  project_id text NOT NULL REFERENCES projects,
  name text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (project_id, name)
);

CREATE TABLE artifact_collections (
  place bigint GENERATED ALWAYS AS IDENTITY,
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects,
  type text NOT NULL,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('sequence', 'portfolio')),
  description text,
  tags text[] NOT NULL,
  -- As the client called it before it knew the id.
  client_id text,
  -- Of the next version; the number of a deleted one is never given again.
  next_index integer NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint,
  UNIQUE (project_id, name)
);
CREATE INDEX artifact_collections_client ON artifact_collections (client_id) WHERE client_id IS NOT NULL;

CREATE TABLE artifact_versions (
  place bigint GENERATED ALWAYS AS IDENTITY,
  id text PRIMARY KEY,
  -- The one that it was logged to, which may be deleted before it.
  collection_id text NOT NULL,
  project_id text NOT NULL REFERENCES projects,
  state text NOT NULL CHECK (state IN ('PENDING', 'COMMITTED', 'DELETED')),
  version_index integer,
  digest text NOT NULL,
  description text,
  -- As the client sent it.
  metadata text,
  ttl_seconds bigint,
  tags text[] NOT NULL,
  history_step bigint,
  client_id text,
  distributed_id text,
  -- Given when it is committed.
  wanted_aliases text[] NOT NULL,
  run_id text,
  user_id text NOT NULL,
  size bigint NOT NULL,
  file_count integer NOT NULL,
  manifest_blob text,
  manifest_digest text,
  created_at bigint NOT NULL,
  updated_at bigint,
  CHECK ((state = 'PENDING') = (version_index IS NULL) OR state = 'DELETED')
);
CREATE INDEX artifact_versions_collection ON artifact_versions (collection_id, version_index);
CREATE INDEX artifact_versions_client ON artifact_versions (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX artifact_versions_manifest ON artifact_versions (manifest_blob);

-- In which collections a version is, and as which number.
CREATE TABLE artifact_links (
  place bigint GENERATED ALWAYS AS IDENTITY,
  collection_id text NOT NULL REFERENCES artifact_collections ON DELETE CASCADE,
  version_id text NOT NULL REFERENCES artifact_versions,
  version_index integer NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (collection_id, version_id),
  UNIQUE (collection_id, version_index)
);
CREATE INDEX artifact_links_version ON artifact_links (version_id);

CREATE TABLE artifact_aliases (
  place bigint GENERATED ALWAYS AS IDENTITY,
  collection_id text NOT NULL,
  alias text NOT NULL,
  version_id text NOT NULL,
  PRIMARY KEY (collection_id, alias),
  FOREIGN KEY (collection_id, version_id) REFERENCES artifact_links ON DELETE CASCADE
);
CREATE INDEX artifact_aliases_version ON artifact_aliases (version_id);

CREATE TABLE artifact_manifests (
  place bigint GENERATED ALWAYS AS IDENTITY,
  id text PRIMARY KEY,
  version_id text NOT NULL REFERENCES artifact_versions,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('FULL', 'INCREMENTAL', 'PATCH')),
  base_id text,
  digest text NOT NULL,
  -- Null until its bytes have come.
  blob text,
  created_at bigint NOT NULL
);
CREATE INDEX artifact_manifests_version ON artifact_manifests (version_id);
CREATE INDEX artifact_manifests_blob ON artifact_manifests (blob);

-- What committed versions hold.
CREATE TABLE artifact_files (
  place bigint GENERATED ALWAYS AS IDENTITY,
  version_id text NOT NULL REFERENCES artifact_versions,
  path text NOT NULL,
  -- MD5 in base64; of a reference whatever identifies it.
  digest text NOT NULL,
  size bigint,
  reference text,
  blob text,
  PRIMARY KEY (version_id, path)
);
CREATE INDEX artifact_files_place ON artifact_files (version_id, place);
CREATE INDEX artifact_files_blob ON artifact_files (blob);

-- Contents that a project has, by what clients call them: each is uploaded once.
CREATE TABLE artifact_contents (
  place bigint GENERATED ALWAYS AS IDENTITY,
  project_id text NOT NULL REFERENCES projects,
  md5 text NOT NULL,
  blob text NOT NULL,
  size bigint NOT NULL,
  PRIMARY KEY (project_id, md5)
);
CREATE INDEX artifact_contents_blob ON artifact_contents (blob);

CREATE TABLE run_artifacts (
  place bigint GENERATED ALWAYS AS IDENTITY,
  run_id text NOT NULL REFERENCES runs,
  version_id text NOT NULL REFERENCES artifact_versions,
  role text NOT NULL CHECK (role IN ('input', 'output')),
  used_as text,
  at bigint NOT NULL,
  PRIMARY KEY (run_id, version_id, role)
);
CREATE INDEX run_artifacts_version ON run_artifacts (version_id);
