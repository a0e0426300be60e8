-- Tables of runs: their order by any value, and how people like to see them.

-- Where a value stands among others: what JSON has no number for is a text there. NaN has no place, as what is missing.
CREATE FUNCTION sweep_place(value jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$
    BEGIN
      IF jsonb_typeof(value) <> 'string' THEN RETURN nullif(value, 'null'); END IF;
      RETURN CASE value WHEN '"NaN"' THEN NULL WHEN '"Infinity"' THEN '1e400'::jsonb WHEN '"-Infinity"' THEN '-1e400'::jsonb ELSE value END;
    END
  $$;

CREATE TABLE saved_views (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects,
  page text NOT NULL,
  name text NOT NULL,
  -- What the page makes of it is the page's business.
  state text NOT NULL,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at bigint NOT NULL DEFAULT sweep_now(),
  updated_at bigint NOT NULL DEFAULT sweep_now()
);
CREATE INDEX saved_views_project ON saved_views (project_id, page, name);
