//! What the live page shows, as one picture of a moment. Names stand here and nowhere else: the office is their registered place (R25).

use super::Shared;
use crate::store::StoreError;
use crate::store::attendance::moved_on;
use crate::store::attention::{StaffCall, staff_calls};
use crate::store::call_list::{ToCall, call_list};
use crate::store::collections::read_document;
use crate::store::consultations::{ConsultationView, consultations_on};
use crate::store::emergencies::{EmergencyRecord, open_emergencies};
use crate::store::figures::{
    Counts, KioskStanding, VisitView, counts, incidents, inside, kiosks, quarantine, visits_on,
};
use crate::store::loans::{LoanView, loans_out};
use crate::store::members::{company_name, member_name};
use crate::store::programme::programme;
use crate::store::staffing::{Missing, unstaffed};
use chrono::{NaiveDate, TimeDelta, Timelike};
use domain::equipment::Equipment;
use domain::floor::Floor;
use domain::ids::{
    CompanyId, KioskId, MemberId, ProgrammeId, ReservationId, StationId, VisitId, ZoneId,
};
use domain::incident::IncidentKind;
use domain::reference::{Category, DateTime, Purpose};
use domain::settings::Settings;
use link::collections::CollectionName;
use rusqlite::Connection;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Nothing tells when somebody has come to whoever called, so a call is shown for so long.
const CALLS_SHOWN_FOR: TimeDelta = TimeDelta::minutes(10);
/// Whom to call is listed so many days ahead.
const CALLED_AHEAD: usize = 7;
/// Of each list.
const MATTERS_SHOWN: usize = 20;
/// The lists hold real and rehearsed matters together.
const MATTERS_LOOKED_AT: u32 = 200;

/// A picture of the moment.
#[derive(Serialize)]
pub(super) struct Snapshot {
    now: DateTime,
    date: NaiveDate,
    centre: String,
    rehearsal: bool,
    connected: bool,
    figures: Figures,
    zones: Vec<Zone>,
    visits: Vec<Stay>,
    loans: Vec<Out>,
    kiosks: Vec<Standing>,
    counts: Counts,
    emergencies: Vec<Emergency>,
    calls: Vec<Call>,
    unstaffed: Vec<Unstaffed>,
    waiting: Vec<Matter>,
    to_call: Vec<Contact>,
}

/// Somebody to be told that the centre is closed at the time of their reservation.
#[derive(Serialize)]
struct Contact {
    reservation: ReservationId,
    number: String,
    member_no: MemberId,
    name: Option<String>,
    kana: Option<String>,
    when: String,
    what: &'static str,
    told: Option<String>,
}

/// Somebody calls for staff.
#[derive(Serialize)]
struct Call {
    kiosk: KioskId,
    station: StationId,
    since: String,
}

/// Something that was lent and is not back.
#[derive(Serialize)]
struct Out {
    equipment: String,
    member_no: MemberId,
    name: Option<String>,
    since: String,
    back_by: String,
    late: bool,
}

/// An emergency, or a drill of one, is open at a kiosk's centre (R24).
#[derive(Serialize)]
struct Emergency {
    kiosk: KioskId,
    what: IncidentKind,
    drill: bool,
    since: String,
}

/// Somebody who must be there is missing at a kiosk's centre (R4, R17).
#[derive(Serialize)]
struct Unstaffed {
    /// `adviser` or `receptionist`.
    missing: &'static str,
    kiosk: KioskId,
    since: String,
}

/// Something that waits to be looked at and put away.
#[derive(Serialize)]
struct Matter {
    /// As in the call that puts it away.
    list: &'static str,
    id: u64,
    kiosk: KioskId,
    /// What it is, in the word of that list.
    what: String,
    since: String,
}

#[derive(Serialize)]
struct Figures {
    /// 来所延べ: person-days.
    person_days: usize,
    /// 利用件数.
    uses: usize,
    inside: usize,
    business: usize,
    job_seeker: usize,
    ward_service: usize,
}

#[derive(Serialize)]
struct Zone {
    name: String,
    seats: usize,
    people: Vec<Stay>,
}

#[derive(Serialize)]
struct Stay {
    member_no: MemberId,
    name: Option<String>,
    company: Option<String>,
    category: Category,
    what: String,
    seat: String,
    started: String,
    until: String,
    overdue: bool,
    /// Since when outside for a while.
    out: Option<String>,
    ended: Option<String>,
    inferred: bool,
}

