//! The view model of the 50-inch display, shared by the page and the Slint program. No names, ever (R10).

use crate::emergency::EmergencyView;
use chrono::NaiveDate;
use domain::display::{Book, Turn};
use domain::floor::{Rect, Room};
use domain::ids::{NoticeId, ProgrammeId, SeatId, ZoneId};
use domain::reference::{Audience, DateTime};
use domain::text::Text;
use domain::verdict::NextOpening;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `GET /v1/signage`, and each item `signage` of its stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Signage {
    /// The service's version; a page that sees another one than its own loads itself again.
    pub version: String,
    /// The centre's name.
    pub centre: Text,
    /// The service's time, in JST. The display's own clock is never used.
    pub now: DateTime,
    /// Whether this is a rehearsal.
    pub rehearsal: bool,
    /// Today's hours.
    pub today: TodayHours,
    /// What the doors are.
    pub phase: crate::screen::Phase,
    /// When it opens next.
    pub next_opening: Option<NextOpening>,
    /// From 30 minutes before closing.
    pub closing: Option<Closing>,
    /// Today's programme.
    pub programme: Vec<ProgrammeView>,
    /// The next six days' programme.
    pub week: Vec<ProgrammeView>,
    /// Free seats by zone.
    pub zones: Vec<ZoneCount>,
    /// デジタル相談 without a reservation; none while nobody is there to advise.
    #[serde(default)]
    pub advice: Option<AdviceNow>,
    /// まもなく終了: seats whose promised end is near.
    pub ending_soon: Vec<SeatId>,
    /// お呼び出し: waiting visitors who are called to a seat now, the latest call first.
    pub calls: Vec<SeatCall>,
    /// How many wait for a seat and are not called.
    pub waiting: u32,
    /// Whether people without a reservation are taken now.
    pub walk_in: bool,
    /// Notices of today.
    pub notices: Vec<NoticeView>,
    /// The visitors' Wi-Fi.
    pub wifi: Option<crate::screen::WifiQr>,
    /// Online registration.
    pub membership: Option<crate::screen::LinkQr>,
    /// The programme that has the room of the display: its title stands instead of the scenes (R10).
    pub in_room: Option<ProgrammeView>,
    /// Which scene has its turn: from the full second of `now` on the first for its seconds, then each after the other, then again from the first.
    pub turns: Vec<Turn>,
    /// Which seats are free, as a picture.
    pub floor: FloorPicture,
    /// The bookshelf.
    pub books: Vec<Book>,
    /// Further addresses.
    pub links: Vec<NamedQr>,
    /// An emergency, which stands instead of everything.
    #[serde(default)]
    pub emergency: Option<EmergencyView>,
}

/// A day's hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TodayHours {
    /// The day.
    pub date: NaiveDate,
    /// Opening as `HH:MM`; none when closed.
    pub open: Option<String>,
    /// Closing as `HH:MM`; none when closed.
    pub close: Option<String>,
    /// Why it is closed or has other hours: `weekly_closed`, `holiday`, ….
    pub reason: Option<String>,
    /// The same in words.
    pub reason_text: Option<Text>,
}

/// Closing is near.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Closing {
    /// As `HH:MM`.
    pub at: String,
    /// Minutes until then.
    pub minutes: u32,
}

/// A programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProgrammeView {
    /// Its id.
    pub id: ProgrammeId,
    /// The day.
    pub date: NaiveDate,
    /// From, as `HH:MM`.
    pub starts: String,
    /// Until, as `HH:MM`.
    pub ends: String,
    /// Its title.
    pub title: Text,
    /// For whom.
    pub audience: Audience,
    /// Now, next, later, ended or cancelled.
    pub state: ProgrammeState,
    /// Places left, where the office has counted.
    pub places_left: Option<u32>,
    /// How many have come, while anybody takes part.
    #[serde(default)]
    pub fill: Option<Fill>,
}

/// How many have come for a programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fill {
    /// Those who take part.
    pub here: u32,
    /// Its places.
    pub capacity: u32,
}

/// What people without a reservation can expect of the consultation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdviceNow {
    /// 予約なしでご相談いただけます.
    Free,
    /// 相談員が対応中です.
    Busy,
}

/// Where a programme stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProgrammeState {
    /// 開催中.
    Now,
    /// The next one today.
    Next,
    /// Later.
    Later,
    /// Over.
    Ended,
    /// Called off.
    Cancelled,
}

/// Free seats of a zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ZoneCount {
    /// The zone.
    pub id: ZoneId,
    /// Its name.
    pub name: Text,
    /// Seats a walk-in could have now.
    pub free: u32,
    /// All its seats.
    pub total: u32,
    /// Those with mains power, where the zone has both kinds.
    pub power: Option<FreeOf>,
    /// Those with a PC, where the zone has both kinds.
    pub pc: Option<FreeOf>,
    /// Until when it is taken, as `HH:MM`.
    pub until: Option<String>,
    /// By what.
    pub taken_by: Option<TakenBy>,
}

/// So many of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FreeOf {
    /// Free.
    pub free: u32,
    /// In all.
    pub total: u32,
}

/// What takes a whole zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TakenBy {
    /// A programme, its set-up or clearing.
    Programme,
}

/// A visitor called to a seat, by number: 12番の方 B4席へ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SeatCall {
    /// The number.
    pub number: u32,
    /// The seat.
    pub seat: SeatId,
    /// Whether it is called for the second time.
    pub again: bool,
}

/// The floor as everybody may see it: free or not, and nothing of until when or why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FloorPicture {
    /// Width of the drawing.
    pub width: u32,
    /// Height of the drawing.
    pub height: u32,
    /// All seats.
    pub seats: Vec<SeatPicture>,
    /// Rooms that are drawn.
    pub rooms: Vec<Room>,
}

/// A seat of the picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SeatPicture {
    /// As its sign reads.
    pub id: SeatId,
    /// Where it is drawn.
    pub place: Rect,
    /// Whether a walk-in could have it now.
    pub free: bool,
}

/// An address with what it leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NamedQr {
    /// What it leads to.
    pub name: Text,
    /// To be read by a phone.
    pub qr: Qr,
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NoticeView {
    /// Its id.
    pub id: NoticeId,
    /// What it says.
    pub text: Text,
}

/// A QR code as modules, so that a page and a Slint program can both draw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Qr {
    /// Modules a side, without the quiet zone of four that the drawing adds.
    pub size: u32,
    /// A row a string; `1` is dark.
    pub rows: Vec<String>,
}
