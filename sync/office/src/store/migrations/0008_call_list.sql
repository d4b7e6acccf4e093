-- While staff let nobody in at a door; derived from record alone, like visit.
CREATE TABLE door_closure (
    kiosk TEXT NOT NULL,
    rehearsal INTEGER NOT NULL CHECK (rehearsal IN (0, 1)),
    closed_from TEXT NOT NULL,
    closed_until TEXT NOT NULL,
    PRIMARY KEY (kiosk, rehearsal, closed_from)
) STRICT, WITHOUT ROWID;

-- Who was told that the centre is closed at the time of their reservation, when and by whom.
CREATE TABLE closure_told (
    reservation TEXT PRIMARY KEY REFERENCES reservation (reservation),
    told_at TEXT NOT NULL,
    told_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
