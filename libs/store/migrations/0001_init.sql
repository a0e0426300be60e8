-- The first schema. Times are milliseconds since the epoch by this server's clock (sweep_now), so that no client's clock matters.

CREATE FUNCTION sweep_now() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint $$;

CREATE TABLE users (
  id text PRIMARY KEY,
  name text NOT NULL UNIQUE,
  admin boolean NOT NULL,
  created_at bigint NOT NULL DEFAULT sweep_now()
);

CREATE TABLE api_keys (
  id text PRIMARY KEY,
  hash text NOT NULL UNIQUE,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  name text NOT NULL,
  scope text NOT NULL CHECK (scope IN ('admin', 'user', 'agent', 'attempt')),
  created_at bigint NOT NULL DEFAULT sweep_now(),
  expires_at bigint,
  revoked_at bigint,
  trial_id text,
  project_id text
);
CREATE INDEX api_keys_user ON api_keys (user_id);
CREATE INDEX api_keys_trial ON api_keys (trial_id) WHERE trial_id IS NOT NULL;

CREATE TABLE join_tokens (
  hash text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at bigint NOT NULL DEFAULT sweep_now(),
  expires_at bigint NOT NULL,
  used_at bigint
);

CREATE TABLE projects (
  id text PRIMARY KEY,
  entity text NOT NULL,
  name text NOT NULL,
  created_at bigint NOT NULL DEFAULT sweep_now(),
  UNIQUE (entity, name)
);

