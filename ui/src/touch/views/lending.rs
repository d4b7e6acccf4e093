//! What somebody borrows and brings back.

use super::{Taps, report, times};
use crate::touch::flow::Presentation;
use crate::touch::screen::Screen;
use crate::touch::tap::Tap;
use crate::{LendingAdapter, LentItem, NoLoanBecause, ScreenName, TouchWindow};
use domain::equipment::EquipmentKind;
use domain::verdict::{self, Lent, NoLoan, NotLent, Remedy, Returned};
use slint::{ComponentHandle, ModelRc, VecModel};

/// Reports what is pressed.
pub fn connect(window: &TouchWindow, taps: &Taps) {
    let adapter = window.global::<LendingAdapter>();
    adapter.on_borrow(report(taps, Tap::Borrow));
    adapter.on_powered(report(taps, Tap::ChangeSeat));
}

/// Shows what is told about it.
pub fn show(window: &TouchWindow, screen: &Screen, presentation: &Presentation) -> ScreenName {
    match screen {
        Screen::Lent(lent) => {
            show_lent(window, lent, presentation);
            ScreenName::Lent
        }
        Screen::NoLoan(none) => {
            show_no_loan(window, none, presentation);
            ScreenName::NoLoan
        }
        Screen::NotLent(not) => {
            show_not_lent(window, not);
            ScreenName::NotLent
        }
        Screen::Returned(returned) => {
            show_returned(window, returned, presentation);
            ScreenName::Returned
        }
        _ => ScreenName::Attract,
    }
}

/// Shows what to take and until when, while it may be seen.
fn show_lent(window: &TouchWindow, lent: &Lent, presentation: &Presentation) {
    let adapter = window.global::<LendingAdapter>();
    let seen = lent.items.iter().filter(|_| presentation.details);
    let items: Vec<_> = seen.map(item).collect();
    let back_by = lent.items.first().map(|item| item.back_by);
    adapter.set_details(presentation.details);
    adapter.set_items(ModelRc::new(VecModel::from(items)));
    adapter.set_back_by(
        back_by
            .map(|back_by| times::personal(&back_by, presentation))
            .unwrap_or_default(),
    );
    adapter.set_plug_in(lent.plug_in);
}

fn item(item: &verdict::LentItem) -> LentItem {
    LentItem {
        name: item.name.as_str().into(),
        percent: item.percent.map_or(-1, i32::from),
        battery: item.kind == EquipmentKind::Battery,
    }
}

/// Shows why there is none, and what would do instead.
fn show_no_loan(window: &TouchWindow, none: &NoLoan, presentation: &Presentation) {
    let adapter = window.global::<LendingAdapter>();
    adapter.set_because(match none.because {
        verdict::NoLoanBecause::NoneFree => NoLoanBecause::NoneFree,
        verdict::NoLoanBecause::LowCharge => NoLoanBecause::LowCharge,
        verdict::NoLoanBecause::TooLate => NoLoanBecause::TooLate,
    });
    let expected = none.expected.as_ref().map(times::clock);
    adapter.set_expected(expected.unwrap_or_default().into());
    let power = none.remedy == Remedy::TakePoweredSeat;
    adapter.set_powered_seat(power && presentation.details);
}

/// Thanks for what came back. What else is out is the visitor's own affair.
fn show_returned(window: &TouchWindow, returned: &Returned, presentation: &Presentation) {
    let adapter = window.global::<LendingAdapter>();
    adapter.set_name(returned.name.as_str().into());
    adapter.set_still_out(names(&returned.still_out, presentation).into());
}

/// Several names, while they may be seen.
pub fn names(names: &[String], presentation: &Presentation) -> String {
    if presentation.details {
        names.join("・")
    } else {
        String::new()
    }
}

/// Shows what is not out.
fn show_not_lent(window: &TouchWindow, not: &NotLent) {
    let adapter = window.global::<LendingAdapter>();
    adapter.set_name(not.name.as_str().into());
    adapter.set_is_back(not.is_back);
}
