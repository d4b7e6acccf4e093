//! Liveness with reasons, and Prometheus text.

use super::App;
use crate::devices::DeviceState;
use crate::views;
use api::Verdict;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use domain::ids::StationId;
use domain::incident::{Incident, IncidentKind};
use domain::reference::{DateTime, JST};
use domain::{HeadCount, hhmm};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use serde::Serialize;
use std::time::Duration;
use utoipa::ToSchema;

/// A desk that has not come round for this long hangs.
const DESK_SILENCE: Duration = Duration::from_secs(5);

/// Devices and the office, as last heard.
#[derive(Clone, Debug, Default)]
pub struct Status {
    /// Scanners: name, station, state.
    pub scanners: Vec<(String, StationId, DeviceState)>,
    /// Light, buzzer, button: name and state.
    pub signals: Vec<(String, DeviceState)>,
    /// The office, where one is configured.
    pub office: Option<OfficeStatus>,
    /// What staff should know of the journal, from its start.
    pub journal: Vec<String>,
}

/// How the office is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct OfficeStatus {
    /// Whether the broker is reached.
    pub connected: bool,
    /// Whether the office says at the broker that it is there; unknown before it said anything.
    pub online: Option<bool>,
    /// Records the office has not acknowledged yet.
    pub pending: u64,
    /// When the oldest of them was made, by its wall time.
    pub pending_since: Option<String>,
    /// What is wrong, in words for staff.
    pub faults: Vec<String>,
}

impl Status {
    /// Whether a scanner of this station reads; none where it has none.
    pub fn scanner_ready(&self, station: &StationId) -> Option<bool> {
        let mut states = self
            .scanners
            .iter()
            .filter(|(_, of, _)| of == station)
            .map(|(_, _, state)| state.is_ready())
            .peekable();
        states.peek()?;
        Some(states.any(|ready| ready))
    }
}

/// `GET /healthz`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok`, `degraded` (the door works) or `failing` (it does not).
    status: &'static str,
    /// The program's version.
    version: &'static str,
    /// What is wrong, in words for staff.
    reasons: Vec<String>,
    /// What people have to see to while the appliance itself is well: staffing, an emergency.
    notices: Vec<String>,
    /// The office.
    office: Option<OfficeStatus>,
}

/// What people have to see to.
fn notices(app: &App) -> Vec<String> {
    let clock = |since: DateTime| hhmm::format(&since.with_timezone(&JST).time());
    let unstaffed = app.view(views::unstaffed_since).map(clock).map(|since| {
        format!("no adviser has been present since {since}; call one in, or set the state of who is there")
    });
    let short = app.view(views::short_since).map(clock).map(|since| {
        format!("too few have been on duty at reception since {since}; call somebody in, or have who is there say so on the staff page")
    });
    let incident = app.view(|scene| scene.state.today.incident.as_ref().map(in_words));
    [unstaffed, short, incident].into_iter().flatten().collect()
}

/// Whether the door works, and what is wrong.
#[utoipa::path(get, path = "/healthz", tag = "operation",
    responses((status = 200, description = "The door works", body = Health), (status = 503, description = "It does not", body = Health)))]
pub(super) async fn healthz(State(app): State<App>) -> (StatusCode, Json<Health>) {
    let state = app.desk.published().borrow().clone();
    let status = app.status.borrow().clone();
    let mut failing = Vec::new();
    if app.desk.silent_for() > DESK_SILENCE {
        failing.push("the desk does not come round; the disk may hang".to_owned());
    }
    if !state.writable {
        failing.push("the journal cannot be written; check the disk's room and health".to_owned());
    }
    let mut reasons = status.journal.clone();
    if !state.trusted {
        reasons.push("the time is not vouched for; opening hours are not enforced".to_owned());
    }
    let devices = status
        .scanners
        .iter()
        .map(|(name, _, state)| (name, state))
        .chain(status.signals.iter().map(|(name, state)| (name, state)));
    reasons.extend(devices.filter_map(|(name, state)| match state {
        DeviceState::Missing { reason, .. } => Some(format!("{name}: {reason}")),
        _ => None,
    }));
    if let Some(office) = &status.office {
        reasons.extend(
            (!office.connected).then(|| "the office is not reached; the door works on".to_owned()),
        );
        let is_away = office.connected && office.online == Some(false);
        reasons.extend(is_away.then(|| {
            "the broker is reached, but the office is not there; the door works on".to_owned()
        }));
        reasons.extend(office.faults.iter().cloned());
    }
    let (code, word) = match (failing.is_empty(), reasons.is_empty()) {
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "failing"),
        (true, false) => (StatusCode::OK, "degraded"),
        (true, true) => (StatusCode::OK, "ok"),
    };
    failing.extend(reasons);
    (
        code,
        Json(Health {
            status: word,
            version: crate::VERSION,
            reasons: failing,
            notices: notices(&app),
            office: status.office,
        }),
    )
}

/// That an emergency is open, in words for staff.
fn in_words(incident: &Incident) -> String {
    let since = hhmm::format(&incident.opened_at.with_timezone(&JST).time());
    let what = if incident.drill {
        "a drill"
    } else {
        "an emergency"
    };
    let kind = kind(incident.what);
    format!("{what} ({kind}) is open since {since}; close it at the staff page when it is over")
}

