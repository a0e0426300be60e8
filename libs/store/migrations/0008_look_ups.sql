-- The agents of a sweep, and what an agent began: W&B's clients list both.
CREATE INDEX agents_sweep ON agents (sweep_id) WHERE sweep_id IS NOT NULL;
CREATE INDEX attempts_agent ON attempts (agent_id, started_at);
