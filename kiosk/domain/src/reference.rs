//! What the office tells the kiosk: the adopted collections (design section 7), with the fields the door needs and no more.

use crate::adviser::Advice;
use crate::calendar::{Calendar, Evening};
use crate::code::{PassDigest, ReservationNumber};
use crate::display::Display;
use crate::equipment::Equipment;
use crate::floor::{Features, Floor};
use crate::ids::{
    CompanyId, EquipmentId, MemberId, NoticeId, ProgrammeId, ReservationId, StaffId, ZoneId,
};
use crate::settings::{Settings, minutes};
use crate::staff::StaffMember;
use crate::text::Text;
use chrono::{FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A moment, with the offset of the place it was read at.
pub type DateTime = chrono::DateTime<FixedOffset>;

/// Japan Standard Time: the rules know no other, whatever zone the host is in.
pub const JST: FixedOffset = match FixedOffset::east_opt(9 * 3600) {
    Some(offset) => offset,
    None => panic!("nine hours is an offset"),
};

/// Everything the office has told this kiosk, as adopted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reference {
    /// Opening hours, holidays, closures.
    pub calendar: Calendar,
    /// Zones, seats, drawing.
    pub floor: Floor,
    /// Agreed numbers and words.
    pub settings: Settings,
    /// Members by membership number.
    pub members: BTreeMap<MemberId, Member>,
    /// Who holds which pass.
    pub passes: BTreeMap<PassDigest, IssuedPass>,
    /// Reservations by day, there in order of their ids: a day is looked at with every scan, and years of reservations are kept.
    by_day: BTreeMap<NaiveDate, Vec<Reservation>>,
    /// The day of each reservation and its place in it.
    reservations: BTreeMap<ReservationId, (NaiveDate, usize)>,
    /// Reservation ids by the number people type.
    numbers: BTreeMap<ReservationNumber, ReservationId>,
    /// Programmes by id.
    pub programmes: BTreeMap<ProgrammeId, Programme>,
    /// Who advises, and in which slots.
    pub advice: Advice,
    /// What is lent, by id.
    pub equipment: BTreeMap<EquipmentId, Equipment>,
    /// Notices in the order they are shown.
    pub notices: Vec<Notice>,
    /// Staff by id.
    pub staff: BTreeMap<StaffId, StaffMember>,
    /// Play list, bookshelf and addresses of the signage.
    pub display: Display,
}

/// A member as the door knows one: no name, no address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Membership number.
    pub id: MemberId,
    /// Category 区分, recorded with every visit (R3).
    pub category: Category,
    /// The company, for those who come for one.
    #[serde(default)]
    pub company: Option<CompanyId>,
    /// State of the membership.
    pub state: MemberState,
    /// Last day of the membership, usually 31 March.
    pub valid_until: NaiveDate,
    /// What the member needs of a seat.
    #[serde(default)]
    pub needs: Features,
}

/// Category 区分 (R3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// 企業: a small business with a place of business in Koto.
    Business,
    /// 就職希望者: a resident of Koto seeking work.
    JobSeeker,
    /// 区事業: users of the ward's management consultation, founders among them.
    WardService,
}

/// State of a membership. Expiry is the date [`Member::valid_until`], not a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    /// In order.
    Active,
    /// Staff have yet to see a proof once.
    Unverified,
    /// For a time not admitted.
    Suspended,
    /// No longer a member.
    Revoked,
}

impl MemberState {
    /// Whether members in this state are let in.
    pub fn is_welcome(self) -> bool {
        matches!(self, Self::Active | Self::Unverified)
    }
}

/// A pass 会員証QR, known by its digest only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssuedPass {
    /// SHA-256 of the pass.
    pub digest: PassDigest,
    /// Whose it is.
    pub member: MemberId,
    /// Reported lost, or replaced.
    #[serde(default)]
    pub revoked: bool,
}

/// A reservation 予約.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reservation {
    /// Its id at the office.
    pub id: ReservationId,
    /// The number people type.
    pub number: ReservationNumber,
    /// Who comes.
    pub member: MemberId,
    /// From when.
    pub starts: DateTime,
    /// Until when.
    pub ends: DateTime,
    /// What for.
    pub purpose: Purpose,
    /// Cancelled by the visitor or the centre.
    #[serde(default)]
    pub cancelled: bool,
    /// The collection's version in which it first appeared. Versions are learned in order, so this ranks reservations by when the
    /// kiosk learned of them (rules section 3).
    pub since: u64,
}

/// What a reservation is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Purpose {
    /// A coworking seat with these features; which one is the plan's business.
    Seat {
        /// Beyond what the member always needs.
        #[serde(default)]
        needs: Features,
    },
    /// A place in a programme.
    Programme {
        /// Which one.
        programme: ProgrammeId,
        /// On the standby list: a place only if one is left over (rules section 7).
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        standby: bool,
    },
    /// A slot with an adviser.
    Consultation,
}

/// A programme 催し (R21): one sitting of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// Its id.
    pub id: ProgrammeId,
    /// Its title.
    pub title: Text,
    /// Seminar, hands-on, training or course.
    pub kind: ProgrammeKind,
    /// From when.
    pub starts: DateTime,
    /// Until when; never after 21:00 (R1).
    pub ends: DateTime,
    /// The zone it takes from coworking; none when it is held online or elsewhere.
    #[serde(default)]
    pub zone: Option<ZoneId>,
    /// For whom.
    pub audience: Audience,
    /// Places, at most 20.
    pub capacity: u32,
    /// Places not taken, as the office last counted.
    #[serde(default)]
    pub places_left: Option<u32>,
    /// Minutes of set-up before, where it differs from the setting.
    #[serde(default)]
    pub set_up_min: Option<u32>,
    /// Minutes of clearing after, where it differs from the setting.
    #[serde(default)]
    pub clearing_min: Option<u32>,
    /// How many of the PCs that are lent it takes, from set-up to clearing (R8).
    #[serde(default, skip_serializing_if = "is_none_taken")]
    pub pcs: u32,
    /// Called off.
    #[serde(default)]
    pub cancelled: bool,
}

