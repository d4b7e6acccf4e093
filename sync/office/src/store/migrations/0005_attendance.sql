-- Who took part in which programme, from when to when; derived from record alone, like visit. Whoever went out and came back has two rows.
CREATE TABLE attendance (
    kiosk TEXT NOT NULL,
    rehearsal INTEGER NOT NULL CHECK (rehearsal IN (0, 1)),
    visit TEXT NOT NULL,
    programme TEXT NOT NULL,
    reservation TEXT NOT NULL,
    started_at TEXT NOT NULL,
    late INTEGER NOT NULL CHECK (late IN (0, 1)),
    standby INTEGER NOT NULL CHECK (standby IN (0, 1)),
    start_inferred INTEGER NOT NULL CHECK (start_inferred IN (0, 1)),
    ended_at TEXT,
    early INTEGER NOT NULL DEFAULT 0 CHECK (early IN (0, 1)),
    end_inferred INTEGER NOT NULL DEFAULT 0 CHECK (end_inferred IN (0, 1)),
    PRIMARY KEY (kiosk, rehearsal, visit, programme, started_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX attendance_by_programme ON attendance (programme, rehearsal);
