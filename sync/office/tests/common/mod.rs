//! An office of one's own for every test, and a kiosk's journal to send to it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    dead_code
)]

use domain::event::{Entry, Event, Stamp};
use domain::ids::{KioskId, RunId};
use domain::record::{ChainHash, Chained, Position};
use domain::reference::DateTime;
use link::message::{Batch, WireRecord};
use office::clock::Clock;
use office::config::{Broker, Kiosk};
use office::secret::{Token, hash_password};
use office::store::Store;
use office::{Office, OfficeConfig, RunningOffice};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub const TOKEN: &str = "office-token-for-tests";
pub const KIOSK_TOKEN: &str = "kiosk-token-for-tests";
pub const KIOSK: &str = "koto-1";

pub fn time(text: &str) -> DateTime {
    DateTime::parse_from_rfc3339(&format!("{text}+09:00")).unwrap()
}

pub fn clock() -> Clock {
    Clock::starting_at(time("2026-11-24T11:42:00"))
}

pub fn store(folder: &TempDir) -> Store {
    Store::open(folder.path(), clock()).unwrap()
}

pub struct TestOffice {
    pub running: RunningOffice,
    pub http: reqwest::Client,
    folder: TempDir,
}

impl TestOffice {
    pub async fn start() -> Self {
        // Another test may have installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let kiosk = |id: &str, rehearsal| Kiosk {
            id: id.into(),
            token: Token::new(KIOSK_TOKEN).unwrap(),
            rehearsal,
        };
        let config = OfficeConfig {
            listen: any_port,
            data_dir: folder.path().join("office"),
            token: Token::new(TOKEN).unwrap(),
            clock: clock(),
            broker: Broker::Embedded { listen: any_port },
            kiosks: vec![kiosk(KIOSK, false), kiosk("koto-2", true)],
        };
        let running = Office::start(config).await.unwrap();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            running,
            http,
            folder,
        }
    }

    pub fn data_dir(&self) -> std::path::PathBuf {
        self.folder.path().join("office")
    }

    pub fn store(&self) -> &Store {
        self.running.store()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.http_addr)
    }

    pub fn get(&self, path: &str) -> reqwest::RequestBuilder {
        self.http.get(self.url(path)).bearer_auth(TOKEN)
    }

    pub fn post(&self, path: &str, body: serde_json::Value) -> reqwest::RequestBuilder {
        self.http
            .post(self.url(path))
            .bearer_auth(TOKEN)
            .json(&body)
    }

    pub fn as_kiosk(&self, path: &str) -> reqwest::RequestBuilder {
        self.http.get(self.url(path)).bearer_auth(KIOSK_TOKEN)
    }

    pub async fn add_user(&self, name: &str, password: &str) {
        let (name, hash) = (name.to_owned(), hash_password(password).unwrap());
        self.store()
            .write(move |writing| writing.save_user(&name, &hash))
            .await
            .unwrap();
    }
}

