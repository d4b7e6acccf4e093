//! Brings a [`Presentation`] into the window, and touches out of it.

use super::flow::Presentation;
use super::language::Language;
use super::screen::Screen;
use super::views::{self, Taps};
use crate::{AdmittedHeading, ScreenName, Theme, TouchWindow, lattice, phrases};
use slint::{ComponentHandle, PlatformError};
use std::cell::RefCell;

/// The window of the touch screen.
pub struct Stage {
    window: TouchWindow,
    shown: RefCell<Option<Presentation>>,
}

impl Stage {
    /// Makes the window; every touch is reported to `taps`. With `reduced_motion` nothing moves.
    ///
    /// # Errors
    /// When the platform has no window to give.
    pub fn new(taps: &Taps, reduced_motion: bool) -> Result<Self, PlatformError> {
        let window = TouchWindow::new()?;
        let theme = window.global::<Theme>();
        theme.set_lattice(lattice::tile());
        theme.set_reduced_motion(reduced_motion);
        theme.on_phrases(|text| phrases::join(&text).into());
        theme.on_plain(|text| phrases::plain(&text).into());
        views::frame::connect(&window, taps);
        views::attract::connect(&window, taps);
        views::hold_pass::connect(&window, taps);
        views::number::connect(&window, taps);
        views::pin::connect(&window, taps);
        views::staff::connect(&window, taps);
        views::inside::connect(&window, taps);
        views::offer::connect(&window, taps);
        views::early::connect(&window, taps);
        views::full::connect(&window, taps);
        views::queue::connect(&window, taps);
        views::companions::connect(&window, taps);
        views::people::connect(&window, taps);
        views::lending::connect(&window, taps);
        views::programme::connect(&window, taps);
        Ok(Self {
            window,
            shown: RefCell::new(None),
        })
    }

    /// The window itself.
    pub fn window(&self) -> &TouchWindow {
        &self.window
    }

    /// Shows a presentation. What has not changed is not touched, so nothing is painted again for it.
    pub fn show(&self, presentation: &Presentation) {
        let before = self.shown.replace(Some(presentation.clone()));
        if before.as_ref() == Some(presentation) {
            return;
        }
        if before.as_ref().map(|before| before.language) != Some(presentation.language) {
            speak(presentation.language);
        }
        views::frame::show(&self.window, presentation);
        if before.is_none_or(|before| !same_content(&before, presentation)) {
            views::attract::show(&self.window, presentation);
            let name = self.show_screen(presentation);
            self.window.set_screen(name);
        }
    }

    fn show_screen(&self, presentation: &Presentation) -> ScreenName {
        let window = &self.window;
        match &presentation.screen {
            Screen::Attract => ScreenName::Attract,
            Screen::HoldPass(purpose) => {
                views::hold_pass::show(window, *purpose);
                ScreenName::HoldPass
            }
            Screen::FirstVisit => {
                views::first_visit::show(window, presentation);
                ScreenName::FirstVisit
            }
            Screen::Number(entry) => {
                views::number::show(window, entry);
                ScreenName::Number
            }
            Screen::Pin(entry) => {
                views::pin::show(window, entry);
                ScreenName::Pin
            }
            Screen::Staff(staff) => {
                views::staff::show(window, staff);
                ScreenName::Staff
            }
            Screen::Inside { menu, confirming } => {
                views::inside::show(window, menu, *confirming, presentation);
                ScreenName::Inside
            }
            Screen::Lent(_) | Screen::NoLoan(_) | Screen::Returned(_) | Screen::NotLent(_) => {
                views::lending::show(window, &presentation.screen, presentation)
            }
            Screen::Joined(_) | Screen::Waiting { .. } | Screen::GivenUp => {
                views::queue::show(window, &presentation.screen, presentation)
            }
            screen => self.show_answer(screen, presentation),
        }
    }

