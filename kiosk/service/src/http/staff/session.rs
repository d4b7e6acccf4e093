//! Who has signed in, by the cookie of their browser or at a station. In memory only: a restart signs everybody out.

use super::super::App;
use super::super::answer::Rejection;
use super::super::station::Caller;
use crate::desk::Published;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use domain::ids::{StaffId, StationId};
use domain::settings::Settings;
use domain::staff::StaffMember;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, watch};

/// Name of the cookie. Browsers take the prefix only over TLS, from this very host, for all its paths.
pub const COOKIE: &str = "__Host-genkan_staff";

/// Scripts of our own page send it; no other site can.
const OWN_SCRIPT: &str = "x-genkan";

/// How long a browser's session lasts without a touch: in an emergency as long as that, for nobody signs in anew while people are looked
/// for.
pub(super) fn idle(state: &Published) -> Duration {
    if state.today.shut_by().is_some() {
        return Duration::MAX;
    }
    idle_at_station(&state.reference.settings)
}

/// How long a session at a station's screen lasts without a touch: anybody may stand there.
pub(super) fn idle_at_station(settings: &Settings) -> Duration {
    Duration::from_secs(u64::from(settings.staff_idle_min) * 60)
}

/// How long after its badge was shown a PIN is taken, in milliseconds.
const PIN_WITHIN_MS: u64 = 120_000;

/// What a session is bound to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Holder {
    /// A browser, by the digest of what it holds.
    Browser([u8; 32]),
    /// A station's own screen.
    Station(StationId),
}

#[derive(Clone, Debug)]
struct Session {
    staff: StaffId,
    used_ms: u64,
}

/// A badge that was held to a station's scanner.
#[derive(Clone, Debug)]
struct Shown {
    staff: StaffId,
    at_ms: u64,
}

/// The open sessions. Times are the run's uptime in milliseconds.
#[derive(Debug)]
pub struct StaffSessions {
    open: Mutex<BTreeMap<Holder, Session>>,
    badges: Mutex<BTreeMap<StationId, Shown>>,
    /// Counts sessions that have ended, for streams to look whether theirs did.
    ended: watch::Sender<u64>,
    /// One PIN is checked at a time: it takes 19 MiB and tens of milliseconds.
    pub(super) checks: Semaphore,
}

impl Default for StaffSessions {
    fn default() -> Self {
        Self {
            open: Mutex::default(),
            badges: Mutex::default(),
            ended: watch::channel(0).0,
            checks: Semaphore::new(1),
        }
    }
}

impl StaffSessions {
    fn open_sessions(&self) -> MutexGuard<'_, BTreeMap<Holder, Session>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a session; gives the 256 random bits that the browser keeps.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn open(&self, staff: StaffId, now_ms: u64) -> Result<String, getrandom::Error> {
        let mut bits = [0; 32];
        getrandom::fill(&mut bits)?;
        let token = hex::encode(bits);
        self.begin(browser(&token), staff, now_ms);
        Ok(token)
    }

    /// Opens a session at a station's own screen.
    pub fn open_at(&self, station: StationId, staff: StaffId, now_ms: u64) {
        self.begin(Holder::Station(station), staff, now_ms);
    }

    fn begin(&self, holder: Holder, staff: StaffId, used_ms: u64) {
        let session = Session { staff, used_ms };
        self.open_sessions().insert(holder, session);
    }

    /// Whose session this is, if it has not been idle for too long.
    pub fn holder(&self, token: &str, now_ms: u64, idle: Duration) -> Option<StaffId> {
        let open = self.open_sessions();
        let session = open.get(&browser(token));
        let session = session.filter(|session| session.is_used(now_ms, idle))?;
        Some(session.staff.clone())
    }

    /// The same, and the session is used now.
    pub fn touch(&self, token: &str, now_ms: u64, idle: Duration) -> Option<StaffId> {
        self.use_now(&browser(token), now_ms, idle)
    }

    /// Whose session is open at a station's screen; it is used now.
    pub fn touch_at(&self, station: &StationId, now_ms: u64, idle: Duration) -> Option<StaffId> {
        self.use_now(&Holder::Station(station.clone()), now_ms, idle)
    }

    fn use_now(&self, holder: &Holder, now_ms: u64, idle: Duration) -> Option<StaffId> {
        let mut open = self.open_sessions();
        let session = open.get_mut(holder);
        let session = session.filter(|session| session.is_used(now_ms, idle))?;
        session.used_ms = now_ms;
        Some(session.staff.clone())
    }

    /// Ends a session; says whose it was.
    pub fn close(&self, token: &str) -> Option<StaffId> {
        self.end(&browser(token))
    }

    /// Ends the session at a station's screen; says whose it was.
    pub fn close_at(&self, station: &StationId) -> Option<StaffId> {
        self.end(&Holder::Station(station.clone()))
    }

    fn end(&self, holder: &Holder) -> Option<StaffId> {
        let session = self.open_sessions().remove(holder)?;
        self.ended.send_modify(|count| *count += 1);
        Some(session.staff)
    }

    /// Ends the sessions that have been idle for too long; says whose they were, and at which station.
    pub fn end_idle(
        &self,
        now_ms: u64,
        in_browser: Duration,
        at_station: Duration,
    ) -> Vec<(StaffId, Option<StationId>)> {
        let mut ended = Vec::new();
        self.open_sessions().retain(|holder, session| {
            let (station, idle) = match holder {
                Holder::Station(station) => (Some(station.clone()), at_station),
                Holder::Browser(_) => (None, in_browser),
            };
            let stays = session.is_used(now_ms, idle);
            if !stays {
                ended.push((session.staff.clone(), station));
            }
            stays
        });
        if !ended.is_empty() {
            self.ended.send_modify(|count| *count += 1);
        }
        ended
    }

    /// Remembers whose badge a station's scanner has just read; none if what it read was no badge.
    pub fn show_badge(&self, station: &StationId, staff: Option<StaffId>, at_ms: u64) {
        let mut badges = self.badges.lock().unwrap_or_else(PoisonError::into_inner);
        match staff {
            Some(staff) => drop(badges.insert(station.clone(), Shown { staff, at_ms })),
            None => drop(badges.remove(station)),
        }
    }

    /// Whose badge was shown at a station a moment ago, and nothing else since.
    pub fn shown_badge(&self, station: &StationId, now_ms: u64) -> Option<StaffId> {
        let badges = self.badges.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = badges.get(station);
        let shown = shown.filter(|one| now_ms.saturating_sub(one.at_ms) < PIN_WITHIN_MS)?;
        Some(shown.staff.clone())
    }

    /// Says when sessions end.
    pub(super) fn endings(&self) -> watch::Receiver<u64> {
        self.ended.subscribe()
    }
}

