-- Read NOTES.md beside this file before adding another.

-- Whose journal this is, fixed at creation.
CREATE TABLE identity (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    kiosk     TEXT    NOT NULL,
    mode      TEXT    NOT NULL CHECK (mode IN ('normal', 'rehearsal')),
    offset_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Where each run begins: its record `seq` stands at position `before + seq`.
CREATE TABLE run (
    run    TEXT    NOT NULL PRIMARY KEY,
    before INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- `answer` is the first answer to `cause`, on the last record it led to; the hash does not cover it.
CREATE TABLE record (
    position  INTEGER PRIMARY KEY,
    run       TEXT    NOT NULL,
    seq       INTEGER NOT NULL CHECK (seq > 0),
    at        TEXT    NOT NULL,
    uptime_ms INTEGER NOT NULL,
    trusted   INTEGER NOT NULL CHECK (trusted IN (0, 1)),
    cause     TEXT,
    kind      TEXT    NOT NULL,
    body      TEXT    NOT NULL,
    hash      TEXT    NOT NULL CHECK (length(hash) = 64),
    answer    TEXT
) STRICT;

-- The last record removed; position 0: none yet.
CREATE TABLE anchor (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    position INTEGER NOT NULL DEFAULT 0,
    run      TEXT    NOT NULL DEFAULT '',
    seq      INTEGER NOT NULL DEFAULT 0,
    hash     TEXT    NOT NULL DEFAULT '0000000000000000000000000000000000000000000000000000000000000000'
) STRICT;

-- The last record the office has acknowledged; position 0: none yet.
CREATE TABLE cursor (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    position INTEGER NOT NULL DEFAULT 0,
    run      TEXT    NOT NULL DEFAULT '',
    seq      INTEGER NOT NULL DEFAULT 0
) STRICT;

INSERT INTO anchor (id) VALUES (1);
INSERT INTO cursor (id) VALUES (1);

-- First answers to idempotency keys that led to no record. `position` is the journal's last record when it was given; `trusted_ms` is the
-- wall time then, in milliseconds since 1970, or NULL where nothing vouched for the clock.
CREATE TABLE answer (
    cause      TEXT    NOT NULL PRIMARY KEY,
    position   INTEGER NOT NULL,
    trusted_ms INTEGER,
    body       TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE collection (
    name    TEXT    NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    sha256  TEXT    NOT NULL,
    etag    TEXT,
    body    BLOB    NOT NULL
) STRICT;

-- What no statement may do, whoever writes it: change what happened, or forget what the office does not hold.
CREATE TRIGGER identity_is_fixed BEFORE UPDATE ON identity
BEGIN SELECT raise(ABORT, 'the identity is fixed at creation'); END;
CREATE TRIGGER identity_stays BEFORE DELETE ON identity
BEGIN SELECT raise(ABORT, 'the identity is fixed at creation'); END;

CREATE TRIGGER record_is_fixed BEFORE UPDATE ON record
BEGIN SELECT raise(ABORT, 'records are never changed'); END;
CREATE TRIGGER record_goes_by_anchor BEFORE DELETE ON record
WHEN OLD.position > (SELECT position FROM anchor)
BEGIN SELECT raise(ABORT, 'records go only when the anchor has passed them'); END;

CREATE TRIGGER anchor_follows_cursor BEFORE UPDATE ON anchor
WHEN NEW.position < OLD.position OR NEW.position > (SELECT position FROM cursor)
BEGIN SELECT raise(ABORT, 'the anchor moves forward, over acknowledged records only'); END;
CREATE TRIGGER anchor_stays BEFORE DELETE ON anchor
BEGIN SELECT raise(ABORT, 'the anchor stays'); END;

CREATE TRIGGER cursor_moves_forward BEFORE UPDATE ON cursor
WHEN NEW.position < OLD.position OR NOT EXISTS (SELECT 1 FROM record WHERE position = NEW.position)
BEGIN SELECT raise(ABORT, 'the cursor moves forward, to a record that exists'); END;
CREATE TRIGGER cursor_stays BEFORE DELETE ON cursor
BEGIN SELECT raise(ABORT, 'the cursor stays'); END;
