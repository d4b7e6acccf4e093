-- Whether the visit began at a time nobody vouched for and that has not been corrected since.
ALTER TABLE visit ADD COLUMN undated INTEGER NOT NULL DEFAULT 0 CHECK (undated IN (0, 1));
CREATE INDEX visit_undated ON visit (kiosk, rehearsal) WHERE undated = 1;

-- When a person put it away, and who: the token, or a user's name. What is put away stays and raises no alarm.
ALTER TABLE quarantine ADD COLUMN put_away_at TEXT;
ALTER TABLE quarantine ADD COLUMN put_away_by TEXT;
CREATE INDEX quarantine_waiting ON quarantine (rehearsal) WHERE put_away_at IS NULL;
ALTER TABLE incident ADD COLUMN put_away_at TEXT;
ALTER TABLE incident ADD COLUMN put_away_by TEXT;
CREATE INDEX incident_waiting ON incident (rehearsal) WHERE put_away_at IS NULL;

-- Written to find out whether anything can be written.
CREATE TABLE last_trial (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    at TEXT NOT NULL
) STRICT;

-- Calls for staff are looked up with every change of the page.
CREATE INDEX record_staff_called ON record (kiosk, rehearsal, id) WHERE kind = 'staff.called';
