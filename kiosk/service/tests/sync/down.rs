//! Collections from an office that may fail, hang or lie; the start of a new card; addresses that are refused.

use crate::brokers::{Broker, Kind, free_port};
use crate::office::{Manner, Office, Voice};
use crate::setting::{Journal, Kiosk, config};
use domain::Reference;
use domain::calendar::Calendar;
use domain::reference::{Category, Member, MemberState};
use domain::settings::Settings;
use kiosk::sync::replace::{self, InheritError, Inherited};
use kiosk::sync::{CollectionStatus, SyncConfigError, SyncKey, restore};
use link::collections::{Body, Collection, CollectionName, Delta};
use link::message::{TodayRecords, WireRecord, encode};
use std::time::Duration;

fn members(count: u32, version: u64) -> Collection {
    let member = |number: u32| Member {
        id: format!("M{number:05}").as_str().into(),
        category: Category::Business,
        company: None,
        state: MemberState::Active,
        valid_until: "2027-03-31".parse().unwrap(),
        needs: Default::default(),
    };
    Collection {
        version,
        body: Body::Members((0..count).map(member).collect()),
    }
}

fn settings(version: u64, grant_min: u32) -> Collection {
    let mut settings = Settings::default();
    settings.coworking.grant_min = grant_min;
    Collection {
        version,
        body: Body::Settings(settings),
    }
}

struct Scene {
    _broker: Broker,
    office: Office,
    voice: Voice,
    kiosk: Kiosk,
}

async fn scene() -> Scene {
    let broker = Broker::start(Kind::Embedded).await;
    let office = Office::start().await;
    let voice = Voice::at(broker.port).await;
    let kiosk = Kiosk::start(&office, broker.port, Journal::default());
    Scene {
        office,
        voice,
        kiosk,
        _broker: broker,
    }
}

impl Scene {
    async fn until(
        &mut self,
        what: &str,
        name: CollectionName,
        is_it: impl Fn(&CollectionStatus) -> bool,
    ) -> CollectionStatus {
        let status = self
            .kiosk
            .until(what, |status| {
                status.collections.get(&name).is_some_and(&is_it)
            })
            .await;
        status.collections[&name].clone()
    }

    async fn in_force(&mut self, name: CollectionName, version: u64) {
        self.until("in force", name, |one| {
            one.version == Some(version) && one.error.is_none()
        })
        .await;
    }

    fn reference(&self) -> Reference {
        let adopted = self.kiosk.desk.adopted.lock().unwrap();
        adopted
            .last()
            .map(|(_, reference)| Reference::clone(reference))
            .unwrap_or_default()
    }
}

#[tokio::test]
async fn what_the_manifest_offers_is_adopted_and_survives_a_restart() {
    let mut scene = scene().await;
    let calendar = Collection {
        version: 2,
        body: Body::Calendar(Calendar::default()),
    };
    scene.voice.offers([
        scene.office.has(&calendar),
        scene.office.has(&settings(7, 90)),
        scene.office.has(&members(3, 4)),
    ]);
    scene.in_force(CollectionName::Calendar, 2).await;
    scene.in_force(CollectionName::Settings, 7).await;
    scene.in_force(CollectionName::Members, 4).await;
    let reference = scene.reference();
    assert_eq!(
        (
            reference.settings.coworking.grant_min,
            reference.members.len()
        ),
        (90, 3)
    );

    let stored: Vec<_> = scene
        .kiosk
        .desk
        .adopted
        .lock()
        .unwrap()
        .iter()
        .map(|(stored, _)| stored.clone())
        .collect();
    let (restored, held) = restore(&stored);
    assert_eq!(restored, reference);
    assert_eq!(held[&CollectionName::Settings].version, 7);
    assert_eq!(
        stored[0].etag.as_deref(),
        Some(
            held[&stored[0].name.parse::<CollectionName>().unwrap()]
                .etag()
                .as_str()
        )
    );
}

