use domain::Verdict;
use domain::adviser::ConsultationOffer;
use domain::event::Choice;
use domain::reference::DateTime;
use domain::staff::{Obstacle, StaffAnswer};
use domain::verdict::{
    Admitted, Appointment, AppointmentKind, ClosedBecause, Extension, LentItem, Note, Place,
    ProgrammeChange, Waiting,
};
use serde::Serialize;

/// A verdict in few words, with everything in it that matters, so that tests read as a story.
pub fn say(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Admitted(is) => {
            format!("in: {}", admitted(is))
        }
        Verdict::Inside(is) => {
            let extension = match is.extension {
                Extension::Possible { until } => format!("may stay to {}", time(until)),
                Extension::NotPossible { limited_by } => format!("no longer: {}", word(limited_by)),
            };
            format!(
                "inside: {} to {}, {extension}{}{}",
                place(&is.place),
                time(is.until),
                next(is.next.as_ref()),
                change(is.change.as_deref())
            )
        }
        Verdict::Offer(is) => {
            let consultation = is.consultation.as_ref().map(consultation);
            let choices: Vec<_> = is.choices.iter().map(choice).chain(consultation).collect();
            let kind = if is.changes.is_some() {
                "other seats"
            } else {
                "offer"
            };
            format!(
                "{kind}: {}{}{}",
                choices.join(" | "),
                next(is.next.as_ref()),
                note(is.note)
            )
        }
        Verdict::TooEarly(is) => {
            let bridge = is
                .bridge
                .as_ref()
                .map(|bridge| format!(" until then {};", choice(&bridge.choice)))
                .unwrap_or_default();
            format!(
                "early: {}, doors {};{bridge} {}",
                appointment(&is.appointment),
                time(is.doors_open),
                word(is.remedy)
            )
        }
        Verdict::Standby(is) => format!(
            "standby: {} again {} after {}; {}",
            is.title.ja,
            time(is.ask_again),
            is.ahead,
            word(is.remedy)
        ),
        Verdict::NoPlace(is) => {
            let seat = is
                .seat
                .as_ref()
                .map(|seat| format!(" {};", choice(&seat.choice)))
                .unwrap_or_default();
            let because = word(is.because);
            format!(
                "no place: {} {because};{seat} {}",
                is.title.ja,
                word(is.remedy)
            )
        }
        Verdict::Full(is) => {
            let why = if is.day_total_used {
                "day total".to_owned()
            } else {
                is.expected_free
                    .map_or("today".to_owned(), |at| format!("free {}", time(at)))
            };
            let others = Some(is.waiting).filter(|waiting| *waiting > 0);
            let others = others.map(|waiting| format!(", {waiting} waiting"));
            format!(
                "full: {why}{}; {}",
                others.unwrap_or_default(),
                word(is.remedy)
            )
        }
        Verdict::Joined(is) => format!("joined: {}", place_in_line(is)),
        Verdict::Waiting(is) => format!("waiting: {}", place_in_line(is)),
        Verdict::GivenUp(is) => format!("given up: no. {}; {}", is.number, word(is.remedy)),
        Verdict::Closed(is) => {
            let opening = is.next_opening.map(|next| {
                format!(
                    ", opens {} {}",
                    next.date.format("%m-%d"),
                    next.time.format("%H:%M")
                )
            });
            format!(
                "closed: {}{}; {}",
                because(&is.reason),
                opening.unwrap_or_default(),
                word(is.remedy)
            )
        }
        Verdict::Expired(is) => format!("expired {}; {}", is.valid_until, word(is.remedy)),
        Verdict::NotRecognised(is) => format!("not recognised; {}", word(is.remedy)),
        Verdict::Unreadable(is) => format!("unreadable; {}", word(is.remedy)),
        Verdict::TooManyErrors(is) => format!("too many errors; {}", word(is.remedy)),
        Verdict::Left(is) => {
            let out = if is.still_out.is_empty() {
                ""
            } else {
                ", still out "
            };
            format!(
                "left{}{out}{}",
                next(is.next.as_ref()),
                is.still_out.join(" ")
            )
        }
        Verdict::Extended(is) => format!(
            "extended: {} to {} {}",
            place(&is.place),
            time(is.until),
            word(is.limited_by)
        ),
        Verdict::NotExtended(is) => format!(
            "not extended: {} {}; {}",
            time(is.until),
            word(is.limited_by),
            word(is.remedy)
        ),
        Verdict::SeatChanged(is) => format!("moved: {}", admitted(is)),
        Verdict::NoOtherSeat(is) => format!("no other seat; {}", word(is.remedy)),
        Verdict::SteppedOut(is) => format!("out to {}", time(is.back_by)),
        Verdict::WelcomeBack(is) => format!("welcome back: {}", admitted(is)),
        Verdict::Accompanied(is) => {
            let remedy = is.remedy.map(|remedy| format!("; {}", word(remedy)));
            format!(
                "with {} of {}{}",
                is.companions.count,
                is.companions.most,
                remedy.unwrap_or_default()
            )
        }
        Verdict::GuestReceived(is) => {
            format!("guest: {}; {}", word(is.purpose), word(is.remedy))
        }
        Verdict::Lent(is) => {
            let items: Vec<_> = is.items.iter().map(item).collect();
            let plug_in = if is.plug_in { ", plugged in" } else { "" };
            format!("take {}{plug_in}", items.join(" and "))
        }
        Verdict::NoLoan(is) => {
            let expected = is.expected.map(|at| format!(" until {}", time(at)));
            format!(
                "no loan: {}{}; {}",
                word(is.because),
                expected.unwrap_or_default(),
                word(is.remedy)
            )
        }
        Verdict::Returned(is) => {
            let out = if is.still_out.is_empty() {
                ""
            } else {
                ", still out "
            };
            format!(
                "back: {}{out}{}; {}",
                is.name,
                is.still_out.join(" "),
                word(is.remedy)
            )
        }
        Verdict::NotLent(is) => {
            let is_back = if is.is_back { " any more" } else { "" };
            format!("not out{is_back}: {}; {}", is.name, word(is.remedy))
        }
        Verdict::Lapsed(is) => format!("lapsed; {}", word(is.remedy)),
        Verdict::Emergency(is) => {
            let drill = if is.drill { " drill" } else { "" };
            format!("{}{drill}; {}", word(is.what), word(is.remedy))
        }
        Verdict::StaffCalled(is) => format!("staff called; {}", word(is.remedy)),
        Verdict::Staff(is) => said_to_staff(is),
    }
}

