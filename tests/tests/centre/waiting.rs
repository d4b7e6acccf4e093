//! A full house: somebody takes a number, is called on every screen, and comes in by one scan.

use crate::support::{SECONDS, admitted, scan, seat_of, until_equal, visitors};
use api::Verdict;
use api::screen::{SeatState, StreamItem};
use api::verdict::{Admitted, Full};
use domain::ids::TicketId;
use e2e::test_kiosk::{DOOR, Listener, PATIENCE, TestKiosk};
use e2e::test_office::{BrokerKind, TestOffice};

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_is_called_everywhere_and_comes_in_by_one_scan() {
    let office = TestOffice::start(BrokerKind::Embedded).await.unwrap();
    let kiosk = TestKiosk::start(&office).await.unwrap();
    kiosk.until_open().await.unwrap();
    let client = kiosk.client(DOOR).unwrap();
    let mut door = kiosk.listen(DOOR).await.unwrap();
    let (inside, code, ticket) = fill(&office, &kiosk, &mut door).await;

    let Verdict::Joined(place) = client.join(&ticket).await.unwrap() else {
        panic!("no number")
    };
    assert_eq!((place.number, place.ahead), (1, 0));
    assert_eq!(client.signage().await.unwrap().waiting, 1);

    // The one who came last leaves: that seat is held for the one who waits.
    let leaver = inside.last().unwrap();
    assert!(matches!(
        client.leave(&leaver.visit).await.unwrap(),
        Verdict::Left(_)
    ));
    let seat = seat_of(leaver);
    let signage = client.signage().await.unwrap();
    let called: Vec<_> = signage
        .calls
        .iter()
        .map(|call| (call.number, &call.seat))
        .collect();
    assert_eq!((called, signage.waiting), (vec![(1, seat)], 0));
    let shown = loop {
        match door.next(PATIENCE).await.unwrap() {
            StreamItem::Centre(centre) if !centre.calls.is_empty() => break centre.calls,
            _ => {}
        }
    };
    assert_eq!(shown, signage.calls);
    let floor = client.floor().await.unwrap();
    let held = floor.seats.iter().find(|one| &one.id == seat).unwrap();
    assert_eq!(held.state, SeatState::Offered);

    let come = scan(&kiosk, &mut door, &code).await;
    assert_eq!(seat_of(&admitted(&client, come).await), seat);
    assert_eq!(client.signage().await.unwrap().calls, []);
    until_equal(&office, &kiosk, SECONDS).await;
}

/// People come until there is no seat; the pass of the first who finds none, and the number put before them.
async fn fill(
    office: &TestOffice,
    kiosk: &TestKiosk,
    door: &mut Listener,
) -> (Vec<Admitted>, String, TicketId) {
    let client = kiosk.client(DOOR).unwrap();
    let mut inside = Vec::new();
    for code in visitors(office) {
        match scan(kiosk, door, &code).await {
            Verdict::Full(Full {
                ticket: Some(ticket),
                ..
            }) => return (inside, code, ticket),
            Verdict::Offer(offered) => {
                let chosen = client.choose(&offered.offer, 0).await.unwrap();
                inside.push(admitted(&client, chosen).await);
            }
            _ => {}
        }
    }
    panic!("the house is never full")
}
