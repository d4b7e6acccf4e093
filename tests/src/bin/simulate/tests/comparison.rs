//! Small days through the real door, beside the model in which the best is searched.

use crate::best::{Found, best, first_fit};
use crate::compare::{band, follow};
use crate::small_floor::{draw, play};

#[test]
fn the_model_grants_what_the_door_grants_on_the_same_seats() {
    for number in 0..12 {
        let day = draw(2, number, 80 + 4 * i64::try_from(number).unwrap());
        let door = play(&day).unwrap();
        let (modelled, differences) = follow(&day, &door);
        assert_eq!(differences, 0, "day {number}");
        assert_eq!(
            (modelled.minutes, modelled.unplaced, door.displaced),
            (door.minutes, 0, 0),
            "day {number}"
        );
        assert!(
            door.chosen.iter().flatten().count() > 10,
            "hardly anybody came on day {number}"
        );
    }
}

#[test]
fn nothing_is_better_than_the_best() {
    for number in 0..4 {
        let day = draw(4, number, 85);
        let (door, first) = (play(&day).unwrap(), first_fit(&day));
        let Found::Most(best) = best(&day, None) else {
            panic!("day {number}")
        };
        assert!(
            door.minutes <= best && first.minutes <= best,
            "day {number}: {} {} {best}",
            door.minutes,
            first.minutes
        );
    }
}

#[test]
fn a_band_holds_days_of_its_demand() {
    for from in [80, 120] {
        for number in 0..5 {
            let day = draw(1, number, from);
            let demand = 100.0 * day.wanted() as f64 / day.seat_minutes() as f64;
            assert!(
                (from as f64 - 1.0..from as f64 + 6.0).contains(&demand),
                "{demand}"
            );
        }
    }
    let band = band(1, 100, 2).unwrap();
    assert_eq!(
        (band.days + band.left_out + band.unsolved, band.displaced),
        (2, 0)
    );
}
