-- Leasing as functions: what took ten round trips takes one, and stays a transaction of its own. In a volatile function every
-- statement sees what was committed before it began, so a count that follows a lock sees what earlier holders of the lock did.
-- Locks are always taken in the order trial, sweep.

CREATE FUNCTION sweep_is_due(t trials) RETURNS boolean LANGUAGE sql STABLE
  AS $$ SELECT t.not_before IS NULL OR t.not_before <= sweep_now() $$;

-- An agent that lost the trial gets it again only when nobody else could.
CREATE FUNCTION sweep_nobody_else_could(t trials, agent text, in_pool text) RETURNS boolean LANGUAGE sql STABLE
  AS $$
    SELECT NOT EXISTS (
      SELECT 1 FROM agents a
      WHERE a.pool = in_pool AND a.state = 'online' AND a.id <> agent AND a.id <> ALL (t.lost_by)
        AND (a.sweep_id IS NULL OR a.sweep_id = t.sweep_id))
  $$;

-- Holds the sweep in its state until commit and judges it afresh. A running sweep without limit is held in share mode, so that
-- its leases do not wait for one another; any other lease changes or counts something and is alone.
CREATE FUNCTION sweep_may_start_another(sweep text) RETURNS boolean LANGUAGE plpgsql
  AS $$
    DECLARE most integer;
    BEGIN
      PERFORM 1 FROM sweeps s WHERE s.id = sweep AND s.state = 'running' AND s.parallel IS NULL AND s.deleted_at IS NULL FOR SHARE;
      IF FOUND THEN RETURN true; END IF;
      SELECT s.parallel INTO most FROM sweeps s
        WHERE s.id = sweep AND s.state IN ('pending', 'running') AND s.deleted_at IS NULL FOR NO KEY UPDATE;
      IF NOT FOUND THEN RETURN false; END IF;
      RETURN most IS NULL OR (SELECT count(*) FROM trials t WHERE t.sweep_id = sweep AND t.state IN ('running', 'stopping')) < most;
    END
  $$;

CREATE TYPE sweep_holder AS (lease text, agent text, slot integer, ttl_ms bigint, key_id text, key_hash text);

-- The trial's row and the sweep's are locked, and the trial is queued.
CREATE FUNCTION sweep_grant(wanted text, holder sweep_holder, OUT trial text, OUT first boolean, OUT keyed boolean) LANGUAGE plpgsql
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
      INSERT INTO api_keys (id, hash, user_id, name, scope, trial_id, project_id)
        SELECT holder.key_id, holder.key_hash, u.id, format('trial %s#%s, attempt %s', s.id, given.number, given.attempt), 'attempt',
          given.id, s.project_id
        FROM sweeps s JOIN users u ON u.id = s.created_by WHERE s.id = given.sweep_id AND holder.key_id IS NOT NULL;
      keyed := FOUND;
      PERFORM pg_notify('sweep_events', '');
      trial := given.id;
    END
  $$;

-- The best trial for a slot, by priority, fair share and age; no row when there is none. `among`: null for every sweep.
-- Candidates are taken with SKIP LOCKED, so that callers at the same moment get different trials; a sweep with a `parallel` limit
-- hands out one trial at a time, under its row's lock.
CREATE FUNCTION sweep_lease(in_pool text, among text[], holder sweep_holder)
  RETURNS TABLE (trial text, first boolean, keyed boolean) LANGUAGE plpgsql
  AS $$
    DECLARE
      candidate text;
      wanted text;
    BEGIN
      FOR candidate IN
        SELECT s.id FROM sweeps s
        CROSS JOIN LATERAL (SELECT count(*) AS n FROM trials h WHERE h.sweep_id = s.id AND h.state IN ('running', 'stopping')) held
        WHERE s.state IN ('pending', 'running') AND s.deleted_at IS NULL AND s.pool = in_pool
          AND (among IS NULL OR s.id = ANY (among))
          AND (s.parallel IS NULL OR held.n < s.parallel)
          AND EXISTS (
            SELECT 1 FROM trials t
            WHERE t.sweep_id = s.id AND t.state = 'queued' AND sweep_is_due(t)
              AND (holder.agent <> ALL (t.lost_by) OR sweep_nobody_else_could(t, holder.agent, in_pool)))
        ORDER BY s.priority DESC, held.n, s.created_at, s.id
        -- More are tried only when others take the trials at the same moment.
        LIMIT 20
      LOOP
        SELECT t.id INTO wanted FROM trials t
          WHERE t.sweep_id = candidate AND t.state = 'queued' AND sweep_is_due(t)
            AND (holder.agent <> ALL (t.lost_by) OR sweep_nobody_else_could(t, holder.agent, in_pool))
          ORDER BY t.number LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
        CONTINUE WHEN NOT FOUND;
        CONTINUE WHEN NOT sweep_may_start_another(candidate);
        RETURN QUERY SELECT g.* FROM sweep_grant(wanted, holder) g;
        RETURN;
      END LOOP;
    END
  $$;

CREATE FUNCTION sweep_lease_one(wanted text, holder sweep_holder)
  RETURNS TABLE (trial text, first boolean, keyed boolean) LANGUAGE plpgsql
  AS $$
    DECLARE owner text;
    BEGIN
      SELECT t.sweep_id INTO owner FROM trials t WHERE t.id = wanted AND t.state = 'queued' AND sweep_is_due(t) FOR NO KEY UPDATE;
      IF NOT FOUND THEN RETURN; END IF;
      IF sweep_may_start_another(owner) THEN
        RETURN QUERY SELECT g.* FROM sweep_grant(wanted, holder) g;
      END IF;
    END
  $$;
