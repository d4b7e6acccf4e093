//! Each check fails when it is fed with a broken day. The days are real ones, played by the rules, with one entry changed.

use crate::centre::{
    PLAIN, PROGRAMME_ZONE, WITH_PC, enrol, floor, member, moment, pass, reservation,
};
use crate::desk::{Desk, agree};
use crate::promises::{Broken, Promises};
use crate::remedies::{has_remedy, is_told};
use chrono::{NaiveDate, TimeDelta};
use domain::event::{Entry, Event, GuestPurpose};
use domain::reference::{Audience, Programme, ProgrammeKind, Purpose, Reference};
use domain::text::Text;
use domain::verdict::{Full, Remedy};
use domain::{Command, Verdict};

fn date() -> NaiveDate {
    "2026-11-24".parse().unwrap()
}

/// Two PC seats in the zone of the programmes, two members, and one more with a place in tonight's programme.
fn centre() -> Reference {
    let mut reference = Reference::default();
    reference.floor = floor(&[
        (PROGRAMME_ZONE, 'A', 2, WITH_PC),
        (PROGRAMME_ZONE, 'B', 2, PLAIN),
    ]);
    (0..4).for_each(|number| enrol(&mut reference, number, member(number)));
    let (starts, ends) = (moment(date(), 14 * 60), moment(date(), 15 * 60));
    let programme = Programme {
        id: "p".into(),
        title: Text::ja("催し"),
        kind: ProgrammeKind::Seminar,
        starts,
        ends,
        zone: None,
        audience: Audience::Anyone,
        capacity: 2,
        places_left: None,
        set_up_min: None,
        clearing_min: None,
        pcs: 0,
        cancelled: false,
    };
    reference.programmes.insert("p".into(), programme);
    let place = |number: u32| {
        reservation(
            number,
            number as usize,
            (starts, ends),
            Purpose::Programme {
                programme: "p".into(),
                standby: false,
            },
            1,
        )
    };
    reference.set_reservations([place(2), place(3)]);
    reference
}

/// Two people on seats at ten and ten past, two in the programme; nobody has left at two.
fn played() -> Desk {
    let mut desk = Desk::start(centre(), moment(date(), 9 * 60)).unwrap();
    for (number, minutes) in [(0, 600), (1, 610), (2, 830), (3, 831)] {
        desk.pass_to(moment(date(), minutes)).unwrap();
        if let Some(Verdict::Offer(offered)) = desk.scan("door", &pass(number), false).unwrap() {
            desk.tell(&Command::Choose {
                station: "door".into(),
                offer: offered.offer,
                choice: 0,
            })
            .unwrap();
        }
    }
    desk.pass_to(moment(date(), 14 * 60)).unwrap();
    assert_eq!(desk.inside(), 4);
    desk
}

/// What the watch says of these entries, and of the moment after them.
fn watch(entries: &[Entry], reference: &Reference) -> Result<(), Broken> {
    let mut promises = Promises::default();
    for entry in entries {
        promises.take(entry, reference)?;
    }
    let now = entries.last().map(|entry| entry.stamp.at).unwrap();
    promises.at_rest(now, true, reference)
}

/// The journal with this done to its entries.
fn changed(desk: &Desk, mut change: impl FnMut(&mut Event)) -> Vec<Entry> {
    let mut entries = desk.journal.clone();
    entries
        .iter_mut()
        .for_each(|entry| change(&mut entry.event));
    entries
}

/// The journal with one more entry like the first that `like` turns into another.
fn and(desk: &Desk, like: impl Fn(&Event) -> Option<Event>) -> Vec<Entry> {
    let mut entries = desk.journal.clone();
    let event = entries.iter().find_map(|entry| like(&entry.event)).unwrap();
    let stamp = entries.last().unwrap().stamp.clone();
    entries.push(Entry { stamp, event });
    entries
}

#[test]
fn the_day_as_it_was_is_in_order() {
    let desk = played();
    assert_eq!(watch(&desk.journal, &desk.reference), Ok(()));
}

#[test]
fn one_seat_for_two() {
    let desk = played();
    let mut first = None;
    let broken = changed(&desk, |event| {
        if let Event::SeatAssigned { seat, .. } = event {
            *seat = first.get_or_insert(seat.clone()).clone();
        }
    });
    assert!(matches!(
        watch(&broken, &desk.reference),
        Err(Broken::SeatHeldTwice { .. })
    ));
}

