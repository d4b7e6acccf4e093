//! Members and their passes. Names stay here; the doors get numbers, categories and digests (R25).

use super::columns::{from_word, json, moment, read_json, word};
use super::{StoreError, Writing};
use crate::secret::random_bytes;
use chrono::NaiveDate;
use domain::code::{Pass, PassDigest, PassText};
use domain::floor::Features;
use domain::ids::{CompanyId, MemberId};
use domain::reference::{Category, IssuedPass, Member, MemberState};
use link::collections::CollectionName;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use std::collections::BTreeMap;
use std::str::FromStr;

/// A member as the office knows one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRecord {
    /// What the doors know.
    pub member: Member,
    /// 氏名, where it was given.
    pub name: Option<String>,
    /// フリガナ, where it was given.
    pub kana: Option<String>,
}

impl Writing<'_> {
    /// Adds a member or replaces what is known of one.
    ///
    /// # Errors
    /// The database fails.
    pub fn save_member(&mut self, record: &MemberRecord) -> Result<(), StoreError> {
        let MemberRecord { member, name, kana } = record;
        self.tx
            .prepare_cached(
                "INSERT INTO member (member, category, company, state, valid_until, needs, name, kana, registered_at)
                 VALUES (:member, :category, :company, :state, :valid_until, :needs, :name, :kana, :now)
                 ON CONFLICT (member) DO UPDATE SET category = excluded.category, company = excluded.company, state = excluded.state,
                     valid_until = excluded.valid_until, needs = excluded.needs, name = excluded.name, kana = excluded.kana",
            )?
            .execute(named_params! {
                ":member": member.id.as_str(),
                ":category": word(&member.category)?,
                ":company": member.company.as_ref().map(|company| company.as_str()),
                ":state": word(&member.state)?,
                ":valid_until": member.valid_until.to_string(),
                ":needs": json("needs", &member.needs)?,
                ":name": name,
                ":kana": kana,
                ":now": moment(self.now()),
            })?;
        self.put_item(CollectionName::Members, member.id.as_str(), member)
    }

    /// The next free membership number of our own: `M00001` and on. Imported members keep the numbers they came with.
    ///
    /// # Errors
    /// The database fails.
    pub fn next_member_number(&self) -> Result<MemberId, StoreError> {
        let highest: Option<i64> = self.tx.query_row(
            "SELECT max(CAST(substr(member, 2) AS INTEGER)) FROM member WHERE member GLOB 'M[0-9][0-9][0-9][0-9][0-9]*'",
            [],
            |row| row.get(0),
        )?;
        Ok(MemberId::from(format!(
            "M{:05}",
            highest.unwrap_or_default() + 1
        )))
    }

    /// The id of the company with this name; a new one if it is not known yet.
    ///
    /// # Errors
    /// The database fails.
    pub fn company_named(&self, name: &str) -> Result<CompanyId, StoreError> {
        let known: Option<String> = self
            .tx
            .prepare_cached("SELECT company FROM company WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?;
        if let Some(known) = known {
            return Ok(CompanyId::from(known));
        }
        let number: i64 = self
            .tx
            .query_row("SELECT count(*) + 1 FROM company", [], |row| row.get(0))?;
        let company = format!("C{number:04}");
        self.tx.execute(
            "INSERT INTO company (company, name) VALUES (?1, ?2)",
            [&company, name],
        )?;
        Ok(CompanyId::from(company))
    }

    /// Issues a pass of 128 random bits; the member's earlier ones are revoked.
    ///
    /// # Errors
    /// The database fails, or there is no randomness.
    pub fn issue_pass(&mut self, member: &MemberId) -> Result<PassText, StoreError> {
        let pass = Pass::from_bits(random_bytes::<16>()?);
        self.issue_this_pass(member, &pass)?;
        Ok(pass)
    }

    /// Issues this very pass: for sample data, and for cards that exist already.
    ///
    /// # Errors
    /// The database fails.
    pub fn issue_this_pass(
        &mut self,
        member: &MemberId,
        pass: &PassText,
    ) -> Result<(), StoreError> {
        let digest = pass.digest();
        for earlier in valid_passes(&self.tx, member)? {
            if earlier != digest {
                self.revoke_pass(member, &earlier)?;
            }
        }
        let row = params![digest.to_hex(), member.as_str(), moment(self.now())];
        self.tx
            .prepare_cached(
                "INSERT OR IGNORE INTO pass (digest, member, issued_at) VALUES (?1, ?2, ?3)",
            )?
            .execute(row)?;
        self.tx
            .prepare_cached("INSERT OR IGNORE INTO pass_text (digest, text) VALUES (?1, ?2)")?
            .execute(params![digest.to_hex(), pass.as_str()])?;
        self.put_pass(member, digest, false)
    }

    fn revoke_pass(&mut self, member: &MemberId, digest: &PassDigest) -> Result<(), StoreError> {
        self.tx.execute(
            "UPDATE pass SET revoked = 1 WHERE digest = ?1",
            [digest.to_hex()],
        )?;
        self.tx
            .execute("DELETE FROM pass_text WHERE digest = ?1", [digest.to_hex()])?;
        self.put_pass(member, *digest, true)
    }

    fn put_pass(
        &mut self,
        member: &MemberId,
        digest: PassDigest,
        revoked: bool,
    ) -> Result<(), StoreError> {
        let issued = IssuedPass {
            digest,
            member: member.clone(),
            revoked,
        };
        self.put_item(CollectionName::Passes, &digest.to_hex(), &issued)
    }
}

