//! What an emergency changes on displays and on the staff page.

use super::Scene;
use super::floor::count;
use api::emergency::{EmergencyView, IncidentView, ListedView};
use api::signage::NoticeView;
use domain::ids::StationId;
use domain::incident::{Exit, Incident, IncidentKind};
use domain::text::Text;

/// What stands on the display in the room instead of all else.
pub(super) fn on_signage(scene: Scene) -> Option<EmergencyView> {
    shown(scene, scene.state.reference.display.exit)
}

/// What stands on a station's touch screen instead of all else.
pub(super) fn at_station(scene: Scene, station: &StationId) -> Option<EmergencyView> {
    let exits = &scene.state.reference.display.exits;
    shown(scene, exits.get(station).copied())
}

fn shown(scene: Scene, exit: Option<Exit>) -> Option<EmergencyView> {
    let incident = scene.state.today.shut_by()?;
    Some(EmergencyView {
        what: incident.what,
        drill: incident.drill,
        exit: exit.filter(|_| incident.what.leads_out()),
    })
}

/// What the displays ask of everybody while the door works on: before all other notices.
pub(super) fn notice(scene: Scene) -> Option<NoticeView> {
    let incident = scene.state.today.incident.as_ref()?;
    let (ja, en) = match incident.what {
        IncidentKind::Medical => (
            "急病の方の対応をしています。通路をお空けください。",
            "We are attending to someone who is unwell. Please keep the way clear.",
        ),
        IncidentKind::PowerCut => (
            "停電しています。館内放送と係員の案内をお聞きください。",
            "There is a power cut. Please listen to the announcements and the staff.",
        ),
        _ => return None,
    };
    let text = if incident.drill {
        Text {
            ja: format!("【訓練】{ja}"),
            en: Some(format!("Drill: {en}")),
        }
    } else {
        Text {
            ja: ja.to_owned(),
            en: Some(en.to_owned()),
        }
    };
    Some(NoticeView {
        id: incident.id.as_str().into(),
        text,
    })
}

/// The emergency with its head-count list, for staff.
pub(super) fn for_staff(scene: Scene) -> Option<IncidentView> {
    let incident = scene.state.today.incident.as_ref()?;
    Some(IncidentView {
        incident: incident.id.clone(),
        what: incident.what,
        drill: incident.drill,
        opened_at: incident.opened_at,
        shuts_door: incident.what.shuts_door(),
        inside: count(incident.inside()),
        missing: count(incident.missing()),
        people: people(incident),
    })
}

fn people(incident: &Incident) -> Vec<ListedView> {
    let view = |listed: &domain::head_count::Listed| ListedView {
        listed: listed.clone(),
        ticked: incident.ticked.contains(&listed.person),
    };
    incident.people.iter().map(view).collect()
}
