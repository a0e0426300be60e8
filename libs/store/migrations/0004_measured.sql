-- What a trial measured beside its objectives: the quantities that the sweep limits, and a few points of the first objective's way.
-- Both belong to the log that proposals are computed from.

ALTER TABLE trials
  ADD COLUMN limit_values double precision[] NOT NULL DEFAULT '{}',
  -- Place, value, place, value, …
  ADD COLUMN curve double precision[] NOT NULL DEFAULT '{}' CHECK (cardinality(curve) % 2 = 0);

ALTER TABLE prior_results
  ADD COLUMN limit_values double precision[] NOT NULL DEFAULT '{}',
  ADD COLUMN curve double precision[] NOT NULL DEFAULT '{}' CHECK (cardinality(curve) % 2 = 0);
