//! Everyone else at the door: guests, who came along, who goes out for a while and who sits elsewhere.

use crate::support::{SECONDS, come_in, scan, seat_of};
use api::Verdict;
use api::screen::SeatState;
use domain::event::GuestPurpose;
use e2e::test_kiosk::{DOOR, TestKiosk};
use e2e::test_office::{BrokerKind, TestOffice};
use e2e::waiting::wait_for;

#[tokio::test(flavor = "multi_thread")]
async fn everybody_inside_is_counted_and_only_visits_reach_the_figures() {
    let office = TestOffice::start(BrokerKind::Embedded).await.unwrap();
    let kiosk = TestKiosk::start(&office).await.unwrap();
    kiosk.until_open().await.unwrap();
    let client = kiosk.client(DOOR).unwrap();
    let mut door = kiosk.listen(DOOR).await.unwrap();
    let inside = async || client.floor().await.unwrap().people_inside;
    let pass = office.pass("M00020").unwrap();

    let received = client.receive_guest(GuestPurpose::Tour).await.unwrap();
    let Verdict::GuestReceived(guest) = received else {
        panic!("{received:?}")
    };
    assert_eq!(inside().await, 1);
    let admission = come_in(&kiosk, &mut door, pass).await;
    let visit = &admission.visit;
    let accompanied = client.accompany(visit, 2).await.unwrap();
    assert!(matches!(accompanied, Verdict::Accompanied(_)));
    assert_eq!(inside().await, 4);

    let out = client.step_out(visit).await.unwrap();
    assert!(matches!(out, Verdict::SteppedOut(_)), "{out:?}");
    assert_eq!(inside().await, 3, "those who came along may be there");
    let back = scan(&kiosk, &mut door, pass).await;
    let Verdict::WelcomeBack(back) = back else {
        panic!("{back:?}")
    };
    assert_eq!(
        (&back.place, back.until),
        (&admission.place, admission.until)
    );

    let offer = client.other_seats(visit).await.unwrap();
    let Verdict::Offer(offered) = offer else {
        panic!("{offer:?}")
    };
    let moved = client.choose(&offered.offer, 0).await.unwrap();
    let Verdict::SeatChanged(moved) = moved else {
        panic!("{moved:?}")
    };
    let floor = client.floor().await.unwrap();
    let state = |seat| {
        floor
            .seats
            .iter()
            .find(|one| &one.id == seat)
            .unwrap()
            .state
    };
    assert_eq!(state(seat_of(&moved)), SeatState::Occupied);
    assert_ne!(state(seat_of(&admission)), SeatState::Occupied, "at once");

    client.guest_leaves(&guest.guest).await.unwrap();
    assert_eq!(inside().await, 3);
    let at_office = wait_for("the seats at the office", SECONDS, async || {
        let visits = office.visits().await.ok()?;
        visits.into_iter().find(|one| one.seats.len() == 2)
    })
    .await
    .unwrap();
    assert_eq!(&at_office.visit, visit);
    assert_eq!(at_office.seats[1], *seat_of(&moved));
    assert_eq!(at_office.out_since, None);
}
