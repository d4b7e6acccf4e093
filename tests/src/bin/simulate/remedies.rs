//! Every refusal carries its remedy, and one that can be followed.

use crate::promises::Broken;
use domain::Verdict;
use domain::event::Event;
use domain::reference::DateTime;
use domain::staff::StaffAnswer;
use domain::verdict::Remedy;

/// Every refusal says what to do, and that it can be done.
pub(crate) fn has_remedy(verdict: &Verdict, now: DateTime) -> Result<(), Broken> {
    let fits = match verdict {
        Verdict::Admitted(_)
        | Verdict::Inside(_)
        | Verdict::Offer(_)
        | Verdict::Left(_)
        | Verdict::Extended(_)
        | Verdict::SeatChanged(_)
        | Verdict::SteppedOut(_)
        | Verdict::Lent(_)
        | Verdict::WelcomeBack(_) => true,
        Verdict::Staff(StaffAnswer::NotDone { because, remedy }) => *remedy == because.remedy(),
        Verdict::Staff(_) => true,
        Verdict::Joined(is) | Verdict::Waiting(is) => is.remedy == Remedy::WaitForCall,
        Verdict::GivenUp(is) => is.remedy == Remedy::ReserveAnotherTime,
        Verdict::Full(is) if is.ticket.is_some() => {
            is.remedy == Remedy::TakeNumber && is.wait.is_some_and(|wait| wait.to_min > 0)
        }
        Verdict::NoOtherSeat(is) => is.remedy == Remedy::SeeStaff,
        Verdict::GuestReceived(is) => is.remedy == Remedy::SeeStaff,
        Verdict::Accompanied(is) => is.remedy.is_none_or(|remedy| remedy == Remedy::SeeStaff),
        Verdict::TooEarly(is) if is.bridge.is_some() => is.remedy == Remedy::TakeSeatUntilThen,
        Verdict::TooEarly(is) => is.remedy == Remedy::ComeBack && is.doors_open >= now,
        Verdict::Standby(is) => is.remedy == Remedy::ComeBack && is.ask_again > now,
        Verdict::NoPlace(is) => is.remedy == Remedy::SeeStaff,
        Verdict::Full(is) => match is.expected_free {
            Some(free) => is.remedy == Remedy::ComeBack && free > now,
            None => is.remedy == Remedy::ReserveAnotherTime,
        },
        Verdict::Closed(is) => is.remedy == Remedy::ComeBack && is.next_opening.is_some(),
        Verdict::Expired(is) => is.remedy == Remedy::Renew,
        Verdict::NotRecognised(is) => matches!(is.remedy, Remedy::SeeStaff | Remedy::CheckNumber),
        Verdict::Unreadable(is) => is.remedy == Remedy::HoldAgain,
        Verdict::TooManyErrors(is) => is.remedy == Remedy::SeeStaff,
        Verdict::NotExtended(is) => is.remedy == Remedy::SeeStaff,
        Verdict::NoLoan(is) => match is.expected {
            Some(expected) => is.remedy == Remedy::ComeBack && expected > now,
            None => matches!(is.remedy, Remedy::SeeStaff | Remedy::TakePoweredSeat),
        },
        Verdict::Returned(is) => is.remedy == Remedy::PutBack,
        Verdict::NotLent(is) => matches!(is.remedy, Remedy::PutBack | Remedy::StartAgain),
        Verdict::Lapsed(is) => is.remedy == Remedy::StartAgain,
        Verdict::StaffCalled(is) => is.remedy == Remedy::WaitForStaff,
        Verdict::Emergency(is) => is.remedy == Remedy::FollowStaff,
    };
    if fits {
        Ok(())
    } else {
        Err(Broken::NoRemedy(format!("{verdict:?}")))
    }
}

/// Whether an answer goes with what was recorded of it: who is refused in the journal is told so, with a remedy.
pub(crate) fn is_told(events: &[Event], verdict: Option<&Verdict>) -> Result<(), Broken> {
    let is_refused = events
        .iter()
        .any(|event| matches!(event, Event::ScanRefused { .. }));
    let is_welcome = matches!(
        verdict,
        None | Some(
            Verdict::Admitted(_)
                | Verdict::Inside(_)
                | Verdict::Offer(_)
                | Verdict::Left(_)
                | Verdict::Extended(_)
                | Verdict::SeatChanged(_)
                | Verdict::SteppedOut(_)
                | Verdict::WelcomeBack(_)
        )
    );
    if is_refused && is_welcome {
        return Err(Broken::NoRemedy(format!(
            "{events:?} answered with {verdict:?}"
        )));
    }
    Ok(())
}
