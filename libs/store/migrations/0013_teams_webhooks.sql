-- Teams own projects beside users: one name is never both.
CREATE TABLE teams (
  name text PRIMARY KEY,
  created_at bigint NOT NULL DEFAULT sweep_now()
);
CREATE TABLE team_members (
  team text NOT NULL REFERENCES teams ON DELETE CASCADE,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  admin boolean NOT NULL,
  PRIMARY KEY (team, user_id)
);
CREATE INDEX team_members_user ON team_members (user_id);

-- Kept as clients say it; nothing is decided by either.
ALTER TABLE projects ADD COLUMN access text NOT NULL DEFAULT 'PRIVATE';
ALTER TABLE projects ADD COLUMN description text;

CREATE TABLE custom_charts (
  entity text NOT NULL,
  name text NOT NULL,
  display_name text NOT NULL,
  type text NOT NULL,
  access text NOT NULL,
  -- Vega, JSON, verbatim.
  spec text NOT NULL,
  updated_at bigint NOT NULL DEFAULT sweep_now(),
  PRIMARY KEY (entity, name)
);

CREATE TABLE webhooks (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects,
  url text NOT NULL,
  -- What is sent is signed with it.
  secret text NOT NULL,
  events text[] NOT NULL,
  created_at bigint NOT NULL DEFAULT sweep_now(),
  UNIQUE (project_id, url)
);

-- What is to be told, and what became of it.
CREATE TABLE webhook_deliveries (
  id text PRIMARY KEY,
  webhook_id text NOT NULL REFERENCES webhooks ON DELETE CASCADE,
  -- Of the occasion: told once.
  occasion text NOT NULL,
  event text NOT NULL,
  body text NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed')),
  tries integer NOT NULL DEFAULT 0,
  due_at bigint NOT NULL DEFAULT sweep_now(),
  -- Of the last try: its HTTP status, or why there is none.
  answer text,
  created_at bigint NOT NULL DEFAULT sweep_now(),
  UNIQUE (webhook_id, occasion)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_newest ON webhook_deliveries (webhook_id, created_at DESC);
