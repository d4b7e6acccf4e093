//! The scenes of the play list take turns as the service says, and every entry has its turn.

use super::{Display, views};
use serde_json::json;

#[tokio::test]
async fn scenes_follow_one_another_and_come_again() {
    let turns = json!([
        { "scene": "day", "seconds": 1, "round": 6 },
        { "scene": "notice", "seconds": 1, "round": 3 },
        { "scene": "books", "seconds": 1, "round": 1 },
    ]);
    let display = Display::showing(&views::day_with(json!({ "turns": turns }))).await;
    let watch = "window.seen = []; setInterval(() => { const { scene } = document.body.dataset;
        if (scene !== window.seen[window.seen.length - 1]) window.seen.push(scene); }, 50)";
    display.browser.run(watch).await.unwrap();
    display
        .browser
        .until("return window.seen.join(' ').includes('programme notice books programme notice')")
        .await
        .unwrap();
    let standing = "return document.querySelectorAll('.scene.shown').length";
    assert_eq!(display.browser.run(standing).await.unwrap(), json!(1));
}

#[tokio::test]
async fn each_turn_of_a_scene_shows_the_next_of_many() {
    let display = Display::showing(&views::day()).await;
    for (scene, round, shown) in [
        ("notice", 0, "1 / 2"),
        ("notice", 1, "2 / 2"),
        ("notice", 2, "1 / 2"),
        ("books", 1, "2 / 2"),
    ] {
        display.server.publish(&views::turn(scene, round));
        display
            .browser
            .until(&format!(
                "return document.body.dataset.scene === '{scene}' && document.getElementById('{scene}-page').textContent === '{shown}'"
            ))
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn every_entry_has_its_turn() {
    let programme = views::entries(30, "2026-11-24", "長くない題");
    let view = views::day_with(json!({ "programme": programme, "week": [] }));
    let display = Display::turning_every(200, &view).await;
    let watch = "window.seen = new Set(); setInterval(() => document.querySelectorAll('#programme-box .page.shown .time').forEach(
        (time) => window.seen.add(time.textContent)), 20)";
    display.browser.run(watch).await.unwrap();
    // One of the thirty is over already, the one under way says so instead of its start.
    display
        .browser
        .until("return window.seen.size === 29")
        .await
        .unwrap();
    let shown_at_once = display
        .browser
        .run("return document.querySelectorAll('#programme-box .page.shown').length")
        .await
        .unwrap();
    assert_eq!(shown_at_once, json!(1));
}
