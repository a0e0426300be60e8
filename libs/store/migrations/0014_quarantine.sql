-- A machine that fails what others can run gets no more work until a person clears it; what it did before that counts no more.
ALTER TABLE agents
  ADD COLUMN quarantine jsonb,
  ADD COLUMN cleared_at bigint NOT NULL DEFAULT 0;

-- Agents that lost a running trial or may be to blame for its failure.
CREATE INDEX trials_suspects ON trials (sweep_id) WHERE state = 'running' AND lost_by <> '{}';

-- An agent that lost the trial gets it again only when nobody else could.
CREATE OR REPLACE FUNCTION sweep_nobody_else_could(t trials, agent text, in_pool text) RETURNS boolean LANGUAGE sql STABLE
  AS $$
    SELECT NOT EXISTS (
      SELECT 1 FROM agents a
      WHERE a.pool = in_pool AND a.state = 'online' AND a.quarantine IS NULL AND a.id <> agent AND a.id <> ALL (t.lost_by)
        AND (a.sweep_id IS NULL OR a.sweep_id = t.sweep_id))
  $$;
