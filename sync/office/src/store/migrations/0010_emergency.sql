-- Emergencies and drills, from opening to closing; derived from record alone, like visit. `listed` and `ticked` count people of the
-- head-count list, `everybody_left` whether all visits ended with it.
CREATE TABLE emergency (
    kiosk TEXT NOT NULL,
    rehearsal INTEGER NOT NULL CHECK (rehearsal IN (0, 1)),
    incident TEXT NOT NULL,
    what TEXT NOT NULL,
    drill INTEGER NOT NULL CHECK (drill IN (0, 1)),
    opened_at TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    listed INTEGER NOT NULL,
    closed_at TEXT,
    closed_by TEXT,
    ticked INTEGER NOT NULL DEFAULT 0,
    everybody_left INTEGER NOT NULL DEFAULT 0 CHECK (everybody_left IN (0, 1)),
    PRIMARY KEY (kiosk, rehearsal, incident)
) STRICT, WITHOUT ROWID;