#[derive(Serialize)]
struct Standing {
    kiosk: KioskId,
    online: bool,
    complete: bool,
    /// Records that the kiosk has and the office has not; of its present run.
    behind: u64,
    through: Option<String>,
    last_seen: Option<String>,
}

/// Names that visits refer to, and no others: there may be 50,000 members.
struct Names {
    members: BTreeMap<MemberId, String>,
    companies: BTreeMap<CompanyId, String>,
    programmes: BTreeMap<ProgrammeId, String>,
    /// What visits went on to.
    moved_on: MovedOn,
}

type MovedOn = BTreeMap<(KioskId, VisitId), Vec<ProgrammeId>>;

pub(super) fn snapshot(connection: &Connection, shared: &Shared) -> Result<Snapshot, StoreError> {
    let now = shared.store.clock().now();
    let date = now.date_naive();
    let rehearsal = shared.rehearsal;
    let settings: Settings = read_document(connection, CollectionName::Settings)?;
    let floor: Floor = read_document(connection, CollectionName::Floor)?;
    let visits: Vec<VisitView> = visits_on(connection, date)?
        .into_iter()
        .filter(|visit| visit.rehearsal == rehearsal)
        .collect();
    let inside = inside(connection, rehearsal)?;
    let moved_on = moved_on(connection, date)?;
    let names = Names::of(connection, visits.iter().chain(&inside), moved_on)?;
    let advised = consultations_on(connection, date)?;
    let counts = counts(connection, rehearsal, now)?;
    let standing = kiosks(connection)?
        .into_iter()
        .filter(|kiosk| kiosk.rehearsal == rehearsal);
    Ok(Snapshot {
        now,
        date,
        centre: settings.centre_name.ja,
        rehearsal,
        connected: shared.connected.load(std::sync::atomic::Ordering::Relaxed),
        figures: Figures::of(&visits, inside.len(), &names.moved_on, &advised),
        zones: zones(&floor, &inside, &names),
        visits: visits.iter().rev().map(|visit| names.stay(visit)).collect(),
        loans: out(connection, rehearsal, now)?,
        kiosks: standing.map(|kiosk| Standing::of(kiosk, date)).collect(),
        emergencies: in_emergency(connection, rehearsal)?,
        calls: calls(connection, rehearsal, now)?,
        unstaffed: missing(connection, rehearsal, date)?,
        waiting: matters(connection, rehearsal, date, counts)?,
        to_call: contacts(connection, rehearsal, date)?,
        counts,
    })
}

fn in_emergency(connection: &Connection, rehearsal: bool) -> Result<Vec<Emergency>, StoreError> {
    let open = open_emergencies(connection, rehearsal)?.into_iter();
    let shown = |one: EmergencyRecord| Emergency {
        kiosk: one.kiosk,
        what: one.what,
        drill: one.drill,
        since: clock(one.opened_at),
    };
    Ok(open.map(shown).collect())
}

fn out(connection: &Connection, rehearsal: bool, now: DateTime) -> Result<Vec<Out>, StoreError> {
    let equipment: Vec<Equipment> = read_document(connection, CollectionName::Equipment)?;
    let known: BTreeMap<_, _> = equipment.iter().map(|one| (&one.id, &one.name)).collect();
    let today = now.date_naive();
    let shown = |loan: LoanView| {
        let named = known.get(&loan.equipment).map(|name| (*name).clone());
        Ok(Out {
            equipment: named.unwrap_or_else(|| loan.equipment.to_string()),
            name: member_name(connection, &loan.member_no)?,
            member_no: loan.member_no,
            since: clock_or_day(loan.started_at, today),
            back_by: clock_or_day(loan.back_by, today),
            late: loan.back_by < now,
        })
    };
    loans_out(connection, rehearsal)?
        .into_iter()
        .map(shown)
        .collect()
}

fn calls(connection: &Connection, rehearsal: bool, now: DateTime) -> Result<Vec<Call>, StoreError> {
    let calls = staff_calls(connection, rehearsal, now - CALLS_SHOWN_FOR)?;
    let shown = |call: StaffCall| Call {
        kiosk: call.kiosk,
        station: call.station,
        since: clock(call.called_at),
    };
    Ok(calls.into_iter().map(shown).collect())
}

