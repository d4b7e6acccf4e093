-- Times in opening hours when fewer were on duty at reception than there must be; derived like staffing_alarm.
CREATE TABLE reception_alarm (
    kiosk TEXT NOT NULL,
    rehearsal INTEGER NOT NULL CHECK (rehearsal IN (0, 1)),
    since TEXT NOT NULL,
    ended_at TEXT,
    PRIMARY KEY (kiosk, rehearsal, since)
) STRICT, WITHOUT ROWID;

-- What staff did, day by day.
CREATE INDEX record_of_staff ON record (substr(at, 1, 10), id) WHERE kind IN ('staff.acted', 'staff.signed_in', 'staff.signed_out', 'staff.sign_in_refused');
