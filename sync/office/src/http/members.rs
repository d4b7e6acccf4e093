//! Members: registered by the web form's program, by telephone through the staff, or in bulk by an import (R5).

use super::Shared;
use super::auth::Caller;
use super::once::{once, read_json};
use super::problem::Problem;
use crate::import::end_of_business_year;
use crate::store::members::{MemberRecord, member};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::NaiveDate;
use domain::floor::Features;
use domain::ids::{CompanyId, MemberId};
use domain::reference::{Category, Member, MemberState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const LONGEST_NAME: usize = 200;

/// A new member.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewMember {
    /// Category (R3).
    category: Category,
    /// Name of the company, for those who come for one.
    #[serde(default)]
    company: Option<String>,
    /// What the member always needs of a seat.
    #[serde(default)]
    needs: Features,
    /// Last day of the membership; 31 March if absent.
    #[serde(default)]
    valid_until: Option<NaiveDate>,
    /// `active` if absent: whoever holds the token answers for having seen a proof. A web form sends `unverified`.
    #[serde(default)]
    state: Option<MemberState>,
    /// 氏名; stays at the office.
    #[serde(default)]
    name: Option<String>,
    /// フリガナ; stays at the office.
    #[serde(default)]
    kana: Option<String>,
}

/// A member's number and pass.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct IssuedMember {
    /// Membership number.
    member_no: MemberId,
    /// Category.
    category: Category,
    /// The company's id, as in figures and at the doors.
    company: Option<CompanyId>,
    /// Last day of the membership.
    valid_until: NaiveDate,
    /// The text of the pass: what the QR code holds. Whoever has it can come in; do not log it.
    code: String,
}

impl IssuedMember {
    fn new(member: Member, code: String) -> Self {
        let Member {
            id,
            category,
            company,
            valid_until,
            ..
        } = member;
        Self {
            member_no: id,
            category,
            company,
            valid_until,
            code,
        }
    }
}

/// Registers a member and issues a pass. Accepted at the doors within a second.
#[utoipa::path(post, path = "/v1/members", tag = "office", request_body = NewMember,
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeats get the first answer")),
    responses((status = 201, body = IssuedMember), (status = 422, body = Problem)), security(("token" = [])))]
pub(super) async fn register(
    State(shared): State<Shared>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let new: NewMember = read_json(&body)?;
    let tidy = |text: Option<String>| {
        text.map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    let (company, name, kana) = (tidy(new.company), tidy(new.name), tidy(new.kana));
    if [&company, &name, &kana]
        .into_iter()
        .flatten()
        .any(|text| text.chars().count() > LONGEST_NAME)
    {
        let detail = format!("Names have at most {LONGEST_NAME} characters; shorten it.");
        return Err(Problem::refused("too-long", "A name is too long", detail));
    }
    let NewMember {
        category,
        needs,
        valid_until,
        state,
        ..
    } = new;
    let state = state.unwrap_or(MemberState::Active);
    tracing::info!(who = caller.who, "registers a member");
    once(
        &shared,
        &headers,
        "POST /v1/members".to_owned(),
        &body,
        move |writing| {
            let id = writing.next_member_number()?;
            let company = company
                .as_deref()
                .map(|name| writing.company_named(name))
                .transpose()?;
            let valid_until =
                valid_until.unwrap_or_else(|| end_of_business_year(writing.now().date_naive()));
            let member = Member {
                id: id.clone(),
                category,
                company,
                state,
                valid_until,
                needs,
            };
            let record = MemberRecord { member, name, kana };
            writing.save_member(&record)?;
            let code = writing.issue_pass(&id)?.as_str().to_owned();
            Ok((StatusCode::CREATED, IssuedMember::new(record.member, code)))
        },
    )
    .await
}

/// Issues a new pass; the old one is no longer accepted: lost telephone, lost card.
#[utoipa::path(post, path = "/v1/members/{member_no}/pass", tag = "office",
    params(("member_no" = String, Path), ("Idempotency-Key" = Option<String>, Header, description = "Repeats get the first answer")),
    responses((status = 201, body = IssuedMember), (status = 404, body = Problem)), security(("token" = [])))]
pub(super) async fn reissue(
    State(shared): State<Shared>,
    caller: Caller,
    Path(member_no): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = MemberId::from(member_no);
    tracing::info!(who = caller.who, "issues a new pass");
    once(
        &shared,
        &headers,
        format!("POST /v1/members/{id}/pass"),
        &[],
        move |writing| {
            let Some(MemberRecord { member, .. }) = member(&writing.tx, &id)? else {
                return Err(Problem::not_found(
                    "No member has this number; look it up at the page.",
                ));
            };
            let code = writing.issue_pass(&id)?.as_str().to_owned();
            Ok((StatusCode::CREATED, IssuedMember::new(member, code)))
        },
    )
    .await
}
