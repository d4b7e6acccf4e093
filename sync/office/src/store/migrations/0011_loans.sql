-- What was lent, from start to end; derived from record alone, like visit. It is out while `ended_at` is none, whatever became of the visit.
CREATE TABLE loan (
    kiosk TEXT NOT NULL,
    rehearsal INTEGER NOT NULL CHECK (rehearsal IN (0, 1)),
    equipment TEXT NOT NULL,
    kind TEXT NOT NULL,
    visit TEXT NOT NULL,
    member TEXT NOT NULL,
    date TEXT NOT NULL,
    started_at TEXT NOT NULL,
    back_by TEXT NOT NULL,
    ended_at TEXT,
    ended_by TEXT,
    condition TEXT,
    PRIMARY KEY (kiosk, rehearsal, equipment, started_at)
) STRICT, WITHOUT ROWID;

CREATE INDEX loan_by_date ON loan (date);
CREATE INDEX loan_out ON loan (kiosk) WHERE ended_at IS NULL;
