use std::fs;

use domain::record::Position;
use kiosk::journal::{Batch, JournalError, Opened};

use crate::support::{Place, answer, batch, check_message, collection, record, records, run};

/// A small day: a start, a day, a collection, visits, an acknowledgement; part of it in the database, part in the log.
fn small_day() -> Place {
    let place = Place::new();
    let (mut journal, _) = place.open();
    journal
        .append(batch(vec![
            record("run-a", 1, "run.started"),
            record("run-a", 2, "day.opened"),
        ]))
        .unwrap();
    for seq in 3..=12 {
        let mut batch = batch(records("run-a", seq..=seq));
        batch.answers.push(answer(&format!("cause-{seq}"), "{}"));
        batch.collections.push(collection(
            "members",
            seq,
            &format!("members as of {seq}").repeat(300),
        ));
        journal.append(batch).unwrap();
    }
    journal.acknowledge(&run("run-a"), 6).unwrap();
    drop(journal);
    place
        .raw()
        .query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |_| Ok(()))
        .unwrap();
    let (mut journal, _) = place.open();
    for seq in 1..=8 {
        let answers = vec![answer(&format!("cause-run-b-{seq}"), "{}")];
        journal
            .append(Batch {
                answers,
                ..batch(records("run-b", seq..=seq))
            })
            .unwrap();
    }
    drop(journal);
    place
}

fn same(a: &Opened, b: &Opened) -> bool {
    a.replay == b.replay
        && a.last == b.last
        && a.answers == b.answers
        && a.collections == b.collections
        && a.cursor == b.cursor
        && a.mode == b.mode
}

/// Flips one bit in every `step`-th byte: each must be noticed or change nothing at all, and the files must stay as they were.
fn check_flips(name: &str, step: usize) -> (usize, usize) {
    let place = small_day();
    let whole = place.copy().open().1;
    let (mut noticed, mut harmless) = (0, 0);
    let original = fs::read(place.path(name)).unwrap();
    for at in (0..original.len()).step_by(step) {
        let copy = place.copy();
        let mut bytes = original.clone();
        bytes[at] ^= 1 << (at % 8);
        fs::write(copy.path(name), &bytes).unwrap();
        let before = copy.contents();
        match copy.try_open() {
            Err(error) => {
                check_message(&error, "nothing in it was changed");
                noticed += 1;
            }
            Ok((_, opened)) if opened.tail_lost.is_some() || opened.head_unreadable => noticed += 1,
            Ok((_, opened)) => {
                assert!(
                    same(&opened, &whole),
                    "{name}: a flipped bit in byte {at} changed the journal silently"
                );
                harmless += 1;
            }
        }
        assert_eq!(copy.contents(), before, "{name}: byte {at}");
    }
    (noticed, harmless)
}

#[test]
fn a_flipped_bit_in_the_database_is_noticed() {
    let (noticed, harmless) = check_flips("journal.db", 211);
    assert!(noticed > harmless, "{noticed} noticed, {harmless} harmless");
}

#[test]
fn a_flipped_bit_in_the_log_is_noticed() {
    let (noticed, harmless) = check_flips("journal.db-wal", 211);
    assert!(noticed > harmless, "{noticed} noticed, {harmless} harmless");
}

#[test]
fn a_flipped_bit_in_the_head_is_noticed() {
    assert_eq!(check_flips("head", 1), (256, 0));
}

#[test]
fn a_torn_or_missing_head_is_noticed_and_mended_by_the_next_record() {
    let tear: [fn(&Place); 4] = [
        |place| fs::remove_file(place.path("head")).unwrap(),
        |place| fs::write(place.path("head"), "").unwrap(),
        |place| {
            fs::write(
                place.path("head"),
                &fs::read(place.path("head")).unwrap()[..100],
            )
            .unwrap()
        },
        |place| {
            let mut bytes = fs::read(place.path("head")).unwrap();
            bytes[60..].fill(0);
            fs::write(place.path("head"), bytes).unwrap();
        },
    ];
    for tear in tear {
        let place = small_day();
        tear(&place);
        let (mut journal, opened) = place.open();
        assert!(opened.head_unreadable);
        journal.append(batch(records("run-c", 1..=1))).unwrap();
        drop(journal);
        assert!(!place.open().1.head_unreadable);
    }
}

