//! The watch over the queue speaks up when somebody is overtaken, and only then.

use crate::centre::{PLAIN, PROGRAMME_ZONE, floor, moment};
use crate::promises::Broken;
use crate::queue_order::QueueOrder;
use chrono::TimeDelta;
use domain::event::{Choice, Event, LimitedBy, Wait};
use domain::floor::Features;
use domain::reference::{DateTime, Reference};

fn noon() -> DateTime {
    moment("2026-11-24".parse().unwrap(), 12 * 60)
}

fn joined(number: u32, needs: Features) -> Event {
    Event::QueueJoined {
        ticket: format!("t{number}").into(),
        number,
        member: format!("m{number}").into(),
        station: "door".into(),
        needs,
        expected: Wait {
            from_min: 5,
            to_min: 10,
        },
    }
}

fn choice(reference: &Reference) -> Choice {
    let seat = &reference.floor.seats[0];
    Choice {
        seat: seat.id.clone(),
        zone: seat.zone.clone(),
        pc: false,
        until: noon() + TimeDelta::hours(1),
        limited_by: LimitedBy::Grant,
        goes_on_until: None,
    }
}

/// What the watch says when these wait, in order, and this happens.
fn watch(waiting: &[Features], event: impl Fn(Choice) -> Event) -> Result<(), Broken> {
    let mut reference = Reference::default();
    reference.floor = floor(&[(PROGRAMME_ZONE, 'A', 1, PLAIN)]);
    let mut order = QueueOrder::default();
    for (number, needs) in (1..).zip(waiting) {
        order.take(&joined(number, *needs), noon(), &reference)?;
    }
    order.take(&event(choice(&reference)), noon(), &reference)?;
    order.at_rest(noon(), &reference)
}

fn called(number: u32) -> impl Fn(Choice) -> Event {
    move |choice| Event::QueueCalled {
        ticket: format!("t{number}").into(),
        choice,
        waited_s: None,
        again_at_ms: 1,
        held_until_ms: 2,
    }
}

fn offered(choice: Choice) -> Event {
    Event::OfferMade {
        offer: "o".into(),
        member: "m9".into(),
        station: "door".into(),
        typed: false,
        bridge_to: None,
        reservation: None,
        changes: None,
        choices: vec![choice],
        consultation: None,
        held_until_ms: 1,
    }
}

#[test]
fn a_call_or_an_offer_before_somebody_who_waits() {
    let any = Features::default();
    let with_pc = Features { pc: true, ..any };
    let is_overtaken = |result| matches!(result, Err(Broken::Overtaken { .. }));
    assert_eq!(watch(&[any, any], called(1)), Ok(()));
    assert!(is_overtaken(watch(&[any, any], called(2))));
    assert_eq!(
        watch(&[with_pc, any], called(2)),
        Ok(()),
        "of no use to the first"
    );
    assert!(is_overtaken(watch(&[any], offered)));
    assert_eq!(watch(&[with_pc], offered), Ok(()));
    let for_minutes = |choice| {
        let until = noon() + TimeDelta::minutes(10);
        offered(Choice { until, ..choice })
    };
    assert_eq!(watch(&[any], for_minutes), Ok(()), "too short for them");
}
