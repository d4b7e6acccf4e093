//! An emergency stands instead of everything.

use super::{Display, views};
use serde_json::json;

#[tokio::test]
async fn an_emergency_takes_the_page_until_it_is_over() {
    let display = Display::showing(&views::day()).await;
    display.mark().await;
    let emergency =
        views::day_with(json!({ "emergency": { "what": "fire", "drill": true, "exit": "left" } }));
    let only_it = "return document.body.dataset.layout === 'emergency'
        && [...document.body.children].filter((one) => one.getClientRects().length).map((one) => one.id).join() === 'emergency'";
    display.server.publish(&emergency);
    display.browser.until(only_it).await.unwrap();
    display.browser.until_shown("これは訓練です").await.unwrap();
    display.server.publish(&views::day());
    let back = "return document.body.dataset.layout === 'day' && document.getElementById('emergency').hidden";
    display.browser.until(back).await.unwrap();
    assert!(display.is_marked().await, "without loading anew");
}
