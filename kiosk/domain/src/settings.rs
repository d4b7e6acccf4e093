//! What the ward may change without code (rules section 12). Shipped defaults are agreed with the ward.

use crate::text::Text;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The collection `settings`. Every field has the shipped default, so the office sends what differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The centre's name; provisional in the specification, therefore a setting.
    pub centre_name: Text,
    /// How long a coworking seat is given (R7).
    pub coworking: CoworkingLimits,
    /// How long people are advised (R18).
    pub consultation: ConsultationLimits,
    /// What is lent, and for how long (R8, R11, R13).
    pub lending: LendingLimits,
    /// A stay shorter than this many minutes is not offered.
    pub minimum_stay_min: u32,
    /// Walk-ins end this many minutes before closing.
    pub last_walk_in_min: u32,
    /// How long before the appointed time people are let in.
    pub early: EarlyArrival,
    /// A seat reservation nobody came for lapses this many minutes after its start.
    pub no_show_seat_min: u32,
    /// Places in a programme that nobody came for go to its standby list this many minutes after its start.
    pub standby_fill_min: u32,
    /// Whoever comes for a programme later than this many minutes after its start is let in by staff only.
    pub last_entry_min: u32,
    /// Who does not come again and again reserves nothing in advance for a while.
    pub no_show_penalty: NoShowPenalty,
    /// Minutes between two people on one seat: the desk is wiped.
    pub gap_min: u32,
    /// Minutes before a programme during which its zone is set up, where the programme does not say.
    pub set_up_min: u32,
    /// Minutes after a programme during which its zone is cleared, where the programme does not say.
    pub clearing_min: u32,
    /// Seconds an offer is held while the visitor decides; each 「もう少し」 gives as much again.
    pub offer_hold_s: u32,
    /// Minutes a seat is held for the waiting visitor who is called to it.
    pub call_lock_min: u32,
    /// Minutes after the promised end before a stay counts as overdue.
    pub grace_min: u32,
    /// Minutes a visitor may step out 一時外出.
    pub step_out_min: u32,
    /// Companions 同伴者 a visitor may bring; with 0 nobody is asked.
    pub companions_max: u32,
    /// Minutes after which somebody with a delivery counts as gone.
    pub delivery_min: u32,
    /// Minutes before a promised end at which the signage first names the seat.
    pub warning_min: u32,
    /// Seconds within which the same code at the same station gets the same answer again.
    pub repeat_scan_s: u32,
    /// Wrong reservation numbers typed at a station before staff are called.
    pub typed_errors: u32,
    /// Minutes for which typing is then closed at that station.
    pub typed_lock_min: u32,
    /// Unknown codes in a row at a station before staff are told.
    pub unknown_codes: u32,
    /// Wrong PINs of one member of staff before signing in is closed to them.
    pub staff_pin_errors: u32,
    /// Minutes for which it is then closed.
    pub staff_lock_min: u32,
    /// Minutes without a touch after which staff are signed out.
    pub staff_idle_min: u32,
    /// Receptionists and leads who must be on duty in opening hours (R4); with 0 nobody is told.
    pub receptionists_min: u32,
    /// The visitors' Wi-Fi (R9).
    pub wifi: Option<Wifi>,
    /// Where members register (R5).
    pub registration_url: Option<String>,
    /// Where reservations are made (R6).
    pub reservation_url: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            centre_name: Text::both("江東区DX推進支援センター", "Koto DX Support Centre"),
            coworking: CoworkingLimits::default(),
            consultation: ConsultationLimits::default(),
            lending: LendingLimits::default(),
            minimum_stay_min: 30,
            last_walk_in_min: 30,
            early: EarlyArrival::default(),
            no_show_seat_min: 15,
            no_show_penalty: NoShowPenalty::default(),
            standby_fill_min: 10,
            last_entry_min: 30,
            gap_min: 5,
            set_up_min: 30,
            clearing_min: 15,
            offer_hold_s: 60,
            call_lock_min: 5,
            grace_min: 5,
            step_out_min: 30,
            companions_max: 2,
            delivery_min: 15,
            warning_min: 10,
            repeat_scan_s: 5,
            typed_errors: 5,
            typed_lock_min: 5,
            unknown_codes: 5,
            staff_pin_errors: 5,
            staff_lock_min: 5,
            staff_idle_min: 5,
            receptionists_min: 2,
            wifi: None,
            registration_url: None,
            reservation_url: None,
        }
    }
}

