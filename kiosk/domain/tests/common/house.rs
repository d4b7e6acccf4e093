use super::{Centre, Door};
use domain::event::{Event, QueueEnd};

/// Of these seats; m7 cannot use one with a step.
pub fn waiting_centre(seats: &[&str]) -> Centre {
    Centre::new()
        .only(seats)
        .members(&["m1", "m2", "m3", "m4", "m5", "m6"])
        .member_needing("m7", |needs| needs.step_free = true)
}

/// A house whose seats are taken one by one by m1, m2, …
pub fn full_house(centre: Centre, time: &str) -> Door {
    let seats = centre.reference.floor.seats.len();
    let mut door = Door::open(centre, time);
    for member in 1..=seats {
        door.walk_in(&format!("m{member}"));
    }
    door
}

pub fn one_seat(time: &str) -> Door {
    full_house(waiting_centre(&["E1"]), time)
}

pub fn ends(door: &Door) -> Vec<QueueEnd> {
    let entries = door.journal.iter();
    entries
        .filter_map(|entry| match &entry.event {
            Event::QueueLeft { reason, .. } => Some(*reason),
            _ => None,
        })
        .collect()
}
