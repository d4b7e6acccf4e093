use kiosk::journal::JournalError;

use crate::support::{
    Place, batch, check_message, dir_from_parent, in_other_process, open_at, records,
};

#[test]
fn a_full_disk_promises_nothing_and_loses_nothing() {
    let place = Place::new();
    place
        .open()
        .0
        .append(batch(records("run-a", 1..=2)))
        .unwrap();
    // No file may grow beyond 500 blocks (of 512 or 1024 bytes), and the signal that would end the process is ignored.
    let told = in_other_process(
        "full_disk::writer",
        place.dir.path(),
        "trap '' XFSZ; ulimit -f 500;",
    );
    let text = String::from_utf8_lossy(&told.stdout);
    assert!(
        told.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&told.stderr)
    );
    let promised = text
        .lines()
        .find_map(|line| line.split_once("promised ")?.1.parse().ok());
    let promised: u64 = promised.unwrap_or_else(|| panic!("{text}"));

    let (mut journal, opened) = place.open();
    assert_eq!(opened.replay.len() as u64, 2 + promised);
    assert_eq!(opened.tail_lost, None);
    journal.append(batch(records("run-c", 1..=1))).unwrap();
}

#[test]
#[ignore = "a_full_disk_promises_nothing_and_loses_nothing starts it"]
fn writer() {
    let dir = dir_from_parent();
    let (mut journal, _) = open_at(&dir).unwrap();
    let mut promised = 0;
    let failed = loop {
        match journal.append(batch(records("run-b", promised + 1..=promised + 3))) {
            Ok(_) => promised += 3,
            Err(error) => break error,
        }
    };
    assert!(matches!(failed, JournalError::Storage { .. }), "{failed:?}");
    check_message(&failed, "check that the disk has room");
    assert!(journal.is_poisoned());
    let again = journal.append(batch(records("run-b", promised + 1..=promised + 1)));
    assert!(matches!(again, Err(JournalError::Poisoned)));
    drop(journal);
    let (_, opened) = open_at(&dir).unwrap();
    assert_eq!(opened.replay.len() as u64, 2 + promised);
    println!("promised {promised}");
}