fn valid_passes(connection: &Connection, member: &MemberId) -> Result<Vec<PassDigest>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT digest FROM pass WHERE member = ?1 AND revoked = 0")?;
    let digests = statement.query_map([member.as_str()], |row| row.get::<_, String>(0))?;
    digests
        .map(|digest| {
            PassDigest::from_str(&digest?)
                .map_err(|error| StoreError::unreadable("pass digest")(error.into()))
        })
        .collect()
}

/// A member.
///
/// # Errors
/// The database fails.
pub fn member(connection: &Connection, id: &MemberId) -> Result<Option<MemberRecord>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{SELECT_MEMBER} WHERE member = ?1"))?;
    let row = statement.query_row([id.as_str()], columns).optional()?;
    row.map(record).transpose()
}

/// All members, by number.
///
/// # Errors
/// The database fails.
pub fn members(connection: &Connection) -> Result<Vec<MemberRecord>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{SELECT_MEMBER} ORDER BY member"))?;
    statement
        .query_map([], columns)?
        .map(|row| record(row?))
        .collect()
}

/// A member's name 氏名, where it was given.
///
/// # Errors
/// The database fails.
pub fn member_name(connection: &Connection, id: &MemberId) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT name FROM member WHERE member = ?1")?;
    let name = statement.query_row([id.as_str()], |row| row.get(0));
    Ok(name.optional()?.flatten())
}

/// A company's name.
///
/// # Errors
/// The database fails.
pub fn company_name(connection: &Connection, id: &CompanyId) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT name FROM company WHERE company = ?1")?;
    Ok(statement
        .query_row([id.as_str()], |row| row.get(0))
        .optional()?)
}

const SELECT_MEMBER: &str =
    "SELECT member, category, company, state, valid_until, needs, name, kana FROM member";

type Columns = (
    String,
    String,
    Option<String>,
    String,
    String,
    String,
    Option<String>,
    Option<String>,
);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    row.try_into()
}

fn record(
    (id, category, company, state, valid_until, needs, name, kana): Columns,
) -> Result<MemberRecord, StoreError> {
    let category: Category = from_word("category", category)?;
    let state: MemberState = from_word("state", state)?;
    let needs: Features = read_json("needs", &needs)?;
    let valid_until = NaiveDate::from_str(&valid_until)
        .map_err(|error| StoreError::unreadable("date")(error.into()))?;
    let member = Member {
        id: id.into(),
        category,
        company: company.map(CompanyId::from),
        state,
        valid_until,
        needs,
    };
    Ok(MemberRecord { member, name, kana })
}

/// A member's card, to be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Card {
    /// Whose.
    pub member: MemberId,
    /// 氏名.
    pub name: Option<String>,
    /// Category.
    pub category: Category,
    /// The text of the pass.
    pub pass: String,
}

/// The cards of all passes in force, by membership number. Printing them is a copy of personal data: log who did it (R25).
///
/// # Errors
/// The database fails.
pub fn cards(connection: &Connection) -> Result<Vec<Card>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT member.member, name, category, text FROM pass_text
         JOIN pass USING (digest) JOIN member ON member.member = pass.member
         WHERE revoked = 0 ORDER BY member.member",
    )?;
    let rows = statement.query_map([], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get(1)?,
            row.get::<_, String>(2)?,
            row.get(3)?,
        ))
    })?;
    rows.map(|row| {
        let (member, name, category, pass) = row?;
        Ok(Card {
            member: member.into(),
            name,
            category: from_word("category", category)?,
            pass,
        })
    })
    .collect()
}

/// Names of companies by id.
///
/// # Errors
/// The database fails.
pub fn company_names(connection: &Connection) -> Result<BTreeMap<CompanyId, String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT company, name FROM company")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    Ok(rows
        .map(|row| row.map(|(id, name)| (CompanyId::from(id), name)))
        .collect::<Result<_, _>>()?)
}