pub async fn json_of(request: reqwest::RequestBuilder) -> (reqwest::StatusCode, serde_json::Value) {
    let answer = request.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

pub fn with_sample(office: &TestOffice) {
    office::sample::load(office.store(), time("2026-11-24T00:00:00").date_naive()).unwrap();
}

/// A collection as a kiosk gets it: its ETag and its bytes.
pub async fn fetch(office: &TestOffice, path: &str) -> (String, Vec<u8>) {
    let answer = office.as_kiosk(path).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    (
        answer.headers()[reqwest::header::ETAG]
            .to_str()
            .unwrap()
            .to_owned(),
        answer.bytes().await.unwrap().to_vec(),
    )
}

/// A kiosk's journal: chained records, as its service would write them.
pub struct Journal {
    pub kiosk: KioskId,
    run: RunId,
    seq: u64,
    last: ChainHash,
    clock: DateTime,
}

impl Journal {
    pub fn new(kiosk: &str, run: &str) -> Self {
        let (kiosk, run) = (KioskId::from(kiosk), RunId::from(run));
        Self {
            kiosk,
            run,
            seq: 0,
            last: ChainHash::GENESIS,
            clock: time("2026-11-24T09:30:00"),
        }
    }

    pub fn position(&self) -> Position {
        Position {
            run: self.run.clone(),
            seq: self.seq,
            hash: self.last,
        }
    }

    pub fn start_run(&mut self, run: &str) -> WireRecord {
        let previous = (self.seq > 0).then(|| self.position());
        (self.run, self.seq) = (RunId::from(run), 0);
        let kiosk = self.kiosk.clone();
        self.write(Event::RunStarted {
            kiosk,
            build: "test".to_owned(),
            previous,
        })
    }

    pub fn write(&mut self, event: Event) -> WireRecord {
        self.clock += chrono::TimeDelta::seconds(30);
        let (at, uptime_ms) = (self.clock, (self.seq + 1) * 30_000);
        self.write_at(at, uptime_ms, true, event)
    }

    pub fn write_at(
        &mut self,
        at: DateTime,
        uptime_ms: u64,
        trusted: bool,
        event: Event,
    ) -> WireRecord {
        self.seq += 1;
        let stamp = Stamp {
            run: self.run.clone(),
            seq: self.seq,
            at,
            uptime_ms,
            trusted,
            cause: None,
        };
        let record = Entry { stamp, event }.to_record().unwrap();
        let hash = record.hash_after(&self.last);
        self.last = hash;
        WireRecord {
            kiosk: self.kiosk.clone(),
            chained: Chained { record, hash },
        }
    }

    pub fn batch(&self, events: Vec<WireRecord>) -> Batch {
        Batch {
            kiosk: self.kiosk.clone(),
            run: self.run.clone(),
            head_seq: self.seq,
            rehearsal: false,
            oldest: None,
            events,
        }
    }
}

/// Events as they stand in a journal, by their JSON.
pub fn event(json: serde_json::Value) -> Event {
    serde_json::from_value(json).unwrap()
}

pub fn started(visit: &str, member: &str, at: &str) -> Event {
    event(serde_json::json!({
        "kind": "visit.started", "visit": visit, "member": member, "category": "business", "company": "C0001", "station": "door",
        "activity": {"kind": "coworking"}, "reservation": null, "bridge_to": null, "offer": null, "courtesy": false,
        "started_at": at, "until": at,
    }))
}

pub fn seated(visit: &str, seat: &str, until: &str) -> Event {
    event(serde_json::json!({
        "kind": "seat.assigned", "visit": visit, "seat": seat, "zone": "pc", "until": until, "limited_by": "grant",
        "counts_from": until, "reservation": null,
    }))
}

pub fn ended(visit: &str, at: &str) -> Event {
    event(
        serde_json::json!({"kind": "visit.ended", "visit": visit, "ended_by": "visitor", "ended_at": at, "inferred": false}),
    )
}

pub fn attends(visit: &str, programme: &str, at: &str, late: bool) -> Event {
    event(serde_json::json!({
        "kind": "attendance.started", "visit": visit, "programme": programme, "reservation": "r1",
        "starts": "2026-11-24T14:00:00+09:00", "ends": "2026-11-24T16:00:00+09:00", "started_at": at, "late": late, "standby": false,
        "inferred": false,
    }))
}

pub fn attended(visit: &str, programme: &str, at: &str, early: bool) -> Event {
    event(serde_json::json!({
        "kind": "attendance.ended", "visit": visit, "programme": programme, "ended_at": at, "early": early, "inferred": !early,
    }))
}

pub fn day_opened(date: &str) -> Event {
    event(
        serde_json::json!({"kind": "day.opened", "date": date, "carried": {"visits": [], "courtesies": []}}),
    )
}

pub fn of_reservation(kind: &str, reservation: &str) -> Event {
    event(serde_json::json!({"kind": format!("reservation.{kind}"), "reservation": reservation}))
}

/// The database beside the office that has it open.
pub fn database(folder: &std::path::Path) -> rusqlite::Connection {
    let key = std::fs::read_to_string(folder.join("office.key")).unwrap();
    let connection = rusqlite::Connection::open(folder.join("office.db")).unwrap();
    connection
        .execute_batch(&format!("PRAGMA key = \"x'{key}'\";"))
        .unwrap();
    connection
}

/// Asks again until the answer is there, ten seconds at most.
pub async fn wait_for<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        if let Some(found) = ask().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("{what} did not come within 10 s");
}
