//! The signage page in a real Chromium: every kind of view fits and can be read from five metres, and the page lives through whatever
//! happens to the service. Pictures are left in `target/screenshots/signage/`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[path = "signage_page/browser.rs"]
mod browser;
#[path = "signage_page/calls.rs"]
mod calls;
#[path = "signage_page/emergency.rs"]
mod emergency;
#[path = "signage_page/page_server.rs"]
mod page_server;
#[path = "signage_page/scenes.rs"]
mod scenes;
#[path = "signage_page/views.rs"]
mod views;

use std::path::{Path, PathBuf};

use browser::Browser;
use page_server::PageServer;
use serde_json::{Value, json};
use tokio::sync::{Mutex, MutexGuard};

/// One browser at a time: several on a small machine only make each other late.
static TURN: Mutex<()> = Mutex::const_new(());
/// Pages of entries stand this long where a test does not watch them turn, in milliseconds.
const STILL: u32 = 600_000;
/// True once the page shows its first view in its own typeface.
const IS_READY: &str =
    "return document.body.dataset.layout !== 'waiting' && document.fonts.status === 'loaded'";

/// A page server and a browser that shows its page.
struct Display {
    server: PageServer,
    browser: Browser,
    _turn: MutexGuard<'static, ()>,
}

impl Display {
    async fn showing(view: &Value) -> Self {
        Self::turning_every(STILL, view).await
    }

    async fn turning_every(turn_ms: u32, view: &Value) -> Self {
        let turn = TURN.lock().await;
        let server = PageServer::start(view.clone(), turn_ms).await.unwrap();
        let browser = Browser::start(1920, 1080, "America/New_York")
            .await
            .unwrap();
        let display = Self {
            server,
            browser,
            _turn: turn,
        };
        display.open().await;
        display
    }

    async fn open(&self) {
        self.browser.open(&self.server.address()).await.unwrap();
        self.browser.until(IS_READY).await.unwrap();
    }

    /// Marks the page as it is loaded now, so that a reload can be told.
    async fn mark(&self) {
        self.browser.run("window.isMarked = true").await.unwrap();
    }

    async fn is_marked(&self) -> bool {
        self.browser
            .run("return window.isMarked === true")
            .await
            .unwrap()
            == json!(true)
    }

    async fn faults(&self) -> Vec<String> {
        let script = format!(
            "{}\nreturn faults();",
            include_str!("../signage/page-checks.js")
        );
        serde_json::from_value(self.browser.run(&script).await.unwrap()).unwrap()
    }

    async fn keep_picture(&self, name: &str) {
        self.browser
            .until("return document.getAnimations().length === 0")
            .await
            .unwrap();
        let folder = pictures();
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(
            folder.join(format!("{name}.png")),
            self.browser.picture().await.unwrap(),
        )
        .unwrap();
    }
}

fn pictures() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .join("screenshots/signage")
}

/// The ordinary day with one notice.
fn day_saying(notice: &str) -> Value {
    views::day_with(json!({ "notices": [{ "id": "n1", "text": { "ja": notice, "en": null } }] }))
}

#[test]
fn every_kind_of_view_is_one_the_service_could_send() {
    for (kind, view) in views::every_kind() {
        let typed: api::signage::Signage =
            serde_json::from_value(view.clone()).unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert_eq!(serde_json::to_value(typed).unwrap(), view, "{kind}");
    }
}

#[tokio::test]
async fn every_kind_of_view_fits_and_can_be_read() {
    let display = Display::showing(&views::day()).await;
    let mut all_faults = Vec::new();
    for (size, (width, height)) in [
        ("", (1920, 1080)),
        ("-hd", (1280, 720)),
        ("-low", (1920, 940)),
        ("-4k", (3840, 2160)),
        ("-portrait", (1080, 1920)),
    ] {
        display.browser.resize(width, height).await.unwrap();
        for (kind, view) in views::every_kind() {
            display.server.publish(&view);
            display.open().await;
            let faults = display.faults().await;
            all_faults.extend(
                faults
                    .into_iter()
                    .map(|fault| format!("{kind}{size}: {fault}")),
            );
            if size.is_empty() || size == "-portrait" || (size == "-4k" && kind == "scene-floor") {
                display.keep_picture(&format!("{kind}{size}")).await;
            }
        }
    }
    assert!(all_faults.is_empty(), "{}", all_faults.join("\n"));
}