CREATE TABLE sweeps (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects,
  name text NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'running', 'paused', 'stopping', 'completed', 'cancelled', 'failed')),
  reason text,
  config text NOT NULL,
  revision integer NOT NULL,
  version bigint NOT NULL,
  cursor bigint NOT NULL,
  exhausted boolean NOT NULL,
  -- Unsigned 64 bits: beyond bigint.
  seed numeric(20, 0) NOT NULL,
  pool text NOT NULL,
  priority integer NOT NULL,
  parallel integer CHECK (parallel >= 0),
  run_cap integer CHECK (run_cap >= 0),
  prior_runs text[] NOT NULL,
  -- Not a foreign key: a sweep outlives the user who made it.
  created_by text,
  code_blob text,
  code_size bigint,
  created_at bigint NOT NULL DEFAULT sweep_now(),
  started_at bigint,
  ended_at bigint,
  deleted_at bigint,
  CHECK ((code_blob IS NULL) = (code_size IS NULL)),
  CHECK ((state IN ('completed', 'cancelled', 'failed')) = (ended_at IS NOT NULL)),
  CHECK (deleted_at IS NULL OR ended_at IS NOT NULL)
);
CREATE INDEX sweeps_newest ON sweeps (created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX sweeps_project ON sweeps (project_id);
CREATE INDEX sweeps_unfinished ON sweeps (state) WHERE state IN ('pending', 'running', 'paused', 'stopping');
CREATE INDEX sweeps_code ON sweeps (code_blob) WHERE code_blob IS NOT NULL;

CREATE TABLE sweep_revisions (
  sweep_id text NOT NULL REFERENCES sweeps,
  revision integer NOT NULL,
  config text NOT NULL,
  priority integer NOT NULL,
  parallel integer,
  run_cap integer,
  by_user text,
  at bigint NOT NULL DEFAULT sweep_now(),
  PRIMARY KEY (sweep_id, revision)
);

CREATE TABLE trials (
  id text PRIMARY KEY,
  sweep_id text NOT NULL REFERENCES sweeps,
  number integer NOT NULL CHECK (number > 0),
  -- JSON text, not jsonb: 16 and 16.0 are different params.
  params text NOT NULL,
  origin text NOT NULL CHECK (origin IN ('sampler', 'enqueued', 'retry', 'external')),
  retry_of text,
  state text NOT NULL CHECK (state IN ('queued', 'running', 'stopping', 'completed', 'pruned', 'failed', 'cancelled')),
  reason text,
  cause text,
  attempt integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
  lease_id text,
  lease_agent text,
  lease_slot integer,
  lease_expires_at bigint,
  stop_kind text CHECK (stop_kind IN ('prune', 'cancel')),
  stop_reason text,
  not_before bigint,
  lost_by text[] NOT NULL DEFAULT '{}',
  causes text[] NOT NULL DEFAULT '{}',
  objective_values double precision[] NOT NULL DEFAULT '{}',
  created_at bigint NOT NULL DEFAULT sweep_now(),
  started_at bigint,
  ended_at bigint,
  UNIQUE (sweep_id, number),
  -- One lease, whole, exactly while somebody may be running the trial.
  CONSTRAINT trials_lease_stands_while_live CHECK (
    (state IN ('running', 'stopping')) = (lease_id IS NOT NULL)
    AND (lease_id IS NULL) = (lease_agent IS NULL)
    AND (lease_id IS NULL) = (lease_slot IS NULL)
    AND (lease_id IS NULL) = (lease_expires_at IS NULL)
  ),
  CONSTRAINT trials_ended_at_when_ended CHECK ((state IN ('completed', 'pruned', 'failed', 'cancelled')) = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX trials_one_lease ON trials (lease_id) WHERE lease_id IS NOT NULL;
CREATE INDEX trials_queued ON trials (sweep_id, number) WHERE state = 'queued';
CREATE INDEX trials_held ON trials (sweep_id) WHERE state IN ('running', 'stopping');
CREATE INDEX trials_expiry ON trials (lease_expires_at) WHERE lease_expires_at IS NOT NULL;
CREATE INDEX trials_holder ON trials (lease_agent) WHERE lease_agent IS NOT NULL;
CREATE INDEX trials_state ON trials (sweep_id, state);
CREATE INDEX trials_live ON trials (created_at) WHERE state IN ('queued', 'running', 'stopping');

CREATE TABLE runs (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects,
  sweep_id text REFERENCES sweeps,
  trial_id text REFERENCES trials,
  name text NOT NULL,
  config text NOT NULL,
  created_at bigint NOT NULL DEFAULT sweep_now()
);
CREATE INDEX runs_newest ON runs (created_at DESC, id DESC);
CREATE INDEX runs_project ON runs (project_id, created_at DESC, id DESC);
CREATE INDEX runs_trial ON runs (trial_id) WHERE trial_id IS NOT NULL;
CREATE INDEX runs_sweep ON runs (sweep_id) WHERE sweep_id IS NOT NULL;

CREATE TABLE attempts (
  trial_id text NOT NULL REFERENCES trials,
  number integer NOT NULL CHECK (number > 0),
  agent_id text NOT NULL,
  slot integer NOT NULL,
  lease_id text NOT NULL UNIQUE,
  run_id text NOT NULL REFERENCES runs,
  started_at bigint NOT NULL DEFAULT sweep_now(),
  ended_at bigint,
  -- AttemptEnd as JSON; null while it runs, and for one whose end nobody saw.
  outcome jsonb,
  counted boolean NOT NULL DEFAULT false,
  point_sequence integer NOT NULL DEFAULT 0,
  PRIMARY KEY (trial_id, number),
  CHECK (NOT counted OR ended_at IS NOT NULL)
);
CREATE UNIQUE INDEX attempts_one_counted ON attempts (trial_id) WHERE counted;
CREATE UNIQUE INDEX attempts_stream ON attempts (run_id, number);

CREATE TABLE agents (
  id text PRIMARY KEY,
  name text NOT NULL,
  pool text NOT NULL,
  sweep_id text,
  state text NOT NULL CHECK (state IN ('online', 'draining', 'offline', 'lost')),
  machine jsonb NOT NULL,
  slots jsonb NOT NULL,
  version text NOT NULL,
  connected_at bigint NOT NULL DEFAULT sweep_now(),
  last_seen_at bigint NOT NULL DEFAULT sweep_now(),
  reason text
);
CREATE INDEX agents_pool ON agents (pool) WHERE state = 'online';

-- A packed stretch of one series. `sequence` to `last_sequence` are the batches it holds; `level` is its min/max summary.
CREATE TABLE metric_chunks (
  run_id text NOT NULL,
  attempt integer NOT NULL,
  name text NOT NULL,
  sequence integer NOT NULL,
  last_sequence integer NOT NULL,
  n integer NOT NULL CHECK (n > 0),
  first_step double precision NOT NULL,
  bytes bytea NOT NULL,
  level bytea,
  PRIMARY KEY (run_id, attempt, name, sequence),
  CHECK (last_sequence >= sequence)
);
-- Packed floats do not compress: spare the server the attempt.
ALTER TABLE metric_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE metric_chunks ALTER COLUMN level SET STORAGE EXTERNAL;
CREATE INDEX metric_chunks_small ON metric_chunks (run_id, attempt, name) WHERE n < 1024;

CREATE TABLE metric_last (
  run_id text NOT NULL,
  attempt integer NOT NULL,
  name text NOT NULL,
  step double precision NOT NULL,
  value double precision NOT NULL,
  time double precision NOT NULL,
  -- Of the finite values; null while there is none.
  min double precision,
  max double precision,
  count bigint NOT NULL,
  PRIMARY KEY (run_id, attempt, name)
) WITH (fillfactor = 70); -- Every batch updates its rows: room for that in their page.

CREATE TABLE history_chunks (
  run_id text NOT NULL,
  stream text NOT NULL,
  first_line bigint NOT NULL CHECK (first_line >= 0),
  n integer NOT NULL CHECK (n > 0),
  -- UTF-8 lines, each but the last followed by a newline.
  lines bytea NOT NULL,
  PRIMARY KEY (run_id, stream, first_line)
);

CREATE TABLE log_streams (
  run_id text NOT NULL,
  attempt integer NOT NULL,
  stream text NOT NULL CHECK (stream IN ('stdout', 'stderr')),
  size bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (run_id, attempt, stream)
);
CREATE TABLE log_chunks (
  run_id text NOT NULL,
  attempt integer NOT NULL,
  stream text NOT NULL,
  start bigint NOT NULL,
  size integer NOT NULL CHECK (size > 0),
  data bytea NOT NULL,
  PRIMARY KEY (run_id, attempt, stream, start)
);

CREATE TABLE files (
  run_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('output', 'checkpoint', 'code')),
  path text NOT NULL,
  blob text NOT NULL,
  size bigint NOT NULL,
  at bigint NOT NULL DEFAULT sweep_now(),
  PRIMARY KEY (run_id, kind, path)
);
CREATE INDEX files_blob ON files (blob);

CREATE TABLE decisions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sweep_id text NOT NULL REFERENCES sweeps,
  trial_id text,
  about text NOT NULL,
  text text NOT NULL,
  at bigint NOT NULL DEFAULT sweep_now()
);
CREATE INDEX decisions_sweep ON decisions (sweep_id, id);
CREATE INDEX decisions_trial ON decisions (trial_id, id) WHERE trial_id IS NOT NULL;

-- `xid` is the writing transaction: readers stop below the oldest one still running, so that a late commit is never skipped.
CREATE TABLE events (
  id bigint GENERATED ALWAYS AS IDENTITY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at bigint NOT NULL DEFAULT sweep_now(),
  body jsonb NOT NULL,
  PRIMARY KEY (xid, id)
);

CREATE TABLE controllers (
  id text PRIMARY KEY,
  heartbeat_at bigint NOT NULL
);