fn missing(
    connection: &Connection,
    rehearsal: bool,
    today: NaiveDate,
) -> Result<Vec<Unstaffed>, StoreError> {
    let mut all = Vec::new();
    for (missing, word) in [
        (Missing::Adviser, "adviser"),
        (Missing::Receptionist, "receptionist"),
    ] {
        let found = unstaffed(connection, rehearsal, missing, today)?;
        all.extend(found.into_iter().map(|(kiosk, since)| Unstaffed {
            missing: word,
            kiosk,
            since: clock(since),
        }));
    }
    Ok(all)
}

fn matters(
    connection: &Connection,
    rehearsal: bool,
    today: NaiveDate,
    counts: Counts,
) -> Result<Vec<Matter>, StoreError> {
    if counts.quarantine == 0 && counts.incidents == 0 {
        return Ok(Vec::new());
    }
    let unreadable = quarantine(connection, MATTERS_LOOKED_AT)?
        .into_iter()
        .filter(|one| one.put_away_at.is_none() && one.rehearsal == rehearsal)
        .map(|one| Matter {
            list: "quarantine",
            id: one.id,
            kiosk: one.kiosk,
            what: one.reason,
            since: clock_or_day(one.received_at, today),
        });
    let noticed = incidents(connection, MATTERS_LOOKED_AT)?
        .into_iter()
        .filter(|one| one.put_away_at.is_none() && one.rehearsal == rehearsal)
        .map(|one| Matter {
            list: "incidents",
            id: one.id,
            kiosk: one.kiosk,
            what: one.kind,
            since: clock_or_day(one.noticed_at, today),
        });
    Ok(unreadable
        .take(MATTERS_SHOWN)
        .chain(noticed.take(MATTERS_SHOWN))
        .collect())
}

fn contacts(
    connection: &Connection,
    rehearsal: bool,
    today: NaiveDate,
) -> Result<Vec<Contact>, StoreError> {
    if rehearsal {
        return Ok(Vec::new());
    }
    let list = call_list(connection, today, CALLED_AHEAD + 1)?.into_iter();
    Ok(list.map(|one| contact(one, today)).collect())
}

fn contact(one: ToCall, today: NaiveDate) -> Contact {
    Contact {
        when: format!("{}–{}", day_and_clock(one.starts), clock(one.ends)),
        what: match one.purpose {
            Purpose::Seat { .. } => "席",
            Purpose::Programme { .. } => "催し",
            Purpose::Consultation => "相談",
        },
        told: one.told_at.map(|at| clock_or_day(at, today)),
        reservation: one.reservation,
        number: one.number,
        member_no: one.member_no,
        name: one.name,
        kana: one.kana,
    }
}

impl Figures {
    fn of(
        visits: &[VisitView],
        inside: usize,
        moved_on: &MovedOn,
        advised: &[ConsultationView],
    ) -> Self {
        let people: BTreeSet<(&MemberId, Category)> = visits
            .iter()
            .map(|visit| (&visit.member_no, visit.category))
            .collect();
        let of = |wanted: Category| {
            people
                .iter()
                .filter(|(_, category)| *category == wanted)
                .count()
        };
        let later = visits.iter().filter_map(|visit| {
            let went = moved_on.get(&(visit.kiosk.clone(), visit.visit.clone()))?;
            Some(went.len())
        });
        // A visit that was for a consultation is that use already.
        let within = visits.iter().filter(|visit| {
            let is_theirs =
                |one: &ConsultationView| (&one.kiosk, &one.visit) == (&visit.kiosk, &visit.visit);
            visit.activity != "consultation" && advised.iter().any(is_theirs)
        });
        let persons: BTreeSet<&MemberId> = people.iter().map(|(member, _)| *member).collect();
        Self {
            person_days: persons.len(),
            uses: visits.len() + later.sum::<usize>() + within.count(),
            inside,
            business: of(Category::Business),
            job_seeker: of(Category::JobSeeker),
            ward_service: of(Category::WardService),
        }
    }
}

