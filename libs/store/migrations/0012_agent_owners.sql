-- With which key an agent came: its name alone must not let another key take its place. No foreign keys: that the key is gone says
-- something too, and an agent that was removed and comes again under its name is still the same one.
CREATE TABLE agent_owners (
  agent_id text PRIMARY KEY,
  key_id text NOT NULL
);