fn said_to_staff(answer: &StaffAnswer) -> String {
    match answer {
        StaffAnswer::AskPin { remedy } => format!("PIN; {}", word(remedy)),
        StaffAnswer::SignedIn { staff, role } => format!("signed in: {staff}, {}", word(role)),
        StaffAnswer::NotSignedIn { remedy } => format!("not signed in; {}", word(remedy)),
        StaffAnswer::Done {
            place: seat,
            until: end,
        } => {
            let seat = seat.as_ref().map(|seat| format!(": {}", place(seat)));
            let end = end.map(|end| format!(" to {}", time(end)));
            format!(
                "done{}{}",
                seat.unwrap_or_default(),
                end.unwrap_or_default()
            )
        }
        StaffAnswer::NotDone {
            because: Obstacle::CannotBeLonger { limited_by },
            remedy,
        } => format!("not longer: {}; {}", word(limited_by), word(remedy)),
        StaffAnswer::NotDone { because, remedy } => {
            let because = serde_json::to_value(because).unwrap()["kind"].clone();
            format!("not done: {}; {}", because.as_str().unwrap(), word(remedy))
        }
    }
}

fn item(is: &LentItem) -> String {
    let percent = is
        .percent
        .map_or("?".to_owned(), |percent| percent.to_string());
    format!("{} at {percent}% to {}", is.name, time(is.back_by))
}

fn place_in_line(is: &Waiting) -> String {
    let wait = is.wait.map_or("nobody knows".to_owned(), |wait| {
        format!("{}-{} min", wait.from_min, wait.to_min)
    });
    format!(
        "no. {}, {} ahead, {wait}; {}",
        is.number,
        is.ahead,
        word(is.remedy)
    )
}

fn admitted(is: &Admitted) -> String {
    format!(
        "{} to {} {}{}{}",
        place(&is.place),
        time(is.until),
        word(is.limited_by),
        next(is.next.as_ref()),
        note(is.note)
    )
}

/// A unit variant as JSON has it.
fn word(of: impl Serialize) -> String {
    serde_json::to_value(of)
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}

fn time(at: DateTime) -> String {
    at.format(if at.format("%S").to_string() == "00" {
        "%H:%M"
    } else {
        "%H:%M:%S"
    })
    .to_string()
}

fn place(place: &Place) -> String {
    match place {
        Place::Seat { seat, .. } => seat.to_string(),
        Place::Programme { title, zone } => format!(
            "{}{}",
            title.ja,
            zone.as_ref()
                .map(|zone| format!(" in {zone}"))
                .unwrap_or_default()
        ),
        Place::Consultation => "consultation".to_owned(),
    }
}

fn choice(choice: &Choice) -> String {
    let goes_on = choice
        .goes_on_until
        .map(|until| format!(" and on to {}", time(until)))
        .unwrap_or_default();
    format!(
        "{} to {} {}{goes_on}",
        choice.seat,
        time(choice.until),
        word(choice.limited_by)
    )
}

fn consultation(is: &ConsultationOffer) -> String {
    let wait = is
        .wait
        .map(|wait| format!(" in {}-{}", wait.from_min, wait.to_min));
    format!(
        "consultation to {}{}",
        time(is.until),
        wait.unwrap_or_default()
    )
}

fn next(next: Option<&Appointment>) -> String {
    next.map(|next| format!(", next {}", appointment(next)))
        .unwrap_or_default()
}

fn appointment(is: &Appointment) -> String {
    let what = match &is.what {
        AppointmentKind::Seat => "seat".to_owned(),
        AppointmentKind::Programme { title } => title.ja.clone(),
        AppointmentKind::Consultation => "consultation".to_owned(),
    };
    format!("{what} {}", time(is.starts))
}

fn change(change: Option<&ProgrammeChange>) -> String {
    match change {
        None => String::new(),
        Some(ProgrammeChange::CalledOff { title }) => format!(", {} called off", title.ja),
        Some(ProgrammeChange::Moved { title, starts }) => {
            format!(", {} now {}", title.ja, time(*starts))
        }
    }
}

fn note(note: Option<Note>) -> String {
    note.map(|note| format!(", {}", word(note)))
        .unwrap_or_default()
}

fn because(reason: &ClosedBecause) -> String {
    match reason {
        ClosedBecause::NotYetOpen => "not yet open".to_owned(),
        ClosedBecause::Ended => "ended".to_owned(),
        ClosedBecause::ClosedToday { text } => text.ja.clone(),
        ClosedBecause::Break => "break".to_owned(),
        ClosedBecause::QueueEnded => "queue ended".to_owned(),
        ClosedBecause::ProgrammeOnly => "programme only".to_owned(),
    }
}
