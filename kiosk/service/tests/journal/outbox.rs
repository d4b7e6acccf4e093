use std::thread;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, TimeDelta};
use domain::record::{Chained, Record};
use kiosk::journal::{Batch, Journal, JournalError, JournalReader, Pruned};

use crate::support::{Place, answer, batch, record, records, run};

const WEEK: Duration = Duration::from_hours(7 * 24);

fn numbers(records: &[Chained]) -> Vec<(&str, u64)> {
    records
        .iter()
        .map(|chained| (chained.record.run.as_str(), chained.record.seq))
        .collect()
}

#[test]
fn the_sync_reads_in_order_across_runs() {
    let place = Place::new();
    let (mut journal, _) = place.open();
    let reader = journal.reader().unwrap();
    assert_eq!(
        (reader.head().unwrap(), reader.after(None, 1000).unwrap()),
        (None, vec![])
    );
    journal.append(batch(records("run-a", 1..=3))).unwrap();
    let written = journal.append(batch(records("run-b", 1..=2))).unwrap();

    let a2 = (run("run-a"), 2);
    let b2 = (run("run-b"), 2);
    assert_eq!(numbers(&reader.after(None, 100_000).unwrap()).len(), 5);
    assert_eq!(
        numbers(&reader.after(Some(&a2), 100_000).unwrap()),
        [("run-a", 3), ("run-b", 1), ("run-b", 2)]
    );
    assert!(reader.after(Some(&b2), 100_000).unwrap().is_empty());
    assert_eq!(
        numbers(&reader.after(Some(&a2), 1).unwrap()),
        [("run-a", 3)],
        "at least one"
    );
    assert_eq!(
        numbers(&reader.after(None, 400).unwrap()),
        [("run-a", 1), ("run-a", 2)],
        "no more than asked"
    );

    let pending = reader.pending(Some(&a2)).unwrap();
    assert_eq!(
        (pending.count, pending.oldest_at),
        (3, Some("2026-11-24T09:00:03.000+09:00".to_owned()))
    );
    let pending = reader.pending(Some(&b2)).unwrap();
    assert_eq!((pending.count, pending.oldest_at), (0, None));
    assert_eq!(reader.pending(None).unwrap().count, 5);
    assert_eq!(reader.head().unwrap(), Some(written[1].position()));

    for unknown in [
        (run("run-a"), 4),
        (run("run-b"), 3),
        (run("run-c"), 1),
        (run("run-a"), 0),
        (run(""), 0),
    ] {
        let refused = reader.after(Some(&unknown), 1000);
        assert!(
            matches!(refused, Err(JournalError::NoSuchRecord { .. })),
            "{unknown:?}: {refused:?}"
        );
    }
}

#[test]
fn reading_and_writing_do_not_wait_for_each_other() {
    let place = Place::new();
    let (mut journal, _) = place.open();
    journal.append(batch(records("run-a", 1..=1))).unwrap();
    let reader = journal.reader().unwrap().try_clone().unwrap();
    let reading = thread::spawn(move || {
        let mut cursor = (run("run-a"), 1);
        while cursor.1 < 500 {
            for chained in reader.after(Some(&cursor), 2000).unwrap() {
                assert_eq!(chained.record.seq, cursor.1 + 1);
                cursor.1 = chained.record.seq;
            }
        }
    });
    for seq in 2..=500 {
        journal.append(batch(records("run-a", seq..=seq))).unwrap();
        journal.tidy().unwrap();
    }
    reading.join().unwrap();
}

