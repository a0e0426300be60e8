-- What machines use at the moment. Unlogged and without foreign keys: nobody misses it after a crash, and it is in no backup.
-- A row is written again every few seconds: the room beside it lets that happen in place.
CREATE UNLOGGED TABLE agent_usage (
  agent_id text PRIMARY KEY,
  usage jsonb NOT NULL,
  at bigint NOT NULL
) WITH (fillfactor = 50);
