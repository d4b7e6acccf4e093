//! Writing a batch: everything that becomes true in one transaction.

use domain::record::Chained;
use rusqlite::{Connection, TransactionBehavior};

use super::{Acknowledged, Answer, StoredCollection, retention, rows};

pub(super) fn store(
    connection: &mut Connection,
    first: i64,
    records: &[Chained],
    answers: &[Answer],
    collections: &[StoredCollection],
    acknowledged: Option<&Acknowledged>,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (with_record, alone) = pair(records, answers);
    for ((position, record), answer) in (first..).zip(records).zip(with_record) {
        rows::insert(&transaction, position, record, answer)?;
    }
    let last = first - 1 + records.len() as i64;
    let trusted_ms = records
        .last()
        .filter(|last| last.record.trusted)
        .and_then(|last| retention::milliseconds(&last.record.at));
    for answer in alone {
        let sql = "INSERT INTO answer (cause, position, trusted_ms, body) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
        transaction.prepare_cached(sql)?.execute((
            &answer.cause,
            last,
            trusted_ms,
            &answer.body,
        ))?;
    }
    for collection in collections {
        let sql = "INSERT INTO collection (name, version, sha256, etag, body) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (name) DO UPDATE SET version = excluded.version, sha256 = excluded.sha256,
                                                    etag = excluded.etag, body = excluded.body";
        let StoredCollection {
            name,
            version,
            sha256,
            etag,
            body,
        } = collection;
        transaction
            .prepare_cached(sql)?
            .execute((name, *version as i64, sha256, etag, body))?;
    }
    if let Some(Acknowledged { position, run, seq }) = acknowledged {
        let sql = "UPDATE cursor SET position = ?1, run = ?2, seq = ?3 WHERE id = 1";
        transaction
            .prepare_cached(sql)?
            .execute((position, run.as_str(), *seq as i64))?;
    }
    transaction.commit()
}

/// Puts each answer with the last record that its key led to; what led to none stands alone.
fn pair<'a>(records: &[Chained], answers: &'a [Answer]) -> (Vec<Option<&'a str>>, Vec<&'a Answer>) {
    let mut with_record = vec![None; records.len()];
    let mut alone = Vec::new();
    for answer in answers {
        let led_to = |chained: &Chained| chained.record.cause.as_ref() == Some(&answer.cause);
        let place = records
            .iter()
            .rposition(led_to)
            .and_then(|index| with_record.get_mut(index));
        match place {
            Some(place) => *place = place.or(Some(answer.body.as_str())),
            None => alone.push(answer),
        }
    }
    (with_record, alone)
}