#[test]
fn the_cursor_moves_forward_to_what_exists() {
    let place = Place::new();
    let (mut journal, _) = place.open();
    journal.append(batch(records("run-a", 1..=3))).unwrap();
    journal.append(batch(records("run-b", 1..=2))).unwrap();
    journal.acknowledge(&run("run-a"), 2).unwrap();
    journal.acknowledge(&run("run-a"), 2).unwrap();
    for (name, seq) in [("run-a", 4), ("run-b", 3), ("run-c", 1), ("run-a", 0)] {
        let refused = journal.acknowledge(&run(name), seq);
        assert!(
            matches!(refused, Err(JournalError::NoSuchRecord { .. })),
            "{name}/{seq}: {refused:?}"
        );
    }
    assert!(matches!(
        journal.acknowledge(&run("run-a"), 1),
        Err(JournalError::AlreadyAcknowledged { .. })
    ));
    assert_eq!(
        journal.reader().unwrap().cursor().unwrap(),
        Some((run("run-a"), 2))
    );
    journal.acknowledge(&run("run-b"), 2).unwrap();
    assert!(matches!(
        journal.acknowledge(&run("run-a"), 3),
        Err(JournalError::AlreadyAcknowledged { .. })
    ));
    drop(journal);
    assert_eq!(place.open().1.cursor, Some((run("run-b"), 2)));
}

fn now() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-11-24T12:00:00+09:00").unwrap()
}

fn aged(seq: u64, kind: &str, days: i64) -> Record {
    Record {
        at: (now() - TimeDelta::days(days)).to_rfc3339(),
        ..record("run-a", seq, kind)
    }
}

fn kept(journal: &Journal) -> Vec<u64> {
    let reader = journal.reader().unwrap();
    reader
        .after(None, 1_000_000)
        .unwrap()
        .iter()
        .map(|chained| chained.record.seq)
        .collect()
}

