-- What W&B's agents were told to run: their heartbeats say which runs are alive, and any controller must know what to make of it.
CREATE TABLE assignments (
  agent_id text PRIMARY KEY REFERENCES agents ON DELETE CASCADE,
  lease_id text NOT NULL,
  run_id text NOT NULL,
  handed_out_at bigint NOT NULL,
  seen_live boolean NOT NULL,
  missed integer NOT NULL,
  -- Of the first heartbeat at which the trial was to stop.
  stop_seen_at bigint,
  preempting boolean NOT NULL DEFAULT false
);
CREATE INDEX assignments_lease ON assignments (lease_id);

-- An end that nobody proved may leave a process that still writes: the next attempt has a run of its own.
CREATE INDEX attempts_run ON attempts (run_id);