    fn show_answer(&self, screen: &Screen, presentation: &Presentation) -> ScreenName {
        let window = &self.window;
        match screen {
            Screen::Admitted(is) => {
                views::admitted::show(window, is, AdmittedHeading::CheckedIn, presentation);
                ScreenName::Admitted
            }
            Screen::SeatChanged(is) => {
                views::admitted::show(window, is, AdmittedHeading::SeatChanged, presentation);
                ScreenName::Admitted
            }
            Screen::WelcomeBack(is) => {
                views::admitted::show(window, is, AdmittedHeading::WelcomeBack, presentation);
                ScreenName::Admitted
            }
            Screen::Offer(offered) => {
                views::offer::show(window, offered, presentation);
                ScreenName::Offer
            }
            Screen::Early(early) => {
                views::early::show(window, early, presentation);
                ScreenName::Early
            }
            Screen::Standby(standby) => {
                views::programme::show_standby(window, standby, presentation);
                ScreenName::Standby
            }
            Screen::NoPlace(none) => {
                views::programme::show_no_place(window, none, presentation);
                ScreenName::NoPlace
            }
            Screen::Full(full) => {
                views::full::show(window, full, presentation);
                ScreenName::Full
            }
            Screen::Closed(closed) => {
                views::closed::show(window, closed, presentation);
                ScreenName::Closed
            }
            Screen::Expired(_) => {
                views::expired::show(window, presentation);
                ScreenName::Expired
            }
            Screen::Extended(extended) => {
                views::extension::show_extended(window, extended, presentation);
                ScreenName::Extended
            }
            Screen::NotExtended(refused) => {
                views::extension::show_not_extended(window, refused, presentation);
                ScreenName::NotExtended
            }
            Screen::NotRecognised => ScreenName::NotRecognised,
            Screen::Unreadable => ScreenName::Unreadable,
            Screen::TooManyErrors => ScreenName::TooManyErrors,
            Screen::Lapsed => ScreenName::Lapsed,
            Screen::Left(left) => {
                views::left::show(window, left, presentation);
                ScreenName::Left
            }
            Screen::NoOtherSeat => ScreenName::NoOtherSeat,
            Screen::SteppedOut(out) => {
                views::people::show_stepped_out(window, out, presentation);
                ScreenName::SteppedOut
            }
            Screen::Guest(received) => {
                views::people::show_guest(window, received);
                ScreenName::Guest
            }
            Screen::StaffComing => ScreenName::StaffComing,
            Screen::Desk => ScreenName::Desk,
            Screen::Unconfirmed => ScreenName::Unconfirmed,
            Screen::CannotRecord => ScreenName::CannotRecord,
            Screen::Attract
            | Screen::HoldPass(_)
            | Screen::FirstVisit
            | Screen::Number(_)
            | Screen::Pin(_)
            | Screen::Staff(_)
            | Screen::Joined(_)
            | Screen::Waiting { .. }
            | Screen::GivenUp
            | Screen::Lent(_)
            | Screen::NoLoan(_)
            | Screen::Returned(_)
            | Screen::NotLent(_)
            | Screen::Inside { .. } => ScreenName::Attract,
            Screen::ServiceLost => ScreenName::ServiceLost,
            Screen::Emergency { what, drill } => {
                views::emergency::show(window, *what, *drill, presentation);
                ScreenName::Emergency
            }
        }
    }
}

fn same_content(before: &Presentation, after: &Presentation) -> bool {
    before.screen == after.screen
        && before.language == after.language
        && before.details == after.details
        && before.floor == after.floor
        && before.centre == after.centre
}

/// Switches every text of the screens. Japanese is the language they are written in.
fn speak(language: Language) {
    let bundled = match language {
        Language::Japanese => "",
        Language::English => "en",
    };
    if let Err(error) = slint::select_bundled_translation(bundled) {
        tracing::warn!(%error, language = language.code(), "the screens do not have this language; build them again with lang/");
    }
}
