//! The floor, the bookshelf, one notice, codes.

use super::{index, list, pages};
use crate::signage::board::Shown;
use crate::touch::language::Language;
use crate::touch::views::floor_plan;
use crate::{
    BookItem, BookPage, CodeItem, CodeOf, Plan, PlanSeat, ScenesAdapter, SeatState, Sign,
    SignageWindow, phrases, qr,
};
use api::signage::{FloorPicture, SeatPicture, Signage};
use domain::display::Book;
use slint::ComponentHandle;

/// Fills all of them.
pub fn fill(window: &SignageWindow, shown: &Shown) {
    let adapter = window.global::<ScenesAdapter>();
    adapter.set_floor(plan(&shown.view.floor));
    let books: Vec<BookItem> = shown.view.books.iter().map(book).collect();
    let pairs: Vec<&[BookItem]> = books.chunks(2).collect();
    let height = window.global::<Sign>().get_book();
    let pages = pages(&pairs, window.get_books_room(), |_| height, |_| false);
    adapter.set_books(list(pages.into_iter().map(|pairs| BookPage {
        books: list(pairs.concat()),
    })));
    adapter.set_codes(list(codes(shown.view)));
}

/// Shows the notice whose turn it is.
pub fn show_notice(window: &SignageWindow, shown: &Shown) {
    let adapter = window.global::<ScenesAdapter>();
    let notices = &shown.view.notices;
    let number = shown.page_of_turn(notices.len());
    let Some(notice) = notices.get(number) else {
        return;
    };
    adapter.set_notice(phrases::mark(&notice.text.ja).into());
    adapter.set_notice_translated(notice.text.en.as_deref().unwrap_or_default().into());
    adapter.set_notice_number(index(number));
    adapter.set_notices(index(notices.len()));
}

fn plan(floor: &FloorPicture) -> Plan {
    let seat = |seat: &SeatPicture| PlanSeat {
        label: seat.id.as_str().into(),
        x: seat.place.x as f32,
        y: seat.place.y as f32,
        width: seat.place.w as f32,
        height: seat.place.h as f32,
        state: if seat.free {
            SeatState::Free
        } else {
            SeatState::Taken
        },
    };
    let areas = floor.rooms.iter();
    Plan {
        width: floor.width as f32,
        height: floor.height as f32,
        seats: list(floor.seats.iter().map(seat)),
        areas: list(areas.map(|room| floor_plan::area(room, Language::Japanese))),
        ..Plan::default()
    }
}

fn book(book: &Book) -> BookItem {
    let author = book.author.as_ref().map(|author| author.ja.as_str());
    BookItem {
        title: phrases::mark(&book.title.ja).into(),
        author: author.unwrap_or_default().into(),
    }
}

fn codes(view: &Signage) -> Vec<CodeItem> {
    let wifi = view.wifi.iter().map(|wifi| CodeItem {
        of: CodeOf::Wifi,
        name: wifi.ssid.as_str().into(),
        modules: qr::image(&wifi.qr),
    });
    let membership = view.membership.iter().map(|membership| CodeItem {
        of: CodeOf::Membership,
        modules: qr::image(&membership.qr),
        ..CodeItem::default()
    });
    let links = view.links.iter().map(|link| CodeItem {
        of: CodeOf::Link,
        name: link.name.ja.as_str().into(),
        modules: qr::image(&link.qr),
    });
    wifi.chain(membership).chain(links).collect()
}