#[test]
fn a_seat_offered_that_somebody_sits_on() {
    let desk = played();
    let open_offer: Vec<_> = changed(&desk, |_| {})
        .into_iter()
        .filter(|entry| !matches!(entry.event, Event::OfferEnded { .. }))
        .collect();
    assert!(matches!(
        watch(&open_offer, &desk.reference),
        Err(Broken::SeatHeldTwice { .. })
    ));
}

#[test]
fn somebody_let_in_twice() {
    let desk = played();
    let broken = and(&desk, |event| {
        let mut event = event.clone();
        let Event::VisitStarted { visit, .. } = &mut event else {
            return None;
        };
        *visit = "another".into();
        Some(event)
    });
    assert!(matches!(
        watch(&broken, &desk.reference),
        Err(Broken::InsideTwice { .. })
    ));
}

#[test]
fn a_visitor_moved() {
    let desk = played();
    let broken = and(&desk, |event| {
        let mut event = event.clone();
        let Event::SeatAssigned { seat, .. } = &mut event else {
            return None;
        };
        *seat = "A2".into();
        Some(event)
    });
    assert!(matches!(
        watch(&broken, &desk.reference),
        Err(Broken::Moved { .. })
    ));
}

/// The first visitor stays longer at two and takes another seat, and a guest is there.
fn rearranged() -> Desk {
    let mut desk = played();
    let visit = desk.today.visit_of(&"m0000".into()).unwrap().id.clone();
    desk.tell(&Command::Extend {
        visit: visit.clone(),
    })
    .unwrap();
    let offer = desk.tell(&Command::OtherSeats {
        station: "door".into(),
        visit,
    });
    let Some(Verdict::Offer(offered)) = offer.unwrap() else {
        panic!("no other seat")
    };
    desk.tell(&Command::Choose {
        station: "door".into(),
        offer: offered.offer,
        choice: 0,
    })
    .unwrap();
    desk.tell(&Command::ReceiveGuest {
        station: "door".into(),
        purpose: GuestPurpose::Tour,
    })
    .unwrap();
    desk
}

#[test]
fn another_seat_than_was_chosen() {
    let desk = rearranged();
    assert_eq!(watch(&desk.journal, &desk.reference), Ok(()));
    let shorter = changed(&desk, |event| {
        if let Event::SeatChanged { until, .. } = event {
            *until -= TimeDelta::minutes(5);
        }
    });
    let compared_with_another = changed(&desk, |event| {
        if let Event::OfferMade {
            changes: Some(had), ..
        } = event
        {
            had.until -= TimeDelta::minutes(5);
        }
    });
    for broken in [shorter, compared_with_another] {
        assert!(matches!(
            watch(&broken, &desk.reference),
            Err(Broken::NotAsChosen { .. })
        ));
    }
}

#[test]
fn a_guest_whom_closing_forgot() {
    let mut desk = rearranged();
    desk.pass_to(moment(date(), 19 * 60)).unwrap();
    assert_eq!(watch(&desk.journal, &desk.reference), Ok(()));
    let forgotten: Vec<_> = changed(&desk, |_| {})
        .into_iter()
        .filter(|entry| !matches!(entry.event, Event::GuestLeft { .. }))
        .collect();
    assert!(matches!(
        watch(&forgotten, &desk.reference),
        Err(Broken::GuestAfterClosing { .. })
    ));
}

#[test]
fn a_visitor_shortened() {
    let desk = played();
    let shorter = and(&desk, |event| {
        let mut event = event.clone();
        let Event::SeatAssigned { until, .. } = &mut event else {
            return None;
        };
        *until -= TimeDelta::minutes(5);
        Some(event)
    });
    assert!(matches!(
        watch(&shorter, &desk.reference),
        Err(Broken::Shortened { .. })
    ));
    let mut swept = played();
    swept.pass_to(moment(date(), 19 * 60)).unwrap();
    let broken = changed(&swept, |event| {
        if let Event::VisitEnded { ended_at, .. } = event {
            *ended_at = moment(date(), 10 * 60 + 30);
        }
    });
    assert!(matches!(
        watch(&broken, &swept.reference),
        Err(Broken::Shortened { .. })
    ));
}

