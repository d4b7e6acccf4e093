use super::{DOOR, Door};
use domain::event::GuestPurpose;
use domain::ids::GuestId;
use domain::{Command, HeadCount};

/// What people ask of a door besides checking in.
impl Door {
    /// Asks for other seats than the one this member has.
    pub fn other_seats(&mut self, member: &str) -> String {
        self.other_seats_at(DOOR, member)
    }

    pub fn other_seats_at(&mut self, station: &str, member: &str) -> String {
        let visit = self.visit(member);
        self.tell(&Command::OtherSeats {
            station: station.into(),
            visit,
        })
    }

    pub fn step_out(&mut self, member: &str) -> String {
        let visit = self.visit(member);
        self.tell(&Command::StepOut { visit })
    }

    pub fn accompany(&mut self, member: &str, companions: u32) -> String {
        let visit = self.visit(member);
        self.tell(&Command::Accompany { visit, companions })
    }

    pub fn receive(&mut self, purpose: GuestPurpose) -> String {
        self.receive_at(DOOR, purpose)
    }

    pub fn receive_at(&mut self, station: &str, purpose: GuestPurpose) -> String {
        self.tell(&Command::ReceiveGuest {
            station: station.into(),
            purpose,
        })
    }

    pub fn guest_leaves(&mut self, guest: &GuestId) {
        self.tell(&Command::GuestLeaves {
            guest: guest.clone(),
        });
    }

    /// Visitors, companions, guests and who has stepped out.
    pub fn people(&self) -> (usize, usize, usize, usize) {
        let count = HeadCount::of(&self.today);
        assert_eq!(
            count.inside(),
            count.visitors + count.companions + count.guests
        );
        (
            count.visitors,
            count.companions,
            count.guests,
            count.stepped_out,
        )
    }
}
