-- From what each proposal can be computed again. The log of a sweep is the order in which its sampler first saw the ends of trials;
-- a proposal knows how much of that log there was, and of which revision it is.

ALTER TABLE sweeps ADD COLUMN log_length integer NOT NULL DEFAULT 0 CHECK (log_length >= 0);

ALTER TABLE trials
  -- Place in the log, from 1; null until the sampler has seen the end.
  ADD COLUMN observed integer CHECK (observed > 0),
  ADD COLUMN proposal_index bigint,
  ADD COLUMN as_of integer,
  ADD COLUMN proposal_revision integer,
  ADD COLUMN sampler_version integer,
  ADD COLUMN proposal_detail jsonb,
  ADD CONSTRAINT trials_observed_when_ended CHECK (observed IS NULL OR state IN ('completed', 'pruned', 'failed', 'cancelled')),
  ADD CONSTRAINT trials_proposal_whole CHECK (num_nulls(proposal_index, as_of, proposal_revision, sampler_version) IN (0, 4));
CREATE UNIQUE INDEX trials_log ON trials (sweep_id, observed) WHERE observed IS NOT NULL;
CREATE INDEX trials_unobserved ON trials (sweep_id, number) WHERE observed IS NULL;

-- What prior runs say, as it was when the sweep was made: they may go on to change.
CREATE TABLE prior_results (
  sweep_id text NOT NULL REFERENCES sweeps,
  -- -1, -2, … in the order given.
  number integer NOT NULL CHECK (number < 0),
  params text NOT NULL,
  state text NOT NULL CHECK (state IN ('completed', 'pruned', 'failed', 'cancelled')),
  blame text CHECK (blame IN ('config', 'infra')),
  objective_values double precision[] NOT NULL,
  PRIMARY KEY (sweep_id, number)
);