#[test]
fn more_people_than_a_programme_takes() {
    let mut desk = played();
    for programme in desk.reference.programmes.values_mut() {
        programme.capacity = 1;
    }
    assert!(matches!(
        watch(&desk.journal, &desk.reference),
        Err(Broken::OverCapacity { .. })
    ));
}

#[test]
fn a_seat_that_is_not_there_or_not_fit_or_a_programmes() {
    let mut gone = played();
    gone.reference.floor.seats.clear();
    assert!(matches!(
        watch(&gone.journal, &gone.reference),
        Err(Broken::WrongSeat {
            why: "is not on the floor",
            ..
        })
    ));
    let mut needed = played();
    needed
        .reference
        .members
        .values_mut()
        .for_each(|member| member.needs.floor_space = true);
    assert!(matches!(
        watch(&needed.journal, &needed.reference),
        Err(Broken::WrongSeat {
            why: "this member cannot use",
            ..
        })
    ));
    let mut taken = played();
    for programme in taken.reference.programmes.values_mut() {
        (programme.starts, programme.zone) = (moment(date(), 11 * 60), Some(PROGRAMME_ZONE.into()));
    }
    assert!(matches!(
        watch(&taken.journal, &taken.reference),
        Err(Broken::WrongSeat {
            why: "a programme has then",
            ..
        })
    ));
}

#[test]
fn somebody_inside_after_closing() {
    let mut desk = played();
    desk.pass_to(moment(date(), 19 * 60)).unwrap();
    assert_eq!(watch(&desk.journal, &desk.reference), Ok(()));
    let is_end = |entry: &Entry| matches!(entry.event, Event::VisitEnded { .. });
    let last = desk.journal.iter().rposition(is_end).unwrap();
    let mut without = desk.journal.clone();
    without.remove(last);
    assert!(matches!(
        watch(&without, &desk.reference),
        Err(Broken::InsideAfterClosing { .. })
    ));
}

#[test]
fn somebody_forgotten_over_night() {
    let desk = played();
    let opened = desk.journal.first().unwrap().clone();
    assert!(matches!(opened.event, Event::DayOpened { .. }));
    let broken: Vec<_> = desk.journal.iter().cloned().chain([opened]).collect();
    assert!(matches!(
        watch(&broken, &desk.reference),
        Err(Broken::Forgotten { .. })
    ));
}

#[test]
fn an_end_of_a_visit_that_never_began() {
    let desk = played();
    let without: Vec<_> = desk
        .journal
        .iter()
        .filter(|entry| !matches!(entry.event, Event::VisitStarted { .. }))
        .cloned()
        .collect();
    assert!(matches!(
        watch(&without, &desk.reference),
        Err(Broken::Unknown(_))
    ));
}

#[test]
fn a_refusal_without_a_remedy() {
    let now = moment(date(), 600);
    let full = |expected_free, remedy| {
        Verdict::Full(Full {
            expected_free,
            day_total_used: false,
            waiting: 0,
            wait: None,
            lock_min: 5,
            ticket: None,
            remedy,
        })
    };
    assert_eq!(
        has_remedy(&full(None, Remedy::ReserveAnotherTime), now),
        Ok(())
    );
    assert!(
        has_remedy(&full(None, Remedy::ComeBack), now).is_err(),
        "come back when?"
    );
    assert!(
        has_remedy(
            &full(Some(now - TimeDelta::minutes(1)), Remedy::ComeBack),
            now
        )
        .is_err(),
        "that is over"
    );
    let mut desk = played();
    desk.pass_to(now + TimeDelta::hours(12)).unwrap();
    desk.scan("door", &pass(0), false).unwrap();
    let refused = desk.journal.last().unwrap().event.clone();
    assert!(matches!(refused, Event::ScanRefused { .. }));
    assert!(is_told(&[refused], None).is_err(), "refused and not told");
}

#[test]
fn a_replay_that_differs() {
    let desk = played();
    assert!(desk.replayed().is_ok());
    let mut other = desk.today.clone();
    other.visits.values_mut().next().unwrap().overdue ^= true;
    assert_eq!(
        agree(&desk.today, &other),
        Err(Broken::ReplayDiffers("visits"))
    );
    let mut lossy = played();
    lossy.journal.pop();
    assert!(matches!(lossy.replayed(), Err(Broken::ReplayDiffers(_))));
}
