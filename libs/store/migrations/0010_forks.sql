-- Lines of its history that a run has from the one that it was forked from: its program goes on behind them, however often it begins.
ALTER TABLE runs ADD COLUMN fork_lines bigint;
