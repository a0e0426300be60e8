-- Runs as their programs tell of them: what clients record beside the points, and lines that may be written again.

-- Clients of W&B want whole numbers for projects.
ALTER TABLE projects ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY UNIQUE;

ALTER TABLE runs
  -- How clients call it, unique in its project; `id` is unique everywhere, `name` is for people.
  ADD COLUMN handle text,
  ADD COLUMN user_id text,
  ADD COLUMN notes text,
  ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
  ADD COLUMN group_name text,
  ADD COLUMN job_type text,
  ADD COLUMN commit_hash text,
  ADD COLUMN host text,
  ADD COLUMN program text,
  ADD COLUMN repo text,
  -- The attempt whose lines the columns below sum up.
  ADD COLUMN attempt integer NOT NULL DEFAULT 1 CHECK (attempt > 0),
  -- Of runs without a trial; a trial's run is in the state of its trial.
  ADD COLUMN state text CHECK (state IN ('pending', 'running', 'finished', 'failed', 'killed', 'crashed', 'preempting', 'preempted')),
  ADD COLUMN exit_code integer,
  ADD COLUMN stop_requested boolean NOT NULL DEFAULT false,
  -- Texts as the client sent them: NaN, 1.0 against 1 and every digit of an integer stay. The jsonb beside them is for searching.
  ADD COLUMN config_document text,
  ADD COLUMN config_index jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN summary text,
  ADD COLUMN summary_index jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN system_metrics text,
  ADD COLUMN history_keys text,
  ADD COLUMN history_lines bigint NOT NULL DEFAULT 0,
  ADD COLUMN event_lines bigint NOT NULL DEFAULT 0,
  ADD COLUMN log_lines bigint NOT NULL DEFAULT 0,
  -- The next console block at line 0 is a new program's.
  ADD COLUMN log_restarts boolean NOT NULL DEFAULT false,
  ADD COLUMN heartbeat_at bigint,
  ADD COLUMN updated_at bigint,
  ADD COLUMN deleted_at bigint;
-- What jsonb cannot hold (bare NaN) is not found by searching until the run is written again.
CREATE FUNCTION pg_temp.readable(document text) RETURNS jsonb LANGUAGE plpgsql
  AS $$ BEGIN RETURN document::jsonb; EXCEPTION WHEN data_exception THEN RETURN '{}'; END $$;
UPDATE runs SET handle = id, config_index = pg_temp.readable(config);
ALTER TABLE runs ALTER COLUMN handle SET NOT NULL;
CREATE UNIQUE INDEX runs_handle ON runs (project_id, handle);
CREATE INDEX runs_project_state ON runs (project_id, state) WHERE deleted_at IS NULL;
CREATE INDEX runs_tags ON runs USING gin (tags);
CREATE INDEX runs_silent ON runs (heartbeat_at) WHERE state IN ('running', 'preempting');

-- A trial's attempts each have their own lines.
ALTER TABLE history_chunks ADD COLUMN attempt integer NOT NULL DEFAULT 1 CHECK (attempt > 0);
ALTER TABLE history_chunks ALTER COLUMN attempt DROP DEFAULT;
ALTER TABLE history_chunks DROP CONSTRAINT history_chunks_pkey;
ALTER TABLE history_chunks ADD PRIMARY KEY (run_id, attempt, stream, first_line);

-- Whose an attempt's key is: a replaced program that still writes does so under its own attempt.
ALTER TABLE api_keys ADD COLUMN attempt integer;

-- `client`: what the program uploaded itself, by the wandb client.
ALTER TABLE files DROP CONSTRAINT files_kind_check;
ALTER TABLE files ADD CONSTRAINT files_kind_check CHECK (kind IN ('output', 'checkpoint', 'code', 'client'));
-- MD5 in base64: what clients compare.
ALTER TABLE files ADD COLUMN md5 text;

CREATE TABLE alerts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id text NOT NULL REFERENCES runs,
  title text NOT NULL,
  text text NOT NULL,
  level text NOT NULL CHECK (level IN ('info', 'warn', 'error')),
  -- Later alerts of the run with this title stay silent for as long; 0 = never.
  silence_ms bigint NOT NULL,
  raised_at bigint NOT NULL DEFAULT sweep_now(),
  -- Whether an earlier one with its title asked for silence.
  silenced boolean NOT NULL
);
CREATE INDEX alerts_run ON alerts (run_id, id);

-- Secrets that all controllers on this database need alike.
CREATE TABLE secrets (
  name text PRIMARY KEY,
  value bytea NOT NULL,
  created_at bigint NOT NULL DEFAULT sweep_now()
);

-- As in 0002, with the attempt in the key.
CREATE OR REPLACE FUNCTION sweep_grant(wanted text, holder sweep_holder, OUT trial text, OUT first boolean, OUT keyed boolean) LANGUAGE plpgsql
  AS $$
    DECLARE given trials;
    BEGIN
      UPDATE trials t SET
        state = 'running',
        -- After a take-back the rows of attempts go beyond the trial's own number.
        attempt = 1 + greatest(t.attempt, (SELECT max(a.number) FROM attempts a WHERE a.trial_id = wanted)),
        lease_id = holder.lease, lease_agent = holder.agent, lease_slot = holder.slot,
        lease_expires_at = sweep_now() + holder.ttl_ms,
        started_at = coalesce(t.started_at, sweep_now()),
        reason = NULL, cause = NULL, not_before = NULL
      WHERE t.id = wanted RETURNING t.* INTO given;
      INSERT INTO attempts (trial_id, number, agent_id, slot, lease_id, run_id)
        VALUES (given.id, given.attempt, holder.agent, holder.slot, holder.lease, given.id);
      UPDATE sweeps s SET state = 'running', started_at = coalesce(s.started_at, sweep_now()), version = s.version + 1
        WHERE s.id = given.sweep_id AND s.state = 'pending';
      first := FOUND;
      IF first THEN
        INSERT INTO events (body)
          VALUES (jsonb_build_object('kind', 'sweep.state', 'sweep', given.sweep_id, 'state', 'running', 'reason', NULL));
      END IF;
      INSERT INTO events (body) VALUES (jsonb_build_object('kind', 'trial.state', 'sweep', given.sweep_id, 'trial', given.id,
        'number', given.number, 'state', given.state, 'attempt', given.attempt));
      -- The program's key belongs to who made the sweep; of a user who was removed there is none.
      INSERT INTO api_keys (id, hash, user_id, name, scope, trial_id, project_id, attempt)
        SELECT holder.key_id, holder.key_hash, u.id, format('trial %s#%s, attempt %s', s.id, given.number, given.attempt), 'attempt',
          given.id, s.project_id, given.attempt
        FROM sweeps s JOIN users u ON u.id = s.created_by WHERE s.id = given.sweep_id AND holder.key_id IS NOT NULL;
      keyed := FOUND;
      PERFORM pg_notify('sweep_events', '');
      trial := given.id;
    END
  $$;
