-- What the kiosks reported. Append-only; `id` is the order of arrival, which within a kiosk is the order of its journal.
CREATE TABLE record (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kiosk TEXT NOT NULL,
    rehearsal INTEGER NOT NULL CHECK (rehearsal IN (0, 1)),
    run TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    at TEXT NOT NULL,
    uptime_ms INTEGER NOT NULL,
    trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
    cause TEXT,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    received_at TEXT NOT NULL,
    UNIQUE (kiosk, rehearsal, run, seq)
) STRICT;
CREATE INDEX record_by_kind ON record (kiosk, rehearsal, kind, id);
CREATE TRIGGER record_is_never_changed BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER record_is_never_removed BEFORE DELETE ON record BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;

-- Derived from record alone; may be dropped and built again.
CREATE TABLE visit (
    kiosk TEXT NOT NULL,
    visit TEXT NOT NULL,
    rehearsal INTEGER NOT NULL CHECK (rehearsal IN (0, 1)),
    date TEXT NOT NULL,
    member TEXT NOT NULL,
    category TEXT NOT NULL,
    company TEXT,
    station TEXT NOT NULL,
    activity TEXT NOT NULL,
    programme TEXT,
    reservation TEXT,
    courtesy INTEGER NOT NULL CHECK (courtesy IN (0, 1)),
    seats TEXT NOT NULL DEFAULT '[]',
    zone TEXT,
    started_at TEXT NOT NULL,
    until TEXT NOT NULL,
    overdue_since TEXT,
    ended_at TEXT,
    ended_by TEXT,
    inferred INTEGER NOT NULL DEFAULT 0 CHECK (inferred IN (0, 1)),
    PRIMARY KEY (kiosk, rehearsal, visit)
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_by_date ON visit (date, rehearsal);
CREATE INDEX visit_open ON visit (rehearsal) WHERE ended_at IS NULL;

-- What became of reservations at a door; derived like visit.
CREATE TABLE reservation_news (
    kiosk TEXT NOT NULL,
    reservation TEXT NOT NULL,
    rehearsal INTEGER NOT NULL CHECK (rehearsal IN (0, 1)),
    unplaced INTEGER NOT NULL DEFAULT 0 CHECK (unplaced IN (0, 1)),
    no_show_at TEXT,
    PRIMARY KEY (kiosk, rehearsal, reservation)
) STRICT, WITHOUT ROWID;

-- What could not be taken, kept whole until a person has looked at it. `holds_place` as link's intake says: the chain goes on over it.
CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kiosk TEXT NOT NULL,
    rehearsal INTEGER NOT NULL CHECK (rehearsal IN (0, 1)),
    run TEXT NOT NULL DEFAULT '',
    seq INTEGER NOT NULL DEFAULT 0,
    hash TEXT NOT NULL DEFAULT '',
    holds_place INTEGER NOT NULL CHECK (holds_place IN (0, 1)),
    reason TEXT NOT NULL,
    payload BLOB NOT NULL,
    sha256 TEXT NOT NULL,
    received_at TEXT NOT NULL,
    UNIQUE (kiosk, rehearsal, sha256)
) STRICT;
CREATE INDEX quarantine_by_place ON quarantine (kiosk, rehearsal, run, seq);

CREATE TABLE incident (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kiosk TEXT NOT NULL,
    rehearsal INTEGER NOT NULL CHECK (rehearsal IN (0, 1)),
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    noticed_at TEXT NOT NULL,
    UNIQUE (kiosk, rehearsal, kind, detail)
) STRICT;

-- One row per run of a kiosk: its last held place, and the run before as its run.started names it (`begun`: that record was read).
CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kiosk TEXT NOT NULL,
    rehearsal INTEGER NOT NULL CHECK (rehearsal IN (0, 1)),
    run TEXT NOT NULL,
    through_seq INTEGER NOT NULL,
    through_hash TEXT NOT NULL,
    begun INTEGER NOT NULL DEFAULT 0 CHECK (begun IN (0, 1)),
    previous_run TEXT,
    UNIQUE (kiosk, rehearsal, run)
) STRICT;
CREATE INDEX run_by_previous ON run (kiosk, rehearsal, previous_run);

-- How far each kiosk is known here. `head` is how far its journal goes, as it last said.
CREATE TABLE kiosk (
    kiosk TEXT NOT NULL,
    rehearsal INTEGER NOT NULL CHECK (rehearsal IN (0, 1)),
    online INTEGER NOT NULL DEFAULT 0 CHECK (online IN (0, 1)),
    version TEXT NOT NULL DEFAULT '',
    last_seen TEXT,
    through_run TEXT,
    through_seq INTEGER NOT NULL DEFAULT 0,
    through_at TEXT,
    head_run TEXT,
    head_seq INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kiosk, rehearsal)
) STRICT, WITHOUT ROWID;

CREATE TABLE member (
    member TEXT PRIMARY KEY,
    category TEXT NOT NULL,
    company TEXT,
    state TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    needs TEXT NOT NULL DEFAULT '{}',
    name TEXT,
    kana TEXT,
    registered_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE company (
    company TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

CREATE TABLE pass (
    digest TEXT PRIMARY KEY,
    member TEXT NOT NULL REFERENCES member (member),
    revoked INTEGER NOT NULL DEFAULT 0 CHECK (revoked IN (0, 1)),
    issued_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX pass_by_member ON pass (member);

-- The text of passes in force, for printing cards and sending them again. Apart from `pass`, so that nothing reads it by accident:
-- whoever has it can come in. The row goes when the pass is revoked; the file is encrypted as a whole.
CREATE TABLE pass_text (
    digest TEXT PRIMARY KEY REFERENCES pass (digest),
    text TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE reservation (
    reservation TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    member TEXT NOT NULL REFERENCES member (member),
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    purpose TEXT NOT NULL,
    cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled IN (0, 1)),
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX reservation_by_member ON reservation (member, starts);
CREATE INDEX reservation_by_start ON reservation (starts);

CREATE TABLE programme (
    programme TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What the doors may see, item by item, and the version that last touched it. A removed item keeps its row with an empty body, so that
-- "since version n" can always be answered.
CREATE TABLE collection (
    name TEXT PRIMARY KEY,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE collection_item (
    name TEXT NOT NULL REFERENCES collection (name),
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT,
    PRIMARY KEY (name, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX collection_item_by_version ON collection_item (name, version);

-- Answers to calls with an Idempotency-Key, for a day.
CREATE TABLE answered (
    key TEXT PRIMARY KEY,
    request TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    answered_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE office_user (
    name TEXT PRIMARY KEY,
    password TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
