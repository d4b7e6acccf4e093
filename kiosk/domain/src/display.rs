//! What the 50-inch display shows in turn (R10, R15, R16): the play list, and which of its scenes has its turn when.
//!
//! The turn is a matter of the time of day alone, so every display shows the same scene at the same moment, also after a restart.

use crate::hhmm;
use crate::ids::{StationId, ZoneId};
use crate::incident::Exit;
use crate::text::Text;
use chrono::{NaiveTime, Timelike};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The collection `signage`. What the office leaves out is as shipped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Display {
    /// The zone in which the display stands: a programme there has it for itself (R10). Without it, a programme in any zone.
    pub zone: Option<ZoneId>,
    /// The play list.
    pub scenes: Vec<Scene>,
    /// The bookshelf (R15).
    pub books: Vec<Book>,
    /// Addresses shown as QR codes beside Wi-Fi and registration: web, social networks, neighbours (R16).
    pub links: Vec<Link>,
    /// Where the way out lies from this display; shown when an emergency leads people out (R24).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit: Option<Exit>,
    /// Where it lies from the touch screens, by station.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub exits: BTreeMap<StationId, Exit>,
}

impl Default for Display {
    fn default() -> Self {
        let scene = |kind, weight, seconds| Scene {
            weight,
            seconds,
            ..Scene::of(kind)
        };
        Self {
            zone: None,
            scenes: vec![
                scene(SceneKind::Day, 3, 20),
                scene(SceneKind::Floor, 1, 15),
                scene(SceneKind::Week, 1, 20),
                scene(SceneKind::Books, 1, 20),
                scene(SceneKind::Notice, 1, 15),
                scene(SceneKind::Codes, 1, 15),
            ],
            books: Vec::new(),
            links: Vec::new(),
            exit: None,
            exits: BTreeMap::new(),
        }
    }
}

/// A scene of the play list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Scene {
    /// What it shows.
    pub kind: SceneKind,
    /// How often it comes in one round, spread evenly among the others.
    #[serde(default = "once")]
    pub weight: u32,
    /// How long it stands, in seconds.
    #[serde(default = "usual_seconds")]
    pub seconds: u32,
    /// The time of day from which it is shown, as `HH:MM`.
    #[serde(default, with = "hhmm::option")]
    #[schema(value_type = Option<String>)]
    pub from: Option<NaiveTime>,
    /// The time of day until which it is shown, as `HH:MM`.
    #[serde(default, with = "hhmm::option")]
    #[schema(value_type = Option<String>)]
    pub to: Option<NaiveTime>,
}

fn once() -> u32 {
    1
}

fn usual_seconds() -> u32 {
    20
}

impl Scene {
    /// A scene that comes once a round, all day.
    pub fn of(kind: SceneKind) -> Self {
        Self {
            kind,
            weight: once(),
            seconds: usual_seconds(),
            from: None,
            to: None,
        }
    }

    fn is_shown(&self, time: NaiveTime) -> bool {
        self.from.is_none_or(|from| from <= time) && self.to.is_none_or(|to| time < to)
    }
}

/// What a scene shows.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SceneKind {
    /// Today's programme.
    Day,
    /// Free seats as a picture of the floor.
    Floor,
    /// The programme of the coming days.
    Week,
    /// The bookshelf.
    Books,
    /// One notice, large.
    Notice,
    /// QR codes, large.
    Codes,
}

/// A book on the shelf (R15).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// Its title.
    pub title: Text,
    /// Who wrote it, as on its cover.
    #[serde(default)]
    pub author: Option<Text>,
}

/// An address shown as a QR code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What it leads to.
    pub name: Text,
    /// The address.
    pub url: String,
}

/// A scene's time on the display.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Turn {
    /// Which scene.
    pub scene: SceneKind,
    /// For how many seconds.
    pub seconds: u32,
    /// How often this kind of scene has had a turn today before: which notice, or which page of many, it shows.
    pub round: u32,
}

impl Display {
    /// The turns from `time` on, as long as one round of the play list: the scene under way with the seconds it has left, the others, and
    /// the seconds of the first that are over, so that the list can be followed in a circle. `has` says of which scenes there is something
    /// to show; today's programme stands alone where there is nothing else.
    pub fn turns(&self, time: NaiveTime, has: impl Fn(SceneKind) -> bool) -> Vec<Turn> {
        let shown = |scene: &&Scene| {
            scene.is_shown(time) && scene.weight > 0 && scene.seconds > 0 && has(scene.kind)
        };
        let day = Scene::of(SceneKind::Day);
        let mut scenes: Vec<&Scene> = self.scenes.iter().filter(shown).collect();
        if scenes.is_empty() {
            scenes.push(&day);
        }
        let order = in_order(&scenes);
        let whole = order
            .iter()
            .fold(0, |sum: u32, one| sum.saturating_add(one.seconds));
        let second = time.num_seconds_from_midnight();
        let rounds = second.checked_div(whole).unwrap_or(0);
        from_within(
            numbered(&order, rounds),
            numbered(&order, rounds.saturating_add(1)),
            second.checked_rem(whole).unwrap_or(0),
        )
    }
}

/// One round: each scene as often as its weight says. Every step each gains its weight, and whoever has most takes the turn and pays the
/// sum of all weights for it; the earlier in the list wins where they are equal.
fn in_order<'a>(scenes: &[&'a Scene]) -> Vec<&'a Scene> {
    let weight = |scene: &Scene| i64::from(scene.weight);
    let sum: i64 = scenes.iter().map(|scene| weight(scene)).sum();
    let mut credit: Vec<(i64, &Scene)> = scenes.iter().map(|scene| (0, *scene)).collect();
    let mut order = Vec::new();
    for _ in 0..sum {
        for (held, scene) in &mut credit {
            *held += weight(scene);
        }
        let most = credit.iter().map(|(held, _)| *held).max();
        let next = credit.iter_mut().find(|(held, _)| Some(*held) == most);
        if let Some((held, scene)) = next {
            *held -= sum;
            order.push(*scene);
        }
    }
    order
}

/// The turns of a round before which `rounds` whole rounds have been.
fn numbered(order: &[&Scene], rounds: u32) -> Vec<Turn> {
    let mut in_a_round: BTreeMap<SceneKind, u32> = BTreeMap::new();
    for scene in order {
        *in_a_round.entry(scene.kind).or_default() += 1;
    }
    let mut before: BTreeMap<SceneKind, u32> = in_a_round
        .into_iter()
        .map(|(kind, count)| (kind, rounds.saturating_mul(count)))
        .collect();
    let mut turn = |scene: &&Scene| {
        let had = before.entry(scene.kind).or_default();
        let round = *had;
        *had = had.saturating_add(1);
        Turn {
            scene: scene.kind,
            seconds: scene.seconds,
            round,
        }
    };
    order.iter().map(&mut turn).collect()
}

/// This round from its second `gone` on, then the next one up to there.
fn from_within(this: Vec<Turn>, next: Vec<Turn>, gone: u32) -> Vec<Turn> {
    let mut turns = Vec::with_capacity(this.len() + 1);
    let mut over = 0_u32;
    for turn in this {
        let ends = over.saturating_add(turn.seconds);
        if ends > gone {
            let seconds = ends - gone.max(over);
            turns.push(Turn { seconds, ..turn });
        }
        over = ends;
    }
    over = 0;
    for turn in next {
        if over < gone {
            let seconds = turn.seconds.min(gone - over);
            turns.push(Turn { seconds, ..turn });
        }
        over = over.saturating_add(turn.seconds);
    }
    turns
}
