//! The staff page in a real Chromium, over TLS, at a kiosk with the sample centre. Pictures are left in `target/screenshots/staff/`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[path = "signage_page/browser.rs"]
mod browser;

use api::Verdict;
use browser::Browser;
use domain::adviser::{Advice, Adviser, AdviserRole, Slot, SlotPurpose};
use e2e::test_kiosk::{DOOR, Listener, TestKiosk};
use e2e::test_office::{BrokerKind, TestOffice};
use link::collections::Body;
use serde_json::json;
use std::path::Path;

const SIGNED_IN: &str = "return document.body.dataset.state === 'signed-in' && document.querySelectorAll('#plan .seat').length === 28 \
                         && document.fonts.status === 'loaded'";

/// Two advisers, a management consultant, and a slot under way.
fn advice() -> Advice {
    let one = |id: &str, role| Adviser {
        id: id.into(),
        role,
    };
    Advice {
        advisers: vec![
            one("A1", AdviserRole::Adviser),
            one("A2", AdviserRole::Adviser),
            one("C1", AdviserRole::ManagementConsultant),
        ],
        slots: vec![Slot {
            from: "11:00:00".parse().unwrap(),
            to: "13:00:00".parse().unwrap(),
            purpose: SlotPurpose::Advice,
        }],
    }
}

struct Page {
    browser: Browser,
    kiosk: TestKiosk,
    office: TestOffice,
}

impl Page {
    async fn open() -> Self {
        Self::open_with(Advice::default()).await
    }

