-- The last event that was dropped: whoever read no further than before it has missed some.
CREATE TABLE event_horizon (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  xid xid8 NOT NULL,
  id bigint NOT NULL
);
INSERT INTO event_horizon (xid, id) VALUES ('0', 0);
