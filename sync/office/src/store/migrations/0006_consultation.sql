-- Consultations from start to end; derived from record alone, like visit. `advisers` is a JSON list of ids.
CREATE TABLE consultation (
    kiosk TEXT NOT NULL,
    rehearsal INTEGER NOT NULL CHECK (rehearsal IN (0, 1)),
    visit TEXT NOT NULL,
    advisers TEXT NOT NULL,
    reservation TEXT,
    purpose TEXT,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    inferred INTEGER NOT NULL DEFAULT 0 CHECK (inferred IN (0, 1)),
    PRIMARY KEY (kiosk, rehearsal, visit, started_at)
) STRICT, WITHOUT ROWID;

-- Times in opening hours when no adviser was present; derived likewise. `ended_at` is none while it goes on, and where the day ended it.
CREATE TABLE staffing_alarm (
    kiosk TEXT NOT NULL,
    rehearsal INTEGER NOT NULL CHECK (rehearsal IN (0, 1)),
    since TEXT NOT NULL,
    ended_at TEXT,
    PRIMARY KEY (kiosk, rehearsal, since)
) STRICT, WITHOUT ROWID;