#[test]
fn a_lost_end_shows_until_something_is_appended() {
    type Lose = fn(&Place, &Place);
    let cases: [(&str, Lose); 2] = [
        ("the log was lost", |place, _| {
            fs::remove_file(place.path("journal.db-wal")).unwrap()
        }),
        ("an older copy was put back", |place, older| {
            for name in ["journal.db", "journal.db-wal"] {
                fs::copy(older.path(name), place.path(name)).unwrap();
            }
        }),
    ];
    for (name, lose) in cases {
        let older = small_day();
        let place = older.copy();
        let last = place
            .open()
            .0
            .append(batch(records("run-c", 1..=3)))
            .unwrap()[2]
            .position();
        lose(&place, &older);
        for _ in 0..2 {
            assert_eq!(place.open().1.tail_lost, Some(last.clone()), "{name}");
        }
        place
            .open()
            .0
            .append(batch(records("run-d", 1..=1)))
            .unwrap();
        assert_eq!(place.open().1.tail_lost, None, "{name}");
    }
}

#[test]
fn a_journal_that_went_another_way_shows() {
    let place = small_day();
    let other = place.copy();
    let mine: Position = place
        .open()
        .0
        .append(batch(records("run-c", 1..=2)))
        .unwrap()[1]
        .position();
    let mut changed = records("run-c", 1..=2);
    changed[1].body.push(' ');
    other.open().0.append(batch(changed)).unwrap();
    for name in ["journal.db", "journal.db-wal"] {
        fs::copy(other.path(name), place.path(name)).unwrap();
    }
    assert_eq!(place.open().1.tail_lost, Some(mine));
}

#[test]
fn a_head_that_lags_behind_is_no_loss() {
    let place = small_day();
    let old_head = fs::read(place.path("head")).unwrap();
    place
        .open()
        .0
        .append(batch(records("run-c", 1..=2)))
        .unwrap();
    fs::write(place.path("head"), old_head).unwrap();
    let opened = place.open().1;
    assert_eq!((opened.tail_lost, opened.head_unreadable), (None, false));
}

#[test]
fn what_happened_cannot_be_changed_by_statement() {
    let place = small_day();
    let raw = place.raw();
    let forbidden = [
        "UPDATE record SET body = '{}' WHERE position = 3",
        "DELETE FROM record WHERE position = 20",
        "DELETE FROM record WHERE position = 1",
        "UPDATE anchor SET position = 7",
        "UPDATE cursor SET position = 2",
        "UPDATE cursor SET position = 99",
        "UPDATE identity SET kiosk = 'koto-2'",
        "DELETE FROM identity",
        "DELETE FROM anchor",
        "DELETE FROM cursor",
    ];
    for sql in forbidden {
        let refused = raw.execute(sql, ()).unwrap_err();
        assert_eq!(
            refused.sqlite_error_code(),
            Some(rusqlite::ErrorCode::ConstraintViolation),
            "{sql}: {refused}"
        );
    }
}

#[test]
fn who_changes_the_past_with_the_key_in_hand_is_found_out() {
    let cases = [
        (
            "UPDATE record SET body = '{}' WHERE position = 3",
            "hash is not its own",
        ),
        (
            "UPDATE record SET at = replace(at, '09', '10') WHERE position = 14",
            "hash is not its own",
        ),
        (
            "UPDATE record SET hash = (SELECT hash FROM record WHERE position = 4) WHERE position = 5",
            "hash is not its own",
        ),
        ("DELETE FROM record WHERE position = 5", "gap"),
        ("DELETE FROM record WHERE position = 1", "gap"),
        (
            "UPDATE record SET position = position + 1 WHERE position = 20",
            "missing",
        ),
        (
            "UPDATE run SET before = before + 1 WHERE run = 'run-b'",
            "list of runs",
        ),
        (
            "DELETE FROM record WHERE position >= 6",
            "acknowledged a record that is not there",
        ),
        ("UPDATE collection SET body = x'00'", "collection members"),
    ];
    for (sql, message) in cases {
        let place = small_day();
        let raw = place.raw();
        raw.execute_batch("DROP TRIGGER record_is_fixed; DROP TRIGGER record_goes_by_anchor;")
            .unwrap();
        raw.execute(sql, ()).unwrap();
        drop(raw);
        let before = place.contents();
        let refused = place.try_open().unwrap_err();
        let expected = matches!(
            refused,
            JournalError::ChainBroken { .. } | JournalError::Damaged { .. }
        );
        assert!(expected, "{sql}: {refused:?}");
        check_message(&refused, message);
        assert_eq!(place.contents(), before, "{sql}");
    }
}