#[test]
fn goes_only_what_is_acknowledged_and_old_and_before_the_latest_day() {
    // (days old, kind), the acknowledged number, the first number kept.
    let old_visits = [
        (9, "day.opened"),
        (9, "visit.started"),
        (8, "visit.ended"),
        (6, "day.opened"),
        (6, "visit.started"),
    ];
    let one_old_day = [
        (9, "run.started"),
        (9, "day.opened"),
        (9, "visit.started"),
        (8, "visit.ended"),
    ];
    let no_day = [(9, "run.started"), (9, "visit.started")];
    type Aged = [(i64, &'static str)];
    let cases: &[(&str, &Aged, u64, u64)] = &[
        ("old and acknowledged", &old_visits, 5, 4),
        ("not acknowledged", &old_visits, 0, 1),
        ("partly acknowledged", &old_visits, 2, 3),
        ("the latest day", &one_old_day, 4, 2),
        ("no day yet", &no_day, 2, 1),
    ];
    for (name, records, acknowledged, first_kept) in cases {
        let place = Place::new();
        let (mut journal, _) = place.open();
        let records: Vec<_> = records
            .iter()
            .zip(1..)
            .map(|((days, kind), seq)| aged(seq, kind, *days))
            .collect();
        let last = records.len() as u64;
        let written = journal.append(batch(records)).unwrap();
        if *acknowledged > 0 {
            journal.acknowledge(&run("run-a"), *acknowledged).unwrap();
        }
        let pruned = journal.prune(now(), WEEK).unwrap();
        assert_eq!(
            pruned,
            Pruned {
                records: first_kept - 1,
                answers: 0,
                more: false
            },
            "{name}"
        );
        assert_eq!(
            kept(&journal),
            (*first_kept..=last).collect::<Vec<_>>(),
            "{name}"
        );
        assert_eq!(
            journal.prune(now(), WEEK).unwrap(),
            Pruned::default(),
            "{name}"
        );

        // The chain holds from the anchor on, and goes on.
        drop(journal);
        let (mut journal, opened) = place.open();
        assert_eq!(
            (opened.last, opened.tail_lost),
            (written.last().map(Chained::position), None),
            "{name}"
        );
        journal
            .append(batch(vec![aged(last + 1, "visit.started", 0)]))
            .unwrap();
        drop(journal);
        place.open();
    }
}

#[test]
fn age_is_counted_by_trusted_time_alone() {
    let untrusted = |seq, days| Record {
        trusted: false,
        ..aged(seq, "visit.started", days)
    };
    let visit = |seq, days| aged(seq, "visit.started", days);
    let cases: &[(&str, Vec<Record>, u64)] = &[
        (
            "a clock that woke in 1970",
            vec![untrusted(1, 20_000), visit(2, 1)],
            1,
        ),
        (
            "untrusted, but older than something old",
            vec![untrusted(1, 0), visit(2, 8), visit(3, 1)],
            3,
        ),
        (
            "a clock that ran ahead, set back since",
            vec![visit(1, -3650), visit(2, 8), visit(3, 1)],
            3,
        ),
        (
            "a time that is none",
            vec![Record {
                at: "soon".to_owned(),
                ..visit(1, 9)
            }],
            1,
        ),
    ];
    for (name, records, first_kept) in cases {
        let place = Place::new();
        let (mut journal, _) = place.open();
        let next = records.len() as u64 + 1;
        journal.append(batch(records.clone())).unwrap();
        journal
            .append(batch(vec![aged(next, "day.opened", 0)]))
            .unwrap();
        journal.acknowledge(&run("run-a"), next).unwrap();
        journal.prune(now(), WEEK).unwrap();
        assert_eq!(kept(&journal)[0], *first_kept, "{name}");
    }
}

#[test]
fn much_goes_in_portions_and_across_runs() {
    let place = Place::new();
    let (mut journal, _) = place.open();
    let old = |name: &str, seqs| {
        let mut records = records(name, seqs);
        records
            .iter_mut()
            .for_each(|record| record.at = aged(1, "", 30).at);
        batch(records)
    };
    journal.append(old("run-a", 1..=700)).unwrap();
    journal.append(old("run-b", 1..=700)).unwrap();
    journal
        .append(batch(vec![record("run-c", 1, "day.opened")]))
        .unwrap();
    journal.acknowledge(&run("run-b"), 600).unwrap();
    let mut portions = vec![journal.prune(now(), WEEK).unwrap()];
    while portions.last().unwrap().more {
        portions.push(journal.prune(now(), WEEK).unwrap());
    }
    assert_eq!(
        portions
            .iter()
            .map(|portion| portion.records)
            .collect::<Vec<_>>(),
        [500, 500, 300]
    );

    let reader: JournalReader = journal.reader().unwrap();
    assert_eq!(
        reader
            .after(Some(&(run("run-b"), 600)), 1_000_000)
            .unwrap()
            .len(),
        101,
        "the anchor is a cursor too"
    );
    assert_eq!(reader.pending(None).unwrap().count, 101);
    for gone in [("run-a", 700), ("run-b", 599)] {
        let refused = reader.after(Some(&(run(gone.0), gone.1)), 1000);
        assert!(
            matches!(refused, Err(JournalError::NoSuchRecord { .. })),
            "{gone:?}: {refused:?}"
        );
    }
    drop(journal);
    let opened = place.open().1;
    assert_eq!(
        (opened.cursor, opened.tail_lost),
        (Some((run("run-b"), 600)), None)
    );
}

#[test]
fn answers_stay_for_two_days() {
    // (days old, whether the clock was trusted); the answers that are left.
    type Given = [(i64, bool)];
    let cases: &[(&Given, &[&str])] = &[
        (
            &[(3, true), (2, true), (1, true), (0, true)],
            &["2:2", "3:1", "4:0"],
        ),
        (&[(20_000, false), (1, true)], &["1:20000", "2:1"]),
        (
            &[(20_000, false), (3, true), (1, true), (0, true)],
            &["3:1", "4:0"],
        ),
        (&[(3, false), (3, false)], &["1:3", "2:3"]),
    ];
    for with_record in [true, false] {
        for (given, left) in cases {
            let place = Place::new();
            let (mut journal, _) = place.open();
            for ((days, trusted), seq) in given.iter().zip(1..) {
                let key = format!("{seq}:{days}");
                let cause = with_record.then(|| key.clone());
                let record = Record {
                    cause,
                    trusted: *trusted,
                    ..aged(seq, "visit.started", *days)
                };
                journal
                    .append(Batch {
                        answers: vec![answer(&key, "{}")],
                        ..batch(vec![record])
                    })
                    .unwrap();
            }
            journal.prune(now(), WEEK).unwrap();
            drop(journal);
            let answers = place.open().1.answers;
            let causes: Vec<&str> = answers.iter().map(|answer| answer.cause.as_str()).collect();
            assert_eq!(causes, *left, "{given:?}, with record: {with_record}");
        }
    }
}