#[tokio::test]
async fn each_kind_of_view_says_what_it_must() {
    let said = [
        (
            "day",
            vec![
                "開催中",
                "はじめての会計ソフト",
                "～12:00",
                "14:00",
                "残り 3席",
                "満席",
                "9:30～18:00",
                "まもなく終了",
                "koto-dx-guest",
            ],
        ),
        (
            "closing",
            vec![
                "本日は18:00に閉所します。お帰りの準備をお願いします。",
                "閉所まで あと 28分",
            ],
        ),
        (
            "closed",
            vec![
                "本日は閉所しました",
                "11月25日（水） 9:30",
                "ご利用ありがとうございました。",
            ],
        ),
        (
            "closed-sunday",
            vec!["本日はお休みです", "日曜日は、お休みをいただいております。"],
        ),
        ("closed-holiday", vec!["祝日のため"]),
        (
            "closed-building",
            vec!["カメリアプラザの電気設備点検のため"],
        ),
        ("before", vec!["本日は9:30に開所します"]),
        (
            "preparation",
            vec!["ただいま準備中です", "9:30に開所します。"],
        ),
        (
            "evening",
            vec!["本日の受付は終了しました", "夜のDXセミナー"],
        ),
        (
            "full",
            vec!["ただいま満席です。", "順番を", "入口の受付機で"],
        ),
        ("full-waiting", vec!["お待ちの方 12名"]),
        ("call", vec!["お呼び出し", "12番の方", "B4席へ"]),
        ("calls", vec!["12番 B4席", "13番 B5席", "ほか"]),
        (
            "no-walk-in",
            vec!["予約なしでの受付は行っておりません。", "ご予約の方は、"],
        ),
        (
            "programme-takes-part",
            vec!["16:30まで一部セミナー", "/ 20"],
        ),
        (
            "programme-takes-room",
            vec!["セミナーで使用中", "13:30まで"],
        ),
        ("cancelled", vec!["中止"]),
        ("scene-floor", vec!["利用中・予約", "相談室", "D5"]),
        (
            "scene-week",
            vec!["これからのセミナー・研修", "11月28日（土）"],
        ),
        ("scene-books", vec!["本棚の本", "小さな会社のDX入門"]),
        (
            "scene-notice",
            vec![
                "年末年始（12/29～1/3）はお休みします。",
                "Closed from 29 December",
            ],
        ),
        (
            "scene-codes",
            vec!["スマートフォンで読み取ってください", "就職支援コーナー"],
        ),
        (
            "in-room",
            vec![
                "ただいま開催中",
                "11:00～12:00",
                "Accounting software for beginners",
            ],
        ),
        ("all-over", vec!["本日の予定はすべて終了しました。"]),
        ("rehearsal", vec!["リハーサル"]),
        ("overfull", vec!["ほか"]),
    ];
    let display = Display::showing(&views::day()).await;
    let kinds = views::every_kind();
    for (kind, words) in said {
        let (_, view) = kinds.iter().find(|(name, _)| *name == kind).unwrap();
        display.server.publish(view);
        display.open().await;
        for word in words {
            display.browser.until_shown(word).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_change_shows_without_a_reload() {
    let display = Display::showing(&views::day()).await;
    display.mark().await;
    for (free, notice) in [(3, "一つめのお知らせです。"), (0, "二つめのお知らせです。")]
    {
        let mut view = day_saying(notice);
        view["zones"] = json!([views::zone("room", "コワーキング", free)]);
        display.server.publish(&view);
        display.browser.until_shown(notice).await.unwrap();
        display
            .browser
            .until(&format!(
                "return document.querySelector('.count b').textContent === '{free}'"
            ))
            .await
            .unwrap();
    }
    assert!(display.is_marked().await);
}

#[tokio::test]
async fn the_consultation_and_a_programmes_fill_are_shown_as_they_are() {
    let display = Display::showing(&views::day()).await;
    for words in ["予約なしで受付中", "受付済 12/20"] {
        display.browser.until_shown(words).await.unwrap();
    }
    display
        .server
        .publish(&views::day_with(json!({ "advice": "busy" })));
    let busy = "相談員が対応中です";
    display.browser.until_shown(busy).await.unwrap();
    display
        .server
        .publish(&views::day_with(json!({ "advice": null })));
    let is_gone = "return document.getElementById('advice').hidden";
    display.browser.until(is_gone).await.unwrap();
}

#[tokio::test]
async fn hostile_text_is_shown_as_text() {
    let hostile =
        r#"<img src=x onerror="window.isHurt=true"><script>window.isHurt=true</script>&lt;b&gt;"#;
    let text = json!({ "ja": hostile, "en": hostile });
    let hostile_seat = "<img src=x>";
    let mut view = views::day_with(
        json!({ "centre": text, "notices": [{ "id": "n", "text": text }], "ending_soon": [hostile_seat], "calls": [{ "number": 1, "seat": hostile, "again": false }] }),
    );
    view["programme"][1]["title"] = text.clone();
    view["zones"][0]["name"] = text.clone();
    view["wifi"]["ssid"] = json!(hostile);
    let display = Display::showing(&view).await;
    for place in [
        "#centre",
        "#centre-en",
        "#notices-box .notice",
        ".row .title",
        ".zone-name > *",
        "#wifi span:last-child",
    ] {
        let shown = format!(
            "return document.querySelector({}).textContent === {}",
            json!(place),
            json!(hostile)
        );
        display.browser.until(&shown).await.unwrap();
    }
    display.browser.until_shown(hostile_seat).await.unwrap();
    let made = display
        .browser
        .run("return document.querySelectorAll('img, body script').length")
        .await
        .unwrap();
    let hurt = display
        .browser
        .run("return window.isHurt === true")
        .await
        .unwrap();
    assert_eq!((made, hurt), (json!(0), json!(false)));
    display.keep_picture("hostile").await;
    assert_eq!(display.faults().await, Vec::<String>::new());
}

#[tokio::test]
async fn the_page_finds_the_service_again_after_it_was_gone() {
    let mut display = Display::showing(&day_saying("消える前のお知らせです。")).await;
    display.mark().await;
    display.server.cut();
    display
        .browser
        .until("return !document.getElementById('stale').hidden")
        .await
        .unwrap();
    let meanwhile = display.browser.text().await.unwrap();
    for kept in [
        "消える前のお知らせです。",
        "11:42",
        "時点の情報です",
        "はじめての会計ソフト",
    ] {
        assert!(
            meanwhile.contains(kept),
            "without the service the page lost {kept}:\n{meanwhile}"
        );
    }
    assert_eq!(display.faults().await, Vec::<String>::new());
    display.keep_picture("service-gone").await;

    display
        .server
        .publish(&day_saying("戻った後のお知らせです。"));
    display.server.mend().await.unwrap();
    display
        .browser
        .until_shown("戻った後のお知らせです。")
        .await
        .unwrap();
    display
        .browser
        .until("return document.getElementById('stale').hidden")
        .await
        .unwrap();
    assert!(display.is_marked().await);
    display
        .server
        .publish(&day_saying("その次のお知らせです。"));
    display
        .browser
        .until_shown("その次のお知らせです。")
        .await
        .unwrap();
}

#[tokio::test]
async fn a_stream_that_is_silent_is_replaced() {
    let display = Display::showing(&day_saying("止まる前のお知らせです。")).await;
    display.mark().await;
    display.server.freeze();
    display
        .server
        .publish(&day_saying("止まった後のお知らせです。"));
    display
        .browser
        .until_shown("止まった後のお知らせです。")
        .await
        .unwrap();
    assert!(display.is_marked().await);
}

#[tokio::test]
async fn a_quiet_stream_that_lives_is_kept() {
    let display = Display::showing(&views::day()).await;
    let streams = display.server.streams();
    // Longer than the page bears silence: only the keep-alive comments hold it.
    display
        .browser
        .until("return performance.now() > 4000")
        .await
        .unwrap();
    assert_eq!(display.server.streams(), streams);
    assert_eq!(
        display
            .browser
            .run("return document.getElementById('stale').hidden")
            .await
            .unwrap(),
        json!(true)
    );
}

#[tokio::test]
async fn another_version_of_the_service_loads_the_page_again_once() {
    let display = Display::showing(&views::day()).await;
    display.mark().await;
    let loads = display.server.loads();
    display
        .server
        .publish(&views::day_with(json!({ "version": "0.2.0+new" })));
    display
        .browser
        .until("return window.isMarked !== true")
        .await
        .unwrap();
    display.browser.until(IS_READY).await.unwrap();
    display.mark().await;
    display.server.publish(&views::day_with(
        json!({ "version": "0.2.0+new", "walk_in": false }),
    ));
    display.browser.until_shown("ご予約の方は、").await.unwrap();
    assert!(display.is_marked().await);
    assert_eq!(display.server.loads(), loads + 1);
}

#[tokio::test]
async fn time_is_the_services_and_runs_over_midnight() {
    let display = Display::showing(&views::day_with(
        json!({ "now": "2026-11-24T23:59:57+09:00" }),
    ))
    .await;
    let before = display.browser.text().await.unwrap();
    for told in ["23:59", "11月24日（火）", "本日 9:30～18:00"] {
        assert!(before.contains(told), "{told} is missing:\n{before}");
    }
    display
        .browser
        .until("return document.getElementById('clock').textContent === '0:00'")
        .await
        .unwrap();
    display
        .browser
        .until("return document.getElementById('date').textContent === '11月25日（水）'")
        .await
        .unwrap();
    let hours = display
        .browser
        .run("return document.getElementById('hours').textContent")
        .await
        .unwrap();
    assert_eq!(hours, json!(""), "yesterday's hours still stand");
}

#[tokio::test]
async fn a_view_that_makes_no_sense_leaves_the_last_one_standing() {
    let display = Display::showing(&day_saying("よいお知らせです。")).await;
    let streams = display.server.streams();
    for broken in [
        json!({}),
        json!(null),
        json!({ "now": "いつか" }),
        json!([1, 2]),
    ] {
        display.server.publish(&broken);
    }
    display.server.publish(&views::day_with(
        json!({ "now": "2026-11-24T11:55:00+09:00", "notices": [] }),
    ));
    display
        .browser
        .until("return document.getElementById('clock').textContent === '11:55'")
        .await
        .unwrap();
    assert_eq!(
        display.server.streams(),
        streams,
        "a view without sense ended the stream"
    );
    assert_eq!(display.faults().await, Vec::<String>::new());
}