/// Serde asks by reference.
fn is_none_taken(pcs: &u32) -> bool {
    *pcs == 0
}

/// Kinds of programme (R21).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProgrammeKind {
    /// デジタルセミナー.
    Seminar,
    /// デジタル体験会.
    HandsOn,
    /// デジタル研修会.
    Training,
    /// A course of several sessions.
    Course,
}

/// For whom a programme is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Businesses in Koto.
    Business,
    /// Job seekers living in Koto.
    JobSeeker,
    /// Any member.
    Anyone,
}

impl Audience {
    /// Whether it is for people of this category (rules section 1).
    pub fn welcomes(self, category: Category) -> bool {
        match self {
            Self::Business => category == Category::Business,
            Self::JobSeeker => category == Category::JobSeeker,
            Self::Anyone => true,
        }
    }
}

/// A notice お知らせ for the signage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// What it says.
    pub text: Text,
    /// First day it is shown.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// Last day it is shown.
    #[serde(default)]
    pub to: Option<NaiveDate>,
    /// Whether it lies ready and is shown only on a day when staff put it up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prepared: bool,
}

impl Notice {
    /// Whether it may be shown on `date`.
    pub fn is_shown(&self, date: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }
}

impl Programme {
    /// The span for which it takes its zone: set-up, programme, clearing (R12).
    pub fn takes_zone(&self, settings: &Settings) -> (DateTime, DateTime) {
        let before = minutes(self.set_up_min.unwrap_or(settings.set_up_min));
        let after = minutes(self.clearing_min.unwrap_or(settings.clearing_min));
        (self.starts - before, self.ends + after)
    }
}

impl Reference {
    /// The member whose valid pass has this digest; a revoked pass finds nobody.
    pub fn holder(&self, digest: &PassDigest) -> Option<&Member> {
        let pass = self.passes.get(digest).filter(|pass| !pass.revoked)?;
        self.members.get(&pass.member)
    }

    /// The reservation with this number.
    pub fn numbered(&self, number: &ReservationNumber) -> Option<&Reservation> {
        self.reservation(self.numbers.get(number)?)
    }

    /// Replaces the reservations. Of two with one id the later counts.
    pub fn set_reservations(&mut self, reservations: impl IntoIterator<Item = Reservation>) {
        let by_id: BTreeMap<_, _> = reservations
            .into_iter()
            .map(|one| (one.id.clone(), one))
            .collect();
        self.numbers = by_id
            .values()
            .map(|one| (one.number, one.id.clone()))
            .collect();
        self.reservations.clear();
        self.by_day.clear();
        for (id, one) in by_id {
            let date = one.starts.with_timezone(&JST).date_naive();
            let day = self.by_day.entry(date).or_default();
            self.reservations.insert(id, (date, day.len()));
            day.push(one);
        }
    }

    /// Reservations on `date`, cancelled ones too, in order of their ids.
    pub fn reservations_on(&self, date: NaiveDate) -> impl Iterator<Item = &Reservation> {
        self.by_day.get(&date).into_iter().flatten()
    }

    /// A reservation by its id.
    pub fn reservation(&self, id: &ReservationId) -> Option<&Reservation> {
        let (date, place) = self.reservations.get(id)?;
        self.by_day.get(date)?.get(*place)
    }

    /// All reservations, in order of their ids.
    pub fn reservations(&self) -> impl Iterator<Item = &Reservation> {
        self.reservations
            .values()
            .filter_map(|(date, place)| self.by_day.get(date)?.get(*place))
    }

    /// For whom something reserved is: seats for every member, consultation for businesses, a programme as it says (rules section 1).
    pub fn audience(&self, purpose: &Purpose) -> Audience {
        match purpose {
            Purpose::Seat { .. } => Audience::Anyone,
            Purpose::Consultation => Audience::Business,
            Purpose::Programme { programme, .. } => self
                .programmes
                .get(programme)
                .map_or(Audience::Anyone, |programme| programme.audience),
        }
    }

    /// Programmes on `date` that are not called off, in order of their start.
    pub fn programmes_on(&self, date: NaiveDate) -> Vec<&Programme> {
        let mut found: Vec<_> = self
            .programmes
            .values()
            .filter(|one| one.starts.with_timezone(&JST).date_naive() == date && !one.cancelled)
            .collect();
        found.sort_by_key(|one| (one.starts, &one.id));
        found
    }

    /// Times on `date` at which the doors are open for one programme's people only (R1, R21).
    pub fn evenings(&self, date: NaiveDate) -> Vec<Evening> {
        let Some(closing) = self.calendar.closing(date) else {
            return Vec::new();
        };
        self.programmes_on(date)
            .into_iter()
            .filter(|one| one.zone.is_some() && one.ends.with_timezone(&JST).time() > closing)
            .map(|one| Evening {
                programme: one.id.clone(),
                doors_open: (one.starts - minutes(self.settings.early.evening_min))
                    .with_timezone(&JST)
                    .naive_local(),
                ends: one.ends.with_timezone(&JST).naive_local(),
            })
            .collect()
    }
}
