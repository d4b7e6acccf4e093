//! A call sounds when it comes and when it comes again, and a page that is loaded anew does not call again.

use super::{Display, day_saying};
use serde_json::{Value, json};

#[tokio::test]
async fn each_call_sounds_once() {
    let calls = |number: u32, again| json!([{ "number": number, "seat": "B4", "again": again }]);
    let saying = |calls: Value, notice: &str| {
        let mut view = day_saying(notice);
        view["calls"] = calls;
        view
    };
    let display = Display::showing(&saying(calls(11, false), "はじめから。")).await;
    let chimes = || async {
        let count = "return document.body.dataset.chimes || '0'";
        display.browser.run(count).await.unwrap()
    };
    assert_eq!(chimes().await, json!("0"), "a page that is loaded anew");
    let steps = [
        (calls(12, false), "一度め。", "1"),
        (calls(12, false), "ほかの変更。", "1"),
        (calls(12, true), "二度め。", "2"),
        (json!([]), "終わり。", "2"),
        (calls(13, false), "次の方。", "3"),
    ];
    for (calls, notice, expected) in steps {
        display.server.publish(&saying(calls, notice));
        display.browser.until_shown(notice).await.unwrap();
        assert_eq!(chimes().await, json!(expected), "{notice}");
    }
}
