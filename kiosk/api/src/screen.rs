//! What a station's screen sends and is shown.

use crate::emergency::EmergencyView;
use domain::event::GuestPurpose;
use domain::floor::{Features, Point, Rect, Room};
use domain::ids::{SeatId, StationId, ZoneId};
use domain::reference::DateTime;
use domain::text::Text;
use domain::verdict::{NextOpening, Verdict};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use crate::signage::{Qr, SeatCall, TodayHours};

/// Body of `POST /v1/scans`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScanRequest {
    /// What the scanner read.
    pub code: String,
    /// The station, where the token may speak for several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<StationId>,
}

/// Body of `POST /v1/numbers`: a reservation number typed by hand.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NumberRequest {
    /// Digits; blanks and hyphens are ignored.
    pub number: String,
    /// The station, where the token may speak for several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<StationId>,
}

/// Body of `POST /v1/offers/{offer}/choose`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChooseRequest {
    /// Index into the offer's choices, from 0.
    pub choice: usize,
}

/// Body of `POST /v1/visits/{visit}/companions`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanionsRequest {
    /// How many came along; what was told before no longer counts.
    pub companions: u32,
}

/// Body of `POST /v1/guests`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuestRequest {
    /// What the guest comes for: `tour`, `delivery` or `enquiry`.
    pub purpose: GuestPurpose,
    /// The station, where the token may speak for several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<StationId>,
}

/// Body of `POST /v1/staff-calls`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffCallRequest {
    /// Why: `visitor` or `guest`.
    pub reason: StaffCallReason,
    /// The station, where the token may speak for several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<StationId>,
}

/// Why a screen calls staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StaffCallReason {
    /// 係員を呼ぶ was pressed.
    Visitor,
    /// 見学・お届け・お問い合わせ.
    Guest,
}

/// One item of `GET /v1/stream`. The SSE event's name is the variant's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "item", rename_all = "snake_case")]
pub enum StreamItem {
    /// Everything, on connecting.
    Snapshot {
        /// The centre.
        centre: Centre,
        /// The floor.
        floor: FloorView,
    },
    /// The centre's state changed, or a minute passed.
    Centre(Centre),
    /// A seat changed.
    Floor(FloorView),
    /// A verdict of this station: at most ten seconds old, never replayed.
    Verdict {
        /// The verdict.
        verdict: Verdict,
    },
}

/// Where and when the visitor is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Centre {
    /// The service's version.
    pub version: String,
    /// Its name.
    pub name: Text,
    /// The service's time, in JST.
    pub now: DateTime,
    /// Whether this is a rehearsal: every screen says so.
    pub rehearsal: bool,
    /// Today's hours.
    pub today: TodayHours,
    /// What the doors are.
    pub phase: Phase,
    /// When it opens next.
    pub next_opening: Option<NextOpening>,
    /// Seats a walk-in could have now.
    pub free_seats: u32,
    /// Whether people without a reservation are taken now.
    pub walk_in: bool,
    /// Waiting visitors who are called to a seat now, the latest call first.
    pub calls: Vec<SeatCall>,
    /// The visitors' Wi-Fi.
    pub wifi: Option<WifiQr>,
    /// Online registration.
    pub registration: Option<LinkQr>,
    /// Online reservation.
    pub reservation: Option<LinkQr>,
    /// Whether the scanner at this station reads; none where it has none.
    pub scanner_ready: Option<bool>,
    /// Whether the door can record. While it cannot, no code and no touch is answered with a verdict, and the screen sends to the desk.
    pub writable: bool,
    /// An emergency, which stands instead of everything.
    #[serde(default)]
    pub emergency: Option<EmergencyView>,
}

/// What the doors are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Before today's opening.
    Before,
    /// Staff are preparing.
    Preparation,
    /// Open.
    Open,
    /// Closed for a while within the day.
    Break,
    /// Open for one programme's people.
    Evening,
    /// Closed.
    Closed,
}

/// The Wi-Fi as a QR.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WifiQr {
    /// Network name.
    pub ssid: String,
    /// To be read by a phone.
    pub qr: Qr,
}

/// An address as a QR.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinkQr {
    /// The address.
    pub url: String,
    /// To be read by a phone.
    pub qr: Qr,
}

/// The floor as drawn: `GET /v1/floor`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FloorView {
    /// Width of the drawing.
    pub width: u32,
    /// Height of the drawing.
    pub height: u32,
    /// Zones with their counts.
    pub zones: Vec<ZoneView>,
    /// Seats with their state.
    pub seats: Vec<SeatView>,
    /// Rooms that are drawn.
    pub rooms: Vec<Room>,
    /// 現在地 of the station that asks.
    pub here: Option<Point>,
    /// People inside: visitors who have not stepped out, who came along, and guests.
    pub people_inside: u32,
}

/// A zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ZoneView {
    /// Its id.
    pub id: ZoneId,
    /// Its name.
    pub name: Text,
    /// Seats a walk-in could have now.
    pub free: u32,
    /// All its seats.
    pub total: u32,
}

/// A seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SeatView {
    /// Its id.
    pub id: SeatId,
    /// Its zone.
    pub zone: ZoneId,
    /// Where it is drawn.
    pub place: Rect,
    /// What it offers.
    pub offers: Features,
    /// Its state.
    pub state: SeatState,
    /// Until when it is in that state, where that is known.
    pub until: Option<DateTime>,
}

/// The state of a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeatState {
    /// A walk-in could have it.
    Free,
    /// Someone is promised it.
    Occupied,
    /// The promised end is past and nobody left by scan.
    Overdue,
    /// Put before somebody who is deciding, or held for somebody who is called.
    Offered,
    /// Needed soon: free, but not for a walk-in.
    Reserved,
    /// Taken by a programme.
    Programme,
}