/// Limits on coworking in minutes (R7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CoworkingLimits {
    /// Given at first.
    pub grant_min: u32,
    /// Given by each extension.
    pub extension_min: u32,
    /// A member's total in one day: the agreed 利用上限.
    pub day_min: u32,
}

impl Default for CoworkingLimits {
    fn default() -> Self {
        Self {
            grant_min: 120,
            extension_min: 60,
            day_min: 360,
        }
    }
}

/// Limits on consultations in minutes (R18).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ConsultationLimits {
    /// Meant to last so long outside every slot.
    pub usual_min: u32,
    /// People without a reservation are seen when so much of a slot remains.
    pub walk_in_min: u32,
    /// What is left of a reserved time is open to others so long after its start.
    pub open_after_min: u32,
}

impl Default for ConsultationLimits {
    fn default() -> Self {
        Self {
            usual_min: 45,
            walk_in_min: 20,
            open_after_min: 15,
        }
    }
}

/// What follows from not coming again and again (rules section 12); the office applies it where reservations are made. Nobody is turned
/// away at the door for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NoShowPenalty {
    /// So many no-shows; with 0 nothing follows.
    pub count: u32,
    /// Within so many days.
    pub within_days: u32,
    /// For so many days, from the last of them, only a reservation for the same day can be made.
    pub days: u32,
}

impl Default for NoShowPenalty {
    fn default() -> Self {
        Self {
            count: 3,
            within_days: 90,
            days: 30,
        }
    }
}

/// Limits on lending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LendingLimits {
    /// Minutes by which a charge must outlast the stay.
    pub reserve_min: u32,
    /// Nothing is lent with so many per cent or less.
    pub lowest_percent: u8,
    /// Minutes for which a PC that came back is wiped and checked.
    pub turn_round_min: u32,
    /// Minutes before closing at which everything is to be back.
    pub back_before_closing_min: u32,
}

impl Default for LendingLimits {
    fn default() -> Self {
        Self {
            reserve_min: 30,
            lowest_percent: 20,
            turn_round_min: 10,
            back_before_closing_min: 15,
        }
    }
}

/// How early people may come, in minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EarlyArrival {
    /// For a reserved seat.
    pub seat_min: u32,
    /// For a programme by day.
    pub programme_min: u32,
    /// For a programme in the evening.
    pub evening_min: u32,
}

impl Default for EarlyArrival {
    fn default() -> Self {
        Self {
            seat_min: 15,
            programme_min: 20,
            evening_min: 30,
        }
    }
}

/// The visitors' Wi-Fi, shown as a QR.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wifi {
    /// Network name.
    pub ssid: String,
    /// WPA passphrase; none for an open network.
    #[serde(default)]
    pub password: Option<String>,
}

impl std::fmt::Debug for Wifi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wifi")
            .field("ssid", &self.ssid)
            .finish_non_exhaustive()
    }
}

impl Wifi {
    /// The text of the QR that phones understand (`WIFI:T:WPA;S:…;P:…;;`).
    pub fn qr_text(&self) -> String {
        let escape = |text: &str| {
            text.chars().fold(String::new(), |mut out, c| {
                if matches!(c, '\\' | ';' | ',' | ':' | '"') {
                    out.push('\\');
                }
                out.push(c);
                out
            })
        };
        match &self.password {
            Some(password) => format!(
                "WIFI:T:WPA;S:{};P:{};;",
                escape(&self.ssid),
                escape(password)
            ),
            None => format!("WIFI:T:nopass;S:{};;", escape(&self.ssid)),
        }
    }
}

/// A setting in minutes as a span of time.
pub(crate) fn minutes(count: u32) -> TimeDelta {
    TimeDelta::minutes(i64::from(count))
}