    /// With those who advise.
    async fn open_with(advice: Advice) -> Self {
        let office = TestOffice::start(BrokerKind::Embedded).await.unwrap();
        let set = |writing: &mut office::store::Writing<'_>| {
            writing.set_document(&Body::Advisers(advice))
        };
        office.store().unwrap().write_blocking(set).unwrap();
        let kiosk = TestKiosk::start(&office).await.unwrap();
        kiosk.until_open().await.unwrap();
        let browser = Browser::start(1280, 800, "America/New_York").await.unwrap();
        browser.open(&kiosk.staff_url().unwrap()).await.unwrap();
        browser
            .until("return document.body.dataset.state === 'signed-out'")
            .await
            .unwrap();
        Self {
            browser,
            kiosk,
            office,
        }
    }

    async fn sign_in(&self, user: &str, pin: &str) {
        let script = format!(
            "document.getElementById('user').value = {}; document.getElementById('pin').value = {};
             document.querySelector('#sign-in button').click()",
            json!(user),
            json!(pin)
        );
        self.browser.run(&script).await.unwrap();
    }

    /// Presses the button that says this; of two, the one in the dialog.
    async fn press(&self, text: &str) {
        let find = format!(
            "const shown = [...document.querySelectorAll('button')].filter((one) => one.textContent === {} && one.offsetParent && !one.disabled).pop();",
            json!(text)
        );
        self.browser
            .until(&format!("{find} return Boolean(shown)"))
            .await
            .unwrap();
        self.browser
            .run(&format!("{find} shown.click()"))
            .await
            .unwrap();
    }

    /// Presses the button that assistive technology calls this.
    async fn press_named(&self, label: &str) {
        self.press_named_until(label, true).await;
    }

    /// Waits for it, and presses it where that is wished.
    async fn press_named_until(&self, label: &str, press: bool) {
        let find = format!(
            "const named = document.querySelector('button[aria-label={}]:enabled');",
            json!(label)
        );
        self.browser
            .until(&format!(
                "{find} return Boolean(named && named.offsetParent)"
            ))
            .await
            .unwrap();
        if press {
            self.browser
                .run(&format!("{find} named.click()"))
                .await
                .unwrap();
        }
    }

    /// Turns to a part beside the floor.
    async fn turn(&self, part: &str) {
        let script = format!("document.querySelector('[aria-controls={part}]').click()");
        self.browser.run(&script).await.unwrap();
    }

    /// Presses the row of this piece of equipment.
    async fn press_row(&self, name: &str) {
        let find = format!(
            "const row = [...document.querySelectorAll('#dialog .piece')].find((one) => one.querySelector('.name').textContent === {});",
            json!(name)
        );
        self.browser
            .until(&format!("{find} return Boolean(row)"))
            .await
            .unwrap();
        self.browser
            .run(&format!("{find} row.click()"))
            .await
            .unwrap();
    }

    async fn choose(&self, value: &str) {
        let script = format!(
            "document.querySelector('#dialog input[value={}]').click()",
            json!(value)
        );
        self.browser.run(&script).await.unwrap();
    }

    async fn shows(&self, text: &str) {
        self.browser.until_shown(text).await.unwrap();
    }

    /// Nothing wider than the window, nothing to press that is too small.
    async fn fits(&self) {
        let script = "const small = [...document.querySelectorAll('button')].filter((one) => one.offsetParent && one.offsetHeight < 56);
                      return document.documentElement.scrollWidth <= innerWidth && small.length === 0 && document.fonts.status === 'loaded'";
        if let Err(error) = self.browser.until(script).await {
            let culprits = "return JSON.stringify([...document.querySelectorAll('body *')].filter((one) => one.offsetParent
                && (one.getBoundingClientRect().right > innerWidth + 1 || (one.tagName === 'BUTTON' && one.offsetHeight < 56)))
                .map((one) => `${one.tagName}#${one.id}.${one.className} ${one.textContent.slice(0, 20)} ${one.offsetHeight}`))";
            let found = self.browser.run(culprits).await.unwrap();
            panic!("does not fit: {found}; {error:#}");
        }
    }

    async fn keep_picture(&self, name: &str) {
        self.fits().await;
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .parent()
            .unwrap()
            .join("screenshots/staff");
        std::fs::create_dir_all(&folder).unwrap();
        let picture = self.browser.picture().await.unwrap();
        std::fs::write(folder.join(format!("{name}.png")), picture).unwrap();
    }

    /// Somebody comes without a reservation and would like to be advised.
    async fn comes_to_be_advised(&self, door: &mut Listener, member: &str) {
        self.kiosk
            .scanner
            .scan(self.office.pass(member).unwrap())
            .unwrap();
        let offered = match door.verdict().await.unwrap() {
            Verdict::Offer(offered) if offered.consultation.is_some() => offered,
            other => panic!("{member}: {other:?}"),
        };
        let client = self.kiosk.client(DOOR).unwrap();
        let after_seats = offered.choices.len();
        client.choose(&offered.offer, after_seats).await.unwrap();
    }

    /// Somebody comes and takes the best seat.
    async fn comes(&self, door: &mut Listener, member: &str) {
        self.kiosk
            .scanner
            .scan(self.office.pass(member).unwrap())
            .unwrap();
        let offer = match door.verdict().await.unwrap() {
            Verdict::Offer(offered) => offered.offer,
            Verdict::TooEarly(early) => early.bridge.expect("a seat until then").offer,
            Verdict::Admitted(_) => return,
            other => panic!("{member}: {other:?}"),
        };
        let client = self.kiosk.client(DOOR).unwrap();
        client.choose(&offer, 0).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receptionist_does_a_mornings_work() {
    let page = Page::open().await;
    page.keep_picture("1-signed-out").await;
    page.sign_in("uketsuke1", "111222").await;
    page.shows("ユーザー名とPINを確かめて").await;
    page.sign_in("uketsuke1", "407185").await;
    page.browser.until(SIGNED_IN).await.unwrap();

    // People come at the door and are seen here at once, by number alone.
    let mut door = page.kiosk.listen(DOOR).await.unwrap();
    for member in ["M00001", "M00002", "M00005"] {
        page.comes(&mut door, member).await;
        page.shows(member).await;
    }
    let client = page.kiosk.client(DOOR).unwrap();
    client
        .call_staff(api::screen::StaffCallReason::Visitor)
        .await
        .unwrap();
    page.shows("係員を呼んでいます").await;
    page.keep_picture("2-page").await;
    page.press("対応済み").await;
    page.browser
        .until("return document.getElementById('calls').hidden")
        .await
        .unwrap();

    // Somebody without a pass.
    page.press("番号で受付する").await;
    page.browser
        .run("document.querySelector('#dialog input').value = 'm00007'")
        .await
        .unwrap();
    page.press("探す").await;
    page.shows("M00007 を受付する").await;
    page.keep_picture("3-check-in").await;
    page.press("受付する").await;
    page.shows("完了しました。").await;
    page.press("閉じる").await;

    // A stay: longer, elsewhere, over.
    let open = "document.querySelector('#inside .stay').click()";
    page.browser.run(open).await.unwrap();
    page.shows("何をしますか").await;
    page.keep_picture("4-stay").await;
    page.press("席を移る").await;
    page.keep_picture("5-move").await;
    page.press("移る").await;
    page.shows("完了しました。").await;
    page.press("閉じる").await;
    page.browser.run(open).await.unwrap();
    page.press("利用を終える").await;
    page.choose("gone").await;
    page.press("終える").await;
    page.shows("完了しました。").await;
    page.press("閉じる").await;

    // A PC: how full it is, to whom, and back again.
    page.press("機器の貸出").await;
    page.shows("次に充電するもの").await;
    page.press_row("PC-07").await;
    page.press("残量を記録する").await;
    page.choose("90").await;
    page.press("記録する").await;
    page.shows("完了しました。").await;
    page.press("閉じる").await;
    page.browser.run(open).await.unwrap();
    page.press("機器を貸す").await;
    page.shows("PC-07（90%）").await;
    page.keep_picture("11-hand-out").await;
    page.press("貸し出す").await;
    page.shows("完了しました。").await;
    page.press("閉じる").await;
    page.press("機器の貸出").await;
    page.shows("貸出中").await;
    page.keep_picture("12-equipment").await;
    page.press_row("PC-07").await;
    page.press("返却を受け付ける").await;
    page.choose("damaged").await;
    page.keep_picture("13-take-back").await;
    page.press("受け付ける").await;
    page.shows("完了しました。").await;
    page.press("閉じる").await;
    page.press("機器の貸出").await;
    page.shows("破損のため停止中").await;
    page.press("閉じる").await;

    // A notice, and the centre closed for a while.
    page.press("お知らせを出す").await;
    page.choose("printer").await;
    page.keep_picture("6-notices").await;
    page.press("次へ").await;
    page.press("お知らせを出す").await;
    page.shows("完了しました。").await;
    page.press("閉じる").await;
    page.press("受付を一時止める").await;
    page.keep_picture("7-close").await;
    page.press("止める").await;
    page.shows("完了しました。").await;
    page.press("閉じる").await;
    page.shows("新しい受付を止めています").await;
    page.keep_picture("8-closed").await;
    let signage = client.signage().await.unwrap();
    assert_eq!(signage.phase, api::screen::Phase::Break);
    assert!(signage.notices.iter().any(|one| one.id == "printer".into()));

    // What the page must not do: tell of names, or go on without a session.
    let text = page.browser.text().await.unwrap();
    assert!(
        !text.contains("佐久間") && text.contains("M00002"),
        "{text}"
    );
    page.press("サインアウト").await;
    page.browser
        .until("return document.body.dataset.state === 'signed-out'")
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receptionist_keeps_rooms_guests_and_duty() {
    let page = Page::open_with(advice()).await;
    page.sign_in("uketsuke1", "407185").await;
    page.browser.until(SIGNED_IN).await.unwrap();
    page.shows("受付の勤務者が足りません（0名／2名").await;
    page.press("勤務に入る").await;
    page.shows("受付の勤務者が足りません（1名／2名").await;

    // An adviser is there; somebody without a reservation comes to be advised, and is.
    page.turn("of-advice").await;
    page.press_named("A1を「対応できます」にする").await;
    page.browser
        .until("return !document.getElementById('alarms').textContent.includes('相談員がいません')")
        .await
        .unwrap();
    let mut door = page.kiosk.listen(DOOR).await.unwrap();
    let client = page.kiosk.client(DOOR).unwrap();
    page.comes_to_be_advised(&mut door, "M00040").await;
    page.shows("相談をお待ちの方がいます").await;
    page.keep_picture("11-advice-waiting").await;
    page.press_named("M00040の相談をA1が始める").await;
    page.press_named_until("M00040の相談を終える", false).await;
    page.keep_picture("12-advice-running").await;
    page.press_named("M00040の相談を終える").await;
    page.shows("相談中の方はいません。").await;

    // A guest, and a programme.
    client
        .receive_guest(domain::event::GuestPurpose::Tour)
        .await
        .unwrap();
    page.turn("of-waiting").await;
    page.shows("見学・お届け等の方").await;
    page.keep_picture("13-waiting").await;
    page.press("退出").await;
    page.shows("いまはいません。").await;
    page.turn("of-programmes").await;
    page.keep_picture("14-programmes").await;
    page.press("未着の方").await;
    page.keep_picture("15-expected").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_of_1024_pixels_is_wide_enough() {
    let page = Page::open().await;
    page.browser.resize(1024, 768).await.unwrap();
    page.sign_in("soudan1", "581729").await;
    page.browser.until(SIGNED_IN).await.unwrap();
    page.keep_picture("9-tablet").await;
    page.press("受付を一時止める").await;
    page.press("止める").await;
    page.shows("この操作は受付の担当者が行います。").await;
    page.keep_picture("10-refused").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_is_two_touches_away_and_everybody_is_ticked_off() {
    let page = Page::open().await;
    page.sign_in("uketsuke1", "407185").await;
    page.browser.until(SIGNED_IN).await.unwrap();
    let mut door = page.kiosk.listen(DOOR).await.unwrap();
    for member in ["M00001", "M00002", "M00005"] {
        page.comes(&mut door, member).await;
        page.shows(member).await;
    }
    let client = page.kiosk.client(DOOR).unwrap();
    client
        .receive_guest(domain::event::GuestPurpose::Tour)
        .await
        .unwrap();

    page.press("緊急").await;
    page.shows("押すと、すぐに始まります").await;
    page.keep_picture("11-emergency-kinds").await;
    page.press("火災").await;
    page.shows("見学の方").await;
    let counted = |text: &str| {
        format!("return document.getElementById('emergency-counts').textContent === '{text}'")
    };
    page.browser
        .until(&counted("在室4確認済み0未確認4"))
        .await
        .unwrap();
    let shown = client.signage().await.unwrap().emergency.unwrap();
    assert_eq!(shown.what, domain::incident::IncidentKind::Fire);

    let tick = "document.querySelector('#people .person[aria-pressed=false]').click()";
    page.browser.run(tick).await.unwrap();
    page.browser
        .until(&counted("在室4確認済み1未確認3"))
        .await
        .unwrap();
    page.keep_picture("12-emergency-list").await;
    page.press("緊急を終える").await;
    page.shows("まだ3名を確認していません").await;
    page.choose("left").await;
    page.keep_picture("13-emergency-close").await;
    page.press("終える").await;
    page.shows("完了しました。").await;
    page.press("閉じる").await;
    page.shows("ご利用中の方はいません。").await;

    // Somebody taken ill: the page and the door go on, the displays ask for consideration.
    page.press("緊急").await;
    page.press("急病").await;
    page.shows("受付は続けています").await;
    page.keep_picture("14-taken-ill").await;
    let signage = client.signage().await.unwrap();
    assert_eq!(signage.emergency, None);
    assert!(signage.notices[0].text.ja.contains("急病"));
}