impl Session {
    fn is_used(&self, now_ms: u64, idle: Duration) -> bool {
        u128::from(now_ms.saturating_sub(self.used_ms)) < idle.as_millis()
    }
}

fn browser(token: &str) -> Holder {
    Holder::Browser(Sha256::digest(token.as_bytes()).into())
}

/// What the browser keeps, as it sent it.
pub(super) fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

/// A call that changes something, made by our own page.
pub(super) struct OwnPage;

impl<S: Send + Sync> FromRequestParts<S> for OwnPage {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Rejection> {
        if parts.headers.contains_key(OWN_SCRIPT) {
            return Ok(Self);
        }
        let detail = "calls of a browser carry the header X-Genkan; use the staff page";
        Err(Rejection::new(
            StatusCode::FORBIDDEN,
            "foreign-page",
            "Not from our own page",
            detail,
        ))
    }
}

/// A member of staff who has signed in at a station's screen.
pub(super) struct SignedAt {
    pub(super) staff: StaffMember,
    pub(super) station: StationId,
}

impl FromRequestParts<App> for SignedAt {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Rejection> {
        let Caller(station) = Caller::from_request_parts(parts, app).await?;
        let state = app.desk.published().borrow().clone();
        let idle = idle_at_station(&state.reference.settings);
        let now_ms = app.desk.clock().uptime_ms();
        let holder = app.staff.touch_at(&station, now_ms, idle);
        let known = holder.and_then(|id| state.reference.staff.get(&id).cloned());
        let staff = known.filter(|staff| staff.active).ok_or_else(signed_out)?;
        Ok(Self { staff, station })
    }
}

fn signed_out() -> Rejection {
    let detail = "sign in first; nobody has signed in here, or the session was idle for too long";
    Rejection::new(
        StatusCode::UNAUTHORIZED,
        "signed-out",
        "Who is calling?",
        detail,
    )
}

/// A member of staff who has signed in.
pub(super) struct Signed {
    pub(super) staff: StaffMember,
    pub(super) token: String,
}

impl Signed {
    /// Whoever holds this cookie, whether or not the session counts as used by that.
    pub(super) fn by_cookie(headers: &HeaderMap, app: &App, uses: bool) -> Result<Self, Rejection> {
        let state = app.desk.published().borrow().clone();
        let idle = idle(&state);
        let now_ms = app.desk.clock().uptime_ms();
        let holder = |token: &str| {
            if uses {
                app.staff.touch(token, now_ms, idle)
            } else {
                app.staff.holder(token, now_ms, idle)
            }
        };
        let found = cookie(headers).and_then(|token| Some((token.to_owned(), holder(token)?)));
        let signed = found.and_then(|(token, staff)| {
            let staff = state.reference.staff.get(&staff)?;
            staff.active.then(|| Self {
                staff: staff.clone(),
                token,
            })
        });
        signed.ok_or_else(signed_out)
    }
}

impl FromRequestParts<App> for Signed {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Rejection> {
        if parts.method != Method::GET {
            OwnPage::from_request_parts(parts, app).await?;
        }
        Self::by_cookie(&parts.headers, app, true)
    }
}
