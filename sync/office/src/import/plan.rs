//! From what is there and what a file says to what is to be done: pure, sorted, the same input gives the same plan.

use std::collections::{BTreeMap, BTreeSet};

/// A row that has a key.
pub trait Keyed: Clone + PartialEq {
    /// What identifies it, at the office and in the file.
    fn key(&self) -> &str;
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation<R> {
    /// It is new.
    Add(R),
    /// It is there and differs.
    Change(R),
    /// It is there, is missing from a complete file, and ends.
    End(R),
}

/// What to do, by key. Rows that are missing from the file end only if it is `complete` and `may_end` agrees; else nothing happens to them.
pub fn operations<R: Keyed>(
    current: &BTreeMap<String, R>,
    wanted: &[R],
    complete: bool,
    may_end: impl Fn(&R) -> bool,
) -> Vec<Operation<R>> {
    let mut operations = BTreeMap::new();
    for row in wanted {
        match current.get(row.key()) {
            None => operations.insert(row.key(), Operation::Add(row.clone())),
            Some(known) if known != row => {
                operations.insert(row.key(), Operation::Change(row.clone()))
            }
            Some(_) => None,
        };
    }
    if complete {
        let present: BTreeSet<&str> = wanted.iter().map(Keyed::key).collect();
        let absent = current
            .values()
            .filter(|row| !present.contains(row.key()) && may_end(row));
        operations.extend(absent.map(|row| (row.key(), Operation::End(row.clone()))));
    }
    operations.into_values().collect()
}