#[tokio::test]
async fn of_many_members_only_the_changed_ones_travel() {
    let mut scene = scene().await;
    scene.voice.offers([scene.office.has(&members(500, 1))]);
    scene.in_force(CollectionName::Members, 1).await;

    let next = members(501, 2);
    let Body::Members(all) = &next.body else {
        unreachable!()
    };
    let delta = Delta {
        version: 2,
        since: 1,
        changed: Body::Members(all[500..].to_vec()),
        removed: Vec::new(),
    };
    let entry = scene.office.has(&next);
    let key = ("members".to_owned(), 1);
    scene
        .office
        .book
        .lock()
        .unwrap()
        .deltas
        .insert(key.clone(), delta.to_bytes().unwrap());
    scene.voice.offers([entry]);
    scene.in_force(CollectionName::Members, 2).await;
    assert_eq!(scene.reference().members.len(), 501);
    assert_eq!(scene.office.calls(CollectionName::Members), [None, Some(1)]);

    // Changes that do not give what the manifest names are of no use; the whole is.
    let wrong = Delta {
        version: 3,
        since: 2,
        changed: Body::Members(Vec::new()),
        removed: Vec::new(),
    };
    scene
        .office
        .book
        .lock()
        .unwrap()
        .deltas
        .insert(("members".to_owned(), 2), wrong.to_bytes().unwrap());
    scene.voice.offers([scene.office.has(&members(502, 3))]);
    scene.in_force(CollectionName::Members, 3).await;
    assert_eq!(
        scene.office.calls(CollectionName::Members),
        [None, Some(1), Some(2), None]
    );
}

async fn misbehaving(manner: Manner, says: &str) {
    let mut scene = scene().await;
    scene.voice.offers([scene.office.has(&settings(1, 90))]);
    scene.in_force(CollectionName::Settings, 1).await;
    scene.office.answers(manner);
    scene.voice.offers([scene.office.has(&settings(2, 60))]);
    let failed = scene
        .until("an error", CollectionName::Settings, |one| {
            one.error.is_some()
        })
        .await;
    assert!(
        failed
            .error
            .as_ref()
            .is_some_and(|error| error.contains(says)),
        "{failed:?}"
    );
    assert_eq!((failed.version, failed.offered), (Some(1), Some(2)));
    assert_eq!(
        scene.reference().settings.coworking.grant_min,
        90,
        "everything is as it was"
    );
    scene.office.answers(Manner::Well);
    scene.in_force(CollectionName::Settings, 2).await;
}

#[tokio::test]
async fn an_office_that_answers_500_is_asked_again() {
    misbehaving(Manner::Fails, "status 500").await;
}

#[tokio::test]
async fn an_office_that_hangs_is_given_up_and_asked_again() {
    misbehaving(Manner::Hangs, "stopped answering").await;
}

#[tokio::test]
async fn an_office_that_refuses_the_token_says_what_to_do() {
    misbehaving(Manner::RefusesTheToken, "enrol").await;
}

#[tokio::test]
async fn other_bytes_than_the_manifest_names_are_not_taken() {
    misbehaving(Manner::SendsOtherBytes, "manifest").await;
}

#[tokio::test]
async fn more_bytes_than_announced_are_not_read() {
    misbehaving(Manner::SendsMore, "announced").await;
}

#[tokio::test]
async fn an_office_that_contradicts_itself_is_asked_again() {
    misbehaving(Manner::DeniesChanges, "nothing changed").await;
}

#[tokio::test]
async fn a_transfer_cut_anywhere_is_never_half_applied() {
    let mut scene = scene().await;
    let document = members(120, 1);
    assert!(document.to_bytes().unwrap().len() > 3 * 4096);
    scene.office.answers(Manner::BreaksOff(0));
    scene.voice.offers([scene.office.has(&document)]);
    scene
        .until("cut", CollectionName::Members, |one| one.error.is_some())
        .await;
    assert!(scene.kiosk.desk.adopted.lock().unwrap().is_empty());
    scene.in_force(CollectionName::Members, 1).await;
    assert_eq!(scene.reference().members.len(), 120);
    assert!(scene.office.calls(CollectionName::Members).len() > 3);
}

#[tokio::test]
async fn an_older_version_is_never_taken_over_a_newer_one() {
    let mut scene = scene().await;
    scene.voice.offers([scene.office.has(&settings(5, 90))]);
    scene.in_force(CollectionName::Settings, 5).await;
    for (version, says) in [(4, "version 4"), (5, "under version 5")] {
        scene
            .voice
            .offers([scene.office.has(&settings(version, 60))]);
        let status = scene.until("an error", CollectionName::Settings, |one| {
            one.error.as_ref().is_some_and(|e| e.contains(says))
        });
        assert_eq!(status.await.version, Some(5));
    }
    assert_eq!(scene.reference().settings.coworking.grant_min, 90);
    assert_eq!(
        scene.office.calls(CollectionName::Settings).len(),
        1,
        "not even asked for"
    );
    scene.voice.offers([scene.office.has(&settings(6, 60))]);
    scene.in_force(CollectionName::Settings, 6).await;
}

