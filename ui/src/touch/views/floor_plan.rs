//! The plan of the room with the seat that is meant and the way there.

use crate::phrases;
use crate::touch::language::Language;
use crate::touch::route;
use crate::{Plan, PlanArea, PlanDot, PlanSeat, SeatState};
use api::screen::{FloorView, SeatState as State, SeatView};
use domain::floor::{Room, RoomKind};
use domain::ids::SeatId;
use slint::{ModelRc, VecModel};

/// The plan with `yours` filled in.
pub fn plan(floor: &FloorView, yours: Option<&SeatId>, language: Language) -> Plan {
    let target = floor.seats.iter().find(|seat| Some(&seat.id) == yours);
    let dots = target
        .map(|seat| route::dots(floor, seat.place))
        .unwrap_or_default();
    let words_below = floor
        .here
        .is_some_and(|here| begins_upwards(&dots, (here.x as f32, here.y as f32)));
    let dots: VecModel<PlanDot> = dots.into_iter().map(|(x, y)| PlanDot { x, y }).collect();
    let seats: VecModel<PlanSeat> = floor.seats.iter().map(|view| seat(view, yours)).collect();
    let areas: VecModel<PlanArea> = floor
        .rooms
        .iter()
        .map(|room| area(room, language))
        .collect();
    Plan {
        width: floor.width as f32,
        height: floor.height as f32,
        seats: ModelRc::new(seats),
        areas: ModelRc::new(areas),
        dots: ModelRc::new(dots),
        here_x: floor.here.map(|here| here.x as f32).unwrap_or_default(),
        here_y: floor.here.map(|here| here.y as f32).unwrap_or_default(),
        has_here: floor.here.is_some(),
        words_below,
    }
}

fn begins_upwards(dots: &[(f32, f32)], here: (f32, f32)) -> bool {
    let near = |(x, y): &(f32, f32)| (x - here.0).abs() < 12.0 && *y < here.1 - 12.0;
    dots.iter().take(6).any(near)
}

fn seat(view: &SeatView, yours: Option<&SeatId>) -> PlanSeat {
    let state = match view.state {
        _ if Some(&view.id) == yours => SeatState::Yours,
        State::Free => SeatState::Free,
        State::Occupied | State::Overdue | State::Offered | State::Reserved | State::Programme => {
            SeatState::Taken
        }
    };
    PlanSeat {
        label: view.id.as_str().into(),
        x: view.place.x as f32,
        y: view.place.y as f32,
        width: view.place.w as f32,
        height: view.place.h as f32,
        state,
    }
}

/// A room as it is drawn.
pub fn area(room: &Room, language: Language) -> PlanArea {
    PlanArea {
        label: phrases::mark(room.name.in_language(language.code())).into(),
        x: room.place.x as f32,
        y: room.place.y as f32,
        width: room.place.w as f32,
        height: room.place.h as f32,
        people: room.kind == RoomKind::Consultation,
    }
}
