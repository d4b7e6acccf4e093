//! 会員.

use super::plan::{Keyed, Operation, operations};
use super::sheet::{self, Field, Row};
use super::values::{category, date, member_state, plain};
use super::{Kind, Options, Remark, Report, gather, noted};
use crate::store::members::{MemberRecord, company_names, members};
use crate::store::{StoreError, Writing};
use chrono::{Datelike, NaiveDate};
use domain::floor::Features;
use domain::reference::{Category, Member, MemberState};
use std::collections::BTreeMap;

const FIELDS: &[Field] = &[
    Field {
        name: "member_no",
        label: "会員番号",
        aliases: &[
            "会員番号",
            "会員no",
            "会員id",
            "利用者番号",
            "会員コード",
            "id",
        ],
        required: true,
    },
    Field {
        name: "category",
        label: "区分",
        aliases: &["区分", "会員区分", "会員種別", "利用者区分"],
        required: true,
    },
    Field {
        name: "name",
        label: "氏名",
        aliases: &["氏名", "名前", "お名前", "会員名", "利用者名"],
        required: false,
    },
    Field {
        name: "kana",
        label: "フリガナ",
        aliases: &[
            "フリガナ",
            "ふりがな",
            "氏名カナ",
            "氏名(カナ)",
            "カナ",
            "氏名フリガナ",
        ],
        required: false,
    },
    Field {
        name: "company",
        label: "企業名",
        aliases: &["企業名", "会社名", "法人名", "事業所名", "勤務先", "団体名"],
        required: false,
    },
    Field {
        name: "valid_until",
        label: "有効期限",
        aliases: &["有効期限", "会員期限", "期限", "有効期間終了日"],
        required: false,
    },
    Field {
        name: "state",
        label: "会員状態",
        aliases: &["会員状態", "状態", "ステータス", "会員ステータス"],
        required: false,
    },
];

#[derive(Clone, Debug, PartialEq, Eq)]
struct MemberRow {
    id: String,
    category: Category,
    company: Option<String>,
    state: MemberState,
    valid_until: NaiveDate,
    needs: Features,
    name: Option<String>,
    kana: Option<String>,
}

impl Keyed for MemberRow {
    fn key(&self) -> &str {
        &self.id
    }
}

pub(super) fn import(
    writing: &mut Writing<'_>,
    text: &str,
    options: Options,
) -> Result<Report, StoreError> {
    let mut sheet = sheet::read(text, FIELDS);
    let current = current(writing)?;
    let year_end = end_of_business_year(writing.now().date_naive());
    let wanted = gather(&mut sheet, "会員番号", |row, faults| {
        read(row, &current, year_end, faults)
    });
    let plan = operations(&current, &wanted, options.complete, |row| {
        row.state != MemberState::Revoked
    });
    let report = Report::of_plan(Kind::Members, sheet, &plan, options);
    if report.applied {
        plan.into_iter()
            .try_for_each(|operation| carry_out(writing, operation))?;
    }
    Ok(report)
}

fn current(writing: &Writing<'_>) -> Result<BTreeMap<String, MemberRow>, StoreError> {
    let companies = company_names(&writing.tx)?;
    let row = |MemberRecord { member, name, kana }: MemberRecord| {
        let company = member
            .company
            .as_ref()
            .and_then(|id| companies.get(id).cloned());
        let Member {
            id,
            category,
            state,
            valid_until,
            needs,
            ..
        } = member;
        let id = id.as_str().to_owned();
        (
            id.clone(),
            MemberRow {
                id,
                category,
                company,
                state,
                valid_until,
                needs,
                name,
                kana,
            },
        )
    };
    Ok(members(&writing.tx)?.into_iter().map(row).collect())
}

/// A column that the file does not have leaves what is known; a new member has the usual.
fn read(
    row: &Row,
    current: &BTreeMap<String, MemberRow>,
    year_end: NaiveDate,
    faults: &mut Vec<Remark>,
) -> Option<MemberRow> {
    let before = faults.len();
    let id = plain(row.get("member_no").unwrap_or_default());
    if id.is_empty()
        || id.len() > 32
        || !id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    {
        faults.push(row.remark(
            "会員番号",
            "会員番号は英数字とハイフンで 32 字までです。番号を確かめてください",
        ));
        return None;
    }
    let known = current.get(&id);
    let category = noted(
        row,
        "区分",
        category(row.get("category").unwrap_or_default()),
        faults,
    );
    let state = row
        .get("state")
        .map(|text| noted(row, "会員状態", member_state(text), faults));
    let valid_until = row
        .filled("valid_until")
        .map(|text| noted(row, "有効期限", date(text), faults));
    let words = |name: &str, known: Option<&Option<String>>| match row.get(name) {
        Some(text) => Some(text.to_owned()).filter(|text| !text.is_empty()),
        None => known.cloned().flatten(),
    };
    let read = MemberRow {
        category: category?,
        company: words("company", known.map(|known| &known.company)),
        state: state
            .unwrap_or_else(|| known.map(|known| known.state).or(Some(MemberState::Active)))?,
        valid_until: valid_until
            .unwrap_or_else(|| known.map(|known| known.valid_until).or(Some(year_end)))?,
        needs: known.map(|known| known.needs).unwrap_or_default(),
        name: words("name", known.map(|known| &known.name)),
        kana: words("kana", known.map(|known| &known.kana)),
        id,
    };
    (faults.len() == before).then_some(read)
}

/// 31 March, on which memberships usually end (rules section 1).
pub(crate) fn end_of_business_year(today: NaiveDate) -> NaiveDate {
    let this_year = NaiveDate::from_ymd_opt(today.year(), 3, 31).unwrap_or(today);
    if today <= this_year {
        this_year
    } else {
        NaiveDate::from_ymd_opt(today.year() + 1, 3, 31).unwrap_or(today)
    }
}

fn carry_out(writing: &mut Writing<'_>, operation: Operation<MemberRow>) -> Result<(), StoreError> {
    let (row, is_new) = match operation {
        Operation::Add(row) => (row, true),
        Operation::Change(row) => (row, false),
        Operation::End(row) => (
            MemberRow {
                state: MemberState::Revoked,
                ..row
            },
            false,
        ),
    };
    let company = row
        .company
        .as_deref()
        .map(|name| writing.company_named(name))
        .transpose()?;
    let MemberRow {
        id,
        category,
        state,
        valid_until,
        needs,
        name,
        kana,
        ..
    } = row;
    let member = Member {
        id: id.into(),
        category,
        company,
        state,
        valid_until,
        needs,
    };
    writing.save_member(&MemberRecord {
        member: member.clone(),
        name,
        kana,
    })?;
    if is_new {
        writing.issue_pass(&member.id)?;
    }
    Ok(())
}