#[tokio::test]
async fn an_impossible_collection_holds_up_no_other() {
    let mut scene = scene().await;
    let good = settings(1, 90);
    let bad = String::from_utf8(good.to_bytes().unwrap())
        .unwrap()
        .replace("\"grant_min\":90", "\"grant_min\":0");
    let entry = link::message::ManifestEntry::of(1, bad.as_bytes());
    scene
        .office
        .book
        .lock()
        .unwrap()
        .documents
        .insert("settings".to_owned(), bad.into_bytes());
    scene.voice.offers([
        ("settings".to_owned(), entry),
        scene.office.has(&members(2, 1)),
    ]);
    scene.in_force(CollectionName::Members, 1).await;
    let settings = scene
        .until("refused", CollectionName::Settings, |one| {
            one.error.is_some()
        })
        .await;
    assert!(
        settings
            .error
            .is_some_and(|error| error.contains("coworking.grant_min"))
    );
}

fn today_of(kiosk: &str) -> (Vec<domain::record::Chained>, Vec<u8>) {
    let journal = Journal::default();
    journal.run("a", 3);
    journal.run("b", 2);
    let records = journal.records();
    let wire = |chained: &domain::record::Chained| WireRecord {
        kiosk: kiosk.into(),
        chained: chained.clone(),
    };
    let today = TodayRecords {
        kiosk: kiosk.into(),
        rehearsal: false,
        events: records.iter().map(wire).collect(),
    };
    (records, encode(&today).unwrap())
}

#[tokio::test]
async fn a_new_card_learns_the_day_from_the_office() {
    let office = Office::start().await;
    let (records, bytes) = today_of("koto-1");
    office.book.lock().unwrap().today = Some(bytes);
    let answer = replace::ask(&config(&office.url, free_port()), Duration::from_secs(5))
        .await
        .unwrap();
    assert!(
        matches!(&answer, Inherited::Records(found) if *found == records),
        "{answer:?}"
    );
    assert_eq!(answer.into_records(), records);
}

#[tokio::test]
async fn a_new_card_takes_no_other_kiosks_day() {
    let office = Office::start().await;
    office.book.lock().unwrap().today = Some(today_of("koto-2").1);
    let answer = replace::ask(&config(&office.url, free_port()), Duration::from_secs(5))
        .await
        .unwrap();
    assert!(
        matches!(answer, Inherited::Unknown(InheritError::OtherKiosk)),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_new_card_opens_without_the_office_after_a_short_time() {
    let failing = Office::start().await;
    for url in [
        format!("http://127.0.0.1:{}", free_port()),
        failing.url.clone(),
    ] {
        let answer = replace::ask(&config(&url, free_port()), Duration::from_millis(700))
            .await
            .unwrap();
        assert!(
            matches!(answer, Inherited::Unknown(InheritError::NoAnswer { .. })),
            "{answer:?}"
        );
        assert!(answer.into_records().is_empty());
    }
}

#[tokio::test]
async fn unprotected_addresses_beyond_this_machine_are_refused() {
    for (address, allowed) in [
        ("https://office.example.jp", true),
        ("https://office.example.jp:7443/genkan/", true),
        ("http://127.0.0.1:7090", true),
        ("http://localhost:7090", true),
        ("http://[::1]:7090", true),
        ("http://office.example.jp", false),
        ("http://192.168.1.5:7090", false),
        ("http://127.0.0.1.example.jp", false),
        ("ftp://office.example.jp", false),
        ("https://user:secret@office.example.jp", false),
        ("office.example.jp", false),
        ("", false),
    ] {
        let answer = replace::ask(&config(address, free_port()), Duration::ZERO).await;
        assert_eq!(answer.is_ok(), allowed, "{address}: {answer:?}");
        if let Err(error) = answer {
            assert!(error.to_string().contains("https://"), "{error}");
        }
    }
    assert!(matches!(SyncKey::new(" \n"), Err(SyncConfigError::Key)));
    assert!(!format!("{:?}", config("https://a.jp", 1)).contains(crate::office::TOKEN));
}
