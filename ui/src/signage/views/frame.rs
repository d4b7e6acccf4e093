//! Header, closing, footer.

use super::list;
use crate::signage::board::{Layout, Shown};
use crate::touch::language::Language;
use crate::touch::views::times;
use crate::{SignFrameAdapter, SignageWindow, phrases, qr};
use slint::{ComponentHandle, SharedString};

/// What goes on with the time.
pub fn show(window: &SignageWindow, shown: &Shown) {
    let adapter = window.global::<SignFrameAdapter>();
    let today = shown.now.date_naive();
    adapter.set_clock(times::clock(&shown.now).into());
    adapter.set_date(times::day(today, Language::Japanese).into());
    adapter.set_has_hours(shown.view.today.date == today);
    adapter.set_closing_left(super::count(shown.closing_left));
    let since = shown.stale_since.as_ref().map(times::clock);
    adapter.set_stale_since(since.unwrap_or_default().into());
}

/// What the view says.
pub fn fill(window: &SignageWindow, shown: &Shown) {
    let adapter = window.global::<SignFrameAdapter>();
    let view = shown.view;
    adapter.set_centre(view.centre.ja.as_str().into());
    adapter.set_centre_translated(view.centre.en.as_deref().unwrap_or_default().into());
    adapter.set_rehearsal(view.rehearsal);
    adapter.set_opens(hour(view.today.open.as_deref()));
    adapter.set_closes(hour(view.today.close.as_deref()));
    adapter.set_closing_at(hour(
        view.closing.as_ref().map(|closing| closing.at.as_str()),
    ));
    let notices = view.notices.iter();
    adapter.set_notices(list(
        notices.map(|notice| SharedString::from(phrases::mark(&notice.text.ja))),
    ));
    // Nobody is inside to use it.
    adapter.set_has_wifi(view.wifi.is_some() && shown.layout != Layout::Closed);
    if let Some(wifi) = &view.wifi {
        adapter.set_wifi_name(wifi.ssid.as_str().into());
        adapter.set_wifi(qr::image(&wifi.qr));
    }
    adapter.set_has_membership(view.membership.is_some());
    if let Some(membership) = &view.membership {
        adapter.set_membership(qr::image(&membership.qr));
    }
}

/// `HH:MM` of the service as people read it; empty when there is none.
pub fn hour(time: Option<&str>) -> SharedString {
    time.map(times::shortened).unwrap_or_default().into()
}