/// The zones of the floor, then whoever is in none of them.
fn zones(floor: &Floor, inside: &[VisitView], names: &Names) -> Vec<Zone> {
    let people = |is_here: &dyn Fn(Option<&ZoneId>) -> bool| -> Vec<Stay> {
        let here = inside.iter().filter(|visit| is_here(visit.zone.as_ref()));
        let mut stays: Vec<Stay> = here.map(|visit| names.stay(visit)).collect();
        stays.sort_by(|a, b| a.seat.cmp(&b.seat));
        stays
    };
    let mut zones: Vec<Zone> = floor
        .zones
        .iter()
        .map(|zone| Zone {
            name: zone.name.ja.clone(),
            seats: floor
                .seats
                .iter()
                .filter(|seat| seat.zone == zone.id)
                .count(),
            people: people(&|of| of == Some(&zone.id)),
        })
        .collect();
    let elsewhere = people(&|of| of.is_none_or(|of| floor.zone(of).is_none()));
    if !elsewhere.is_empty() {
        zones.push(Zone {
            name: "座席以外".to_owned(),
            seats: 0,
            people: elsewhere,
        });
    }
    zones
}

impl Names {
    fn of<'a>(
        connection: &Connection,
        visits: impl Iterator<Item = &'a VisitView>,
        moved_on: MovedOn,
    ) -> Result<Self, StoreError> {
        let (mut members, mut companies, mut programmes) =
            (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for visit in visits {
            let id = &visit.member_no;
            if !members.contains_key(id)
                && let Some(name) = member_name(connection, id)?
            {
                members.insert(id.clone(), name);
            }
            if let Some(id) = &visit.company
                && !companies.contains_key(id)
                && let Some(name) = company_name(connection, id)?
            {
                companies.insert(id.clone(), name);
            }
            let later = moved_on.get(&(visit.kiosk.clone(), visit.visit.clone()));
            for id in visit.programme.iter().chain(later.into_iter().flatten()) {
                if !programmes.contains_key(id)
                    && let Some(known) = programme(connection, id)?
                {
                    programmes.insert(id.clone(), known.title.ja);
                }
            }
        }
        Ok(Self {
            members,
            companies,
            programmes,
            moved_on,
        })
    }

    fn stay(&self, visit: &VisitView) -> Stay {
        let title = |id: &ProgrammeId| {
            let known = self.programmes.get(id).cloned();
            known.unwrap_or_else(|| "催し".to_owned())
        };
        let first = match &visit.programme {
            Some(programme) => title(programme),
            None if visit.activity == "consultation" => "デジタル相談".to_owned(),
            None => "コワーキング".to_owned(),
        };
        let later = self
            .moved_on
            .get(&(visit.kiosk.clone(), visit.visit.clone()));
        let later = later.into_iter().flatten().map(title);
        let what: Vec<String> = std::iter::once(first).chain(later).collect();
        let seats: Vec<&str> = visit.seats.iter().map(|seat| seat.as_str()).collect();
        Stay {
            member_no: visit.member_no.clone(),
            name: self.members.get(&visit.member_no).cloned(),
            company: visit
                .company
                .as_ref()
                .and_then(|company| self.companies.get(company).cloned()),
            category: visit.category,
            what: what.join("→"),
            seat: seats.join("→"),
            started: clock(visit.started_at),
            until: clock(visit.until),
            overdue: (visit.overdue || visit.not_back) && visit.ended_at.is_none(),
            out: visit.out_since.map(clock),
            ended: visit.ended_at.map(clock),
            inferred: visit.inferred,
        }
    }
}

impl Standing {
    fn of(kiosk: KioskStanding, today: NaiveDate) -> Self {
        let behind = if kiosk.head_run == kiosk.through_run {
            kiosk.head_seq.saturating_sub(kiosk.through_seq)
        } else {
            kiosk.head_seq
        };
        let shown = |time: DateTime| {
            if time.date_naive() == today {
                seconds(time)
            } else {
                day_and_clock(time)
            }
        };
        Self {
            kiosk: kiosk.kiosk,
            online: kiosk.online,
            complete: kiosk.complete,
            behind,
            through: kiosk.complete_through.map(shown),
            last_seen: kiosk.last_seen.map(shown),
        }
    }
}

fn clock(time: DateTime) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}

fn day_and_clock(time: DateTime) -> String {
    time.format("%m/%d %H:%M").to_string()
}

fn clock_or_day(time: DateTime, today: NaiveDate) -> String {
    if time.date_naive() == today {
        clock(time)
    } else {
        day_and_clock(time)
    }
}

fn seconds(time: DateTime) -> String {
    format!("{}:{:02}:{:02}", time.hour(), time.minute(), time.second())
}
