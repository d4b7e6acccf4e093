//! The pages: signage, for a display with its own browser (R10), and staff (R4). Part of the program, so that page and view model never differ.

use super::App;
use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;

/// Everything from here, nothing from elsewhere, no inline script or style.
const POLICY: &str =
    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Fonts never change under their name; the rest is asked for again whenever the page loads.
const FONT_CACHE: &str = "public, max-age=604800";

macro_rules! assets {
    ($($path:literal => $file:literal, $kind:literal;)*) => {
        [$(($path, include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/", $file)).as_slice(), $kind)),*]
    };
}

const ASSETS: [(&str, &[u8], &str); 27] = assets! {
    "/signage" => "signage/index.html", "text/html; charset=utf-8";
    "/signage/fonts.css" => "fonts/fonts.css", "text/css; charset=utf-8";
    "/signage/signage.css" => "signage/signage.css", "text/css; charset=utf-8";
    "/signage/frame.css" => "signage/frame.css", "text/css; charset=utf-8";
    "/signage/programme.css" => "signage/programme.css", "text/css; charset=utf-8";
    "/signage/seats.css" => "signage/seats.css", "text/css; charset=utf-8";
    "/signage/calls.css" => "signage/calls.css", "text/css; charset=utf-8";
    "/signage/scenes.css" => "signage/scenes.css", "text/css; charset=utf-8";
    "/signage/portrait.css" => "signage/portrait.css", "text/css; charset=utf-8";
    "/signage/emergency.css" => "signage/emergency.css", "text/css; charset=utf-8";
    "/signage/closed.css" => "signage/closed.css", "text/css; charset=utf-8";
    "/signage/signage.js" => "signage/signage.js", "text/javascript; charset=utf-8";
    "/signage/calls.js" => "signage/calls.js", "text/javascript; charset=utf-8";
    "/signage/chime.js" => "signage/chime.js", "text/javascript; charset=utf-8";
    "/signage/closed.js" => "signage/closed.js", "text/javascript; charset=utf-8";
    "/signage/emergency.js" => "signage/emergency.js", "text/javascript; charset=utf-8";
    "/signage/footer.js" => "signage/footer.js", "text/javascript; charset=utf-8";
    "/signage/pages.js" => "signage/pages.js", "text/javascript; charset=utf-8";
    "/signage/plan.js" => "signage/plan.js", "text/javascript; charset=utf-8";
    "/signage/programme.js" => "signage/programme.js", "text/javascript; charset=utf-8";
    "/signage/scenes.js" => "signage/scenes.js", "text/javascript; charset=utf-8";
    "/signage/seats.js" => "signage/seats.js", "text/javascript; charset=utf-8";
    "/signage/stream.js" => "signage/stream.js", "text/javascript; charset=utf-8";
    "/signage/text.js" => "signage/text.js", "text/javascript; charset=utf-8";
    "/signage/time.js" => "signage/time.js", "text/javascript; charset=utf-8";
    "/signage/fonts/BIZUDPGothic-Regular.woff2" => "fonts/BIZUDPGothic-Regular.woff2", "font/woff2";
    "/signage/fonts/BIZUDPGothic-Bold.woff2" => "fonts/BIZUDPGothic-Bold.woff2", "font/woff2";
};

const STAFF: [(&str, &[u8], &str); 18] = assets! {
    "/staff" => "staff/index.html", "text/html; charset=utf-8";
    "/staff/staff.css" => "staff/staff.css", "text/css; charset=utf-8";
    "/staff/fonts.css" => "fonts/fonts.css", "text/css; charset=utf-8";
    "/staff/rooms.css" => "staff/rooms.css", "text/css; charset=utf-8";
    "/staff/dialog.css" => "staff/dialog.css", "text/css; charset=utf-8";
    "/staff/rooms.js" => "staff/rooms.js", "text/javascript; charset=utf-8";
    "/staff/staff.js" => "staff/staff.js", "text/javascript; charset=utf-8";
    "/staff/calls.js" => "staff/calls.js", "text/javascript; charset=utf-8";
    "/staff/dialogs.js" => "staff/dialogs.js", "text/javascript; charset=utf-8";
    "/staff/emergency.css" => "staff/emergency.css", "text/css; charset=utf-8";
    "/staff/emergency.js" => "staff/emergency.js", "text/javascript; charset=utf-8";
    "/staff/equipment.css" => "staff/equipment.css", "text/css; charset=utf-8";
    "/staff/equipment.js" => "staff/equipment.js", "text/javascript; charset=utf-8";
    "/staff/lists.js" => "staff/lists.js", "text/javascript; charset=utf-8";
    "/staff/plan.js" => "staff/plan.js", "text/javascript; charset=utf-8";
    "/staff/words.js" => "staff/words.js", "text/javascript; charset=utf-8";
    "/staff/fonts/BIZUDPGothic-Regular.woff2" => "fonts/BIZUDPGothic-Regular.woff2", "font/woff2";
    "/staff/fonts/BIZUDPGothic-Bold.woff2" => "fonts/BIZUDPGothic-Bold.woff2", "font/woff2";
};

pub(super) fn router() -> Router<App> {
    serving("/signage", ASSETS)
}

pub(super) fn staff_router() -> Router<App> {
    serving("/staff", STAFF)
}

fn serving<const N: usize>(
    home: &'static str,
    assets: [(&'static str, &'static [u8], &'static str); N],
) -> Router<App> {
    let router = Router::new().route("/", get(move || async move { Redirect::temporary(home) }));
    assets
        .into_iter()
        .fold(router, |router, (path, bytes, kind)| {
            router.route(path, get(move || asset(bytes, kind)))
        })
}

async fn asset(bytes: &'static [u8], kind: &'static str) -> impl IntoResponse {
    let cache = if kind == "font/woff2" {
        FONT_CACHE
    } else {
        "no-cache"
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, cache),
    ];
    (headers, bytes)
}