fn kind(what: IncidentKind) -> &'static str {
    match what {
        IncidentKind::Fire => "fire",
        IncidentKind::Earthquake => "earthquake",
        IncidentKind::Flood => "flood",
        IncidentKind::Intruder => "intruder",
        IncidentKind::Medical => "medical",
        IncidentKind::PowerCut => "power_cut",
    }
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct IncidentLabel {
    kind: &'static str,
    drill: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct VerdictLabel {
    verdict: &'static str,
}

/// What is counted. Nothing in it names anybody.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    verdicts: Family<VerdictLabel, Counter>,
    answer_time: Histogram,
    inside: Gauge,
    people_inside: Gauge,
    emergency: Family<IncidentLabel, Gauge>,
    pending: Gauge,
    office_connected: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("genkan");
        let verdicts = Family::default();
        let answer_time = Histogram::new(exponential_buckets(0.000_1, 2.0, 16));
        let (inside, people_inside) = (Gauge::default(), Gauge::default());
        let emergency = Family::default();
        let (pending, office_connected) = (Gauge::default(), Gauge::default());
        registry.register("verdicts", "Verdicts given", verdicts.clone());
        registry.register_with_unit(
            "answer_time",
            "From request to durable answer",
            Unit::Seconds,
            answer_time.clone(),
        );
        registry.register("inside", "Visitors inside", inside.clone());
        registry.register(
            "people_inside",
            "People inside: visitors who have not stepped out, who came along, and guests",
            people_inside.clone(),
        );
        registry.register(
            "emergency",
            "Whether an emergency of this kind, or a drill of it, is open",
            emergency.clone(),
        );
        registry.register(
            "outbox_pending",
            "Records the office has not acknowledged",
            pending.clone(),
        );
        registry.register(
            "office_connected",
            "Whether the broker is reached",
            office_connected.clone(),
        );
        Self {
            registry,
            verdicts,
            answer_time,
            inside,
            people_inside,
            emergency,
            pending,
            office_connected,
        }
    }
}

impl Metrics {
    fn show_emergency(&self, open: Option<&Incident>) {
        for what in IncidentKind::ALL {
            for (drill, word) in [(false, "no"), (true, "yes")] {
                let is_open = open.is_some_and(|one| (one.what, one.drill) == (what, drill));
                let label = IncidentLabel {
                    kind: kind(what),
                    drill: word,
                };
                self.emergency.get_or_create(&label).set(i64::from(is_open));
            }
        }
    }

    pub(super) fn decided(&self, verdict: Option<&Verdict>, took: Duration) {
        self.answer_time.observe(took.as_secs_f64());
        if let Some(verdict) = verdict {
            self.verdicts
                .get_or_create(&VerdictLabel {
                    verdict: name(verdict),
                })
                .inc();
        }
    }
}

fn name(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Admitted(_) => "admitted",
        Verdict::Inside(_) => "inside",
        Verdict::Offer(_) => "offer",
        Verdict::TooEarly(_) => "too_early",
        Verdict::Standby(_) => "standby",
        Verdict::NoPlace(_) => "no_place",
        Verdict::Full(_) => "full",
        Verdict::Joined(_) => "joined",
        Verdict::Waiting(_) => "waiting",
        Verdict::GivenUp(_) => "given_up",
        Verdict::Closed(_) => "closed",
        Verdict::Expired(_) => "expired",
        Verdict::NotRecognised(_) => "not_recognised",
        Verdict::Unreadable(_) => "unreadable",
        Verdict::TooManyErrors(_) => "too_many_errors",
        Verdict::Left(_) => "left",
        Verdict::Extended(_) => "extended",
        Verdict::NotExtended(_) => "not_extended",
        Verdict::SeatChanged(_) => "seat_changed",
        Verdict::NoOtherSeat(_) => "no_other_seat",
        Verdict::SteppedOut(_) => "stepped_out",
        Verdict::WelcomeBack(_) => "welcome_back",
        Verdict::Accompanied(_) => "accompanied",
        Verdict::GuestReceived(_) => "guest_received",
        Verdict::Lent(_) => "lent",
        Verdict::NoLoan(_) => "no_loan",
        Verdict::Returned(_) => "returned",
        Verdict::NotLent(_) => "not_lent",
        Verdict::Lapsed(_) => "lapsed",
        Verdict::StaffCalled(_) => "staff_called",
        Verdict::Emergency(_) => "emergency",
        Verdict::Staff(_) => "staff",
    }
}

/// Prometheus text.
#[utoipa::path(get, path = "/metrics", tag = "operation",
    responses((status = 200, description = "OpenMetrics text", body = String, content_type = "application/openmetrics-text")))]
pub(super) async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let metrics = &app.metrics;
    let state = app.desk.published().borrow().clone();
    let gauge = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    metrics.inside.set(gauge(state.today.inside().count()));
    let people = HeadCount::of(&state.today).inside();
    metrics.people_inside.set(gauge(people));
    metrics.show_emergency(state.today.incident.as_ref());
    if let Some(office) = &app.status.borrow().office {
        metrics
            .pending
            .set(i64::try_from(office.pending).unwrap_or(i64::MAX));
        metrics.office_connected.set(i64::from(office.connected));
    }
    let mut text = String::new();
    let status = if encode(&mut text, &metrics.registry).is_ok() {
        StatusCode::OK
    } else {
        StatusCode::INTERNAL_SERVER_ERROR
    };
    (
        status,
        [(
            header::CONTENT_TYPE,
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
        )],
        text,
    )
}
