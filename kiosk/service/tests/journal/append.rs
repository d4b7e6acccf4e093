use std::fs;

use domain::record::{ChainHash, Chained};
use kiosk::journal::{Batch, JournalError};

use crate::support::{Place, answer, batch, collection, record, records, run};

#[test]
fn what_was_appended_is_there_after_opening_again() {
    let place = Place::new();
    let (mut journal, opened) = place.open();
    assert!(opened.created && opened.last.is_none() && opened.replay.is_empty());
    let mut written = Vec::new();
    written.extend(journal.append(batch(records("run-a", 1..=3))).unwrap());
    written.extend(
        journal
            .append(Batch {
                records: vec![record("run-a", 4, "collection.adopted")],
                answers: vec![answer("cause-run-a-4", r#"{"verdict":"done"}"#)],
                collections: vec![
                    collection("members", 12, "[]"),
                    collection("floor", 3, "{}"),
                ],
                acknowledged: None,
            })
            .unwrap(),
    );
    drop(journal);

    let (journal, opened) = place.open();
    assert!(!opened.created);
    assert_eq!(opened.replay, written);
    assert_eq!(opened.last, Some(written[3].position()));
    assert_eq!(journal.last(), opened.last.as_ref());
    assert_eq!(
        opened.answers,
        [answer("cause-run-a-4", r#"{"verdict":"done"}"#)]
    );
    assert_eq!(
        opened.collections,
        [
            collection("floor", 3, "{}"),
            collection("members", 12, "[]")
        ]
    );
    assert_eq!(
        (opened.cursor, opened.tail_lost, opened.head_unreadable),
        (None, None, false)
    );
}

#[test]
fn replay_starts_with_the_latest_day() {
    let cases: &[(&[&str], &[u64])] = &[
        (&[], &[]),
        (&["run.started", "visit.started"], &[1, 2]),
        (&["day.opened"], &[1]),
        (&["run.started", "day.opened", "visit.started"], &[2, 3]),
        (
            &[
                "day.opened",
                "visit.started",
                "day.opened",
                "visit.ended",
                "run.started",
            ],
            &[3, 4, 5],
        ),
    ];
    for (kinds, replayed) in cases {
        let place = Place::new();
        let (mut journal, _) = place.open();
        for (kind, seq) in kinds.iter().zip(1..) {
            journal
                .append(batch(vec![record("run-a", seq, kind)]))
                .unwrap();
        }
        drop(journal);
        let seqs: Vec<u64> = place
            .open()
            .1
            .replay
            .iter()
            .map(|chained| chained.record.seq)
            .collect();
        assert_eq!(seqs, *replayed, "{kinds:?}");
    }
}

#[test]
fn a_run_is_chained_to_the_run_before() {
    let place = Place::new();
    let first = place
        .open()
        .0
        .append(batch(records("run-a", 1..=2)))
        .unwrap();
    let second = place
        .open()
        .0
        .append(batch(records("run-b", 1..=2)))
        .unwrap();
    let all: Vec<Chained> = [first, second].concat();
    let mut previous = ChainHash::GENESIS;
    for chained in &all {
        assert_eq!(chained.hash, chained.record.hash_after(&previous));
        previous = chained.hash;
    }
    assert_eq!(place.open().1.replay, all);
}

#[test]
fn refuses_what_does_not_follow_and_goes_on() {
    let place = Place::new();
    let (mut journal, _) = place.open();
    let refused = journal.append(batch(records("run-a", 2..=2)));
    assert!(
        matches!(refused, Err(JournalError::OutOfOrder { last: None, .. })),
        "{refused:?}"
    );
    journal.append(batch(records("run-a", 1..=2))).unwrap();
    journal.append(batch(records("run-b", 1..=2))).unwrap();

    let wrong = [
        records("run-b", 2..=2),
        records("run-b", 4..=4),
        records("run-c", 2..=2),
        records("run-a", 1..=1),
        records("run-a", 3..=3),
        records("run-b", 1..=1),
        [records("run-b", 3..=3), records("run-b", 5..=5)].concat(),
        [
            records("run-c", 1..=1),
            records("run-d", 1..=1),
            records("run-c", 1..=1),
        ]
        .concat(),
    ];
    for records in wrong {
        let numbers: Vec<_> = records
            .iter()
            .map(|record| (record.run.clone(), record.seq))
            .collect();
        let refused = journal.append(batch(records));
        assert!(
            matches!(refused, Err(JournalError::OutOfOrder { .. })),
            "{numbers:?}: {refused:?}"
        );
        assert!(!journal.is_poisoned());
    }
    let mut huge = record("run-b", 3, "visit.started");
    huge.uptime_ms = u64::MAX;
    assert!(matches!(
        journal.append(batch(vec![huge])),
        Err(JournalError::TooLarge(u64::MAX))
    ));

    journal.append(batch(records("run-b", 3..=3))).unwrap();
    drop(journal);
    assert_eq!(place.open().1.replay.len(), 5);
}

#[test]
fn a_repeat_finds_the_first_answer() {
    let place = Place::new();
    let (mut journal, _) = place.open();
    let with = |seqs, cause: &str, body| Batch {
        answers: vec![answer(cause, body)],
        ..batch(records("run-a", seqs))
    };
    journal
        .append(with(1..=3, "cause-run-a-2", "with its record"))
        .unwrap();
    journal
        .append(with(4..=4, "alone", "beside another's record"))
        .unwrap();
    journal
        .append(with(5..=5, "alone", "a second one"))
        .unwrap();
    let mut again = with(6..=6, "cause-run-a-2", "a second one");
    again.records[0].cause = Some("cause-run-a-2".to_owned());
    journal.append(again).unwrap();
    let no_event = Batch {
        answers: vec![answer("none", "without any record")],
        ..Batch::default()
    };
    assert!(journal.append(no_event).unwrap().is_empty());
    drop(journal);
    let expected = [
        answer("alone", "beside another's record"),
        answer("cause-run-a-2", "with its record"),
        answer("none", "without any record"),
    ];
    assert_eq!(place.open().1.answers, expected);
}

#[test]
fn a_collection_comes_with_its_event_or_not_at_all() {
    let place = Place::new();
    let (mut journal, _) = place.open();
    let adopt = |seq, collection| Batch {
        records: vec![record("run-a", seq, "collection.adopted")],
        answers: vec![],
        collections: vec![collection],
        acknowledged: None,
    };
    journal
        .append(adopt(1, collection("members", 1, "old")))
        .unwrap();
    let mut torn = collection("members", 2, "new");
    torn.body.pop();
    assert!(
        matches!(journal.append(adopt(2, torn)), Err(JournalError::CollectionDigest { name }) if name == "members")
    );
    let before = place.copy().open().1;
    assert_eq!(
        (before.replay.len(), before.collections),
        (1, vec![collection("members", 1, "old")])
    );

    journal
        .append(adopt(2, collection("members", 2, "new")))
        .unwrap();
    let after = place.copy().open().1;
    assert_eq!(
        (after.replay.len(), after.collections),
        (2, vec![collection("members", 2, "new")])
    );
}

#[test]
fn whenever_the_power_goes_what_was_written_is_there() {
    let place = Place::new();
    let (mut journal, _) = place.open();
    let mut written = Vec::new();
    for seq in 1..=400 {
        written.extend(journal.append(batch(records("run-a", seq..=seq))).unwrap());
        // Copies before, between and after the checkpoints that this makes.
        journal.tidy().unwrap();
        if seq % 37 == 0 || seq == 1 {
            let (_, opened) = place.copy().open();
            assert_eq!(opened.replay, written);
            assert_eq!((opened.tail_lost, opened.head_unreadable), (None, false));
        }
    }
}

#[test]
fn nothing_can_be_read_without_the_key() {
    let place = Place::new();
    let (mut journal, _) = place.open();
    journal
        .append(Batch {
            records: records("run-a", 1..=40),
            answers: vec![answer("cause-of-this", "an answer in plain words")],
            collections: vec![collection("members", 1, &"member 20 34 78 ".repeat(1000))],
            acknowledged: None,
        })
        .unwrap();
    let telling = [
        "visit",
        "visit-of-run-a-1",
        "member 20",
        "plain words",
        "cause-of-this",
        "koto-1",
        "CREATE TABLE",
        "SQLite",
    ];
    for entry in fs::read_dir(place.dir.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        for text in telling {
            let found = bytes
                .windows(text.len())
                .any(|window| window == text.as_bytes());
            assert!(!found, "{} contains {text:?}", path.display());
        }
    }
    // The search itself finds what is there to be found: the head names its run.
    let head = fs::read(place.path("head")).unwrap();
    assert!(
        head.windows(5)
            .any(|window| window == run("run-a").as_str().as_bytes())
    );
}
