//! A whole kiosk with a staff listener, and a browser that trusts its CA.

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use domain::code::{Badge, PassText};
use domain::floor::{Features, Floor, Rect, Seat, Zone};
use domain::reference::{Category, Member, MemberState, Notice};
use domain::staff::{PinHash, Role, StaffMember};
use domain::text::Text;
use kiosk::certificate::OwnCa;
use kiosk::config::Config;
use kiosk::journal::StoredCollection;
use kiosk::service::RunningKiosk;
use link::collections::{Body, Collection, sha256_hex};
use reqwest::{Certificate, Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

pub const PIN: &str = "407185";

const CONFIG: &str = r#"
[kiosk]
id = "koto-1"
data_dir = "data"
mode = "rehearsal"
clock = "2026-11-24T11:42:00+09:00"
trust_clock = true

[listen]
local = "127.0.0.1:0"
signage = "127.0.0.1:0"
staff = "127.0.0.1:0"

[[station]]
id = "door"
token_file = "token"
"#;

pub struct Door {
    pub running: Option<RunningKiosk>,
    pub config: Config,
    folder: TempDir,
}

impl Door {
    pub async fn open() -> Self {
        Self::open_with("").await
    }

    /// With more lines in its configuration.
    pub async fn open_with(more: &str) -> Self {
        // The first test to come has done it for all.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("kiosk.toml");
        std::fs::write(&path, format!("{CONFIG}{more}")).unwrap();
        let config = Config::read(&path).unwrap();
        let mut door = Self {
            running: None,
            config,
            folder,
        };
        door.start().await;
        door.adopt().await;
        door
    }

    pub async fn start(&mut self) {
        self.running = Some(kiosk::service::start(self.config.clone()).await.unwrap());
    }

    pub async fn stop(&mut self) {
        self.running.take().unwrap().stop().await;
    }

    pub fn running(&self) -> &RunningKiosk {
        self.running.as_ref().unwrap()
    }

    pub fn file(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    pub fn data(&self) -> &Path {
        &self.config.kiosk.data_dir
    }

    /// A browser without cookies that trusts this kiosk's CA.
    pub fn browser(&self) -> Browser {
        let ca = OwnCa::load_or_create(&self.config).unwrap().certificate;
        Browser::trusting(&ca, self.running().staff.port())
    }

    /// What the journal has of a kind.
    pub async fn records(mut self, kind: &str) -> Vec<Value> {
        use kiosk::journal::{DeviceKey, Identity, Journal, Mode};
        self.stop().await;
        let dir = self.data();
        let key = DeviceKey::load_or_create(&dir.join("secret"), &dir.join("salt"), dir).unwrap();
        let identity = Identity {
            kiosk: self.config.kiosk.id.clone(),
            mode: Mode::Rehearsal { offset_ms: 0 },
        };
        let (_journal, opened) = Journal::open(dir, &key, &identity).unwrap();
        let records = opened.replay.into_iter().map(|chained| chained.record);
        records
            .filter(|record| record.kind == kind)
            .map(|record| serde_json::from_str(&record.body).unwrap())
            .collect()
    }

    async fn adopt(&self) {
        let desk = self.running().desk();
        for body in [
            Body::Floor(floor()),
            Body::Members(vec![member("M1"), member("M2")]),
            Body::Staff(vec![
                staff("S001", "uketsuke1", Role::Receptionist, true),
                staff("S002", "yameta", Role::Receptionist, false),
            ]),
            Body::Notices(vec![notice("books", false), notice("printer", true)]),
        ] {
            let name = body.name().to_string();
            let collection = Collection { version: 1, body };
            let body = collection.to_bytes().unwrap();
            let mut reference = (*desk.published().borrow().reference).clone();
            collection.put_into(&mut reference);
            let stored = StoredCollection {
                name,
                version: 1,
                sha256: sha256_hex(&body),
                etag: None,
                body,
            };
            desk.adopt(stored, Arc::new(reference)).await.unwrap();
        }
    }
}

fn floor() -> Floor {
    let seat = |id: &str, x| Seat {
        id: id.into(),
        zone: "room".into(),
        place: Rect {
            x,
            y: 0,
            w: 50,
            h: 50,
        },
        offers: Features::default(),
    };
    Floor {
        width: 200,
        height: 100,
        zones: vec![Zone {
            id: "room".into(),
            name: Text::ja("部屋"),
        }],
        seats: vec![seat("E1", 0), seat("E2", 60)],
        ..Floor::default()
    }
}

fn member(id: &str) -> Member {
    Member {
        id: id.into(),
        category: Category::Business,
        company: None,
        state: MemberState::Active,
        valid_until: "2027-03-31".parse().unwrap(),
        needs: Features::default(),
    }
}

fn notice(id: &str, prepared: bool) -> Notice {
    Notice {
        id: id.into(),
        text: Text::ja(id),
        from: None,
        to: None,
        prepared,
    }
}

/// The badge of a member of staff.
pub fn badge(id: &str) -> PassText {
    let mut bits = [0; 16];
    bits.iter_mut()
        .zip(id.bytes())
        .for_each(|(bit, byte)| *bit = byte);
    Badge::from_bits(bits)
}

fn staff(id: &str, user: &str, role: Role, active: bool) -> StaffMember {
    // As cheap as a hash may be: what it costs is not what is tried here.
    let cheap = Argon2::new(
        Algorithm::Argon2id,
        Version::V0x13,
        Params::new(8, 1, 1, None).unwrap(),
    );
    let hash = cheap.hash_password(PIN.as_bytes()).unwrap().to_string();
    StaffMember {
        id: id.into(),
        user: user.to_owned(),
        pin: PinHash::from(hash),
        badge: Some(badge(id).digest()),
        role,
        active,
    }
}

/// A browser as far as the service can tell: TLS, one cookie, the page's own header.
#[derive(Clone)]
pub struct Browser {
    pub http: Client,
    pub url: String,
    pub cookie: Option<String>,
    pub own_script: bool,
}

impl Browser {
    pub fn trusting(ca: &str, port: u16) -> Self {
        let ca = Certificate::from_pem(ca.as_bytes()).unwrap();
        let http = Client::builder()
            .no_proxy()
            .tls_certs_only([ca])
            .build()
            .unwrap();
        Self {
            http,
            url: format!("https://localhost:{port}"),
            cookie: None,
            own_script: true,
        }
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Response {
        let mut call = self.http.request(method, format!("{}{path}", self.url));
        if let Some(cookie) = &self.cookie {
            call = call.header("cookie", cookie);
        }
        if self.own_script {
            call = call.header("x-genkan", "1");
        }
        if let Some(body) = body {
            call = call.json(&body);
        }
        call.send().await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Response {
        self.send(Method::GET, path, None).await
    }

    /// Signs in, keeps the cookie; gives what was said and the cookie as it came.
    pub async fn sign_in(&mut self, body: Value) -> (Value, Option<String>) {
        let answer = self
            .send(Method::POST, "/v1/staff/session", Some(body))
            .await;
        assert_eq!(answer.status(), StatusCode::OK);
        let set = answer.headers().get("set-cookie");
        let set = set.map(|cookie| cookie.to_str().unwrap().to_owned());
        if let Some(set) = &set {
            self.cookie = set.split(';').next().map(str::to_owned);
        }
        (answer.json().await.unwrap(), set)
    }

    /// Signs in as the receptionist.
    pub async fn signed_in(mut self) -> Self {
        let (said, _) = self.sign_in(json!({"user": "uketsuke1", "pin": PIN})).await;
        assert_eq!(said["answer"], "signed_in", "{said}");
        self
    }

    pub async fn act(&self, action: Value) -> Value {
        let body = json!({"action": action, "why": "asked"});
        let answer = self
            .send(Method::POST, "/v1/staff/actions", Some(body))
            .await;
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json().await.unwrap()
    }
}
