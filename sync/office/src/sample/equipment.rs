//! What the made-up centre lends: twenty PCs and four batteries (R8, R11).

use domain::equipment::{Equipment, EquipmentKind, EquipmentState};

const PCS: usize = 20;
const BATTERIES: usize = 4;
/// Every second PC carries what the programmes about accounting use.
const ACCOUNTING: &str = "弥生会計";
const EVERY_PC: [&str; 2] = ["Microsoft 365", "Zoom"];

pub(super) fn equipment() -> Vec<Equipment> {
    let pcs = (1..=PCS).map(|number| {
        let accounting = (number % 2 == 0).then_some(ACCOUNTING);
        let software = EVERY_PC.into_iter().chain(accounting);
        Equipment {
            software: software.map(str::to_owned).collect(),
            ..piece(EquipmentKind::Pc, "PC", number, 360)
        }
    });
    let batteries = (1..=BATTERIES).map(|number| piece(EquipmentKind::Battery, "BT", number, 240));
    pcs.chain(batteries).collect()
}

fn piece(kind: EquipmentKind, letters: &str, number: usize, full_charge_min: u32) -> Equipment {
    let name = format!("{letters}-{number:02}");
    Equipment {
        id: name.to_lowercase().into(),
        kind,
        label: name.replace('-', ""),
        name,
        software: Vec::new(),
        state: EquipmentState::Available,
        full_charge_min,
    }
}
