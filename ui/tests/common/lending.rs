//! Who borrows a PC and brings it back.

use super::{admitted, at, inside, next_programme};
use domain::equipment::EquipmentKind;
use domain::verdict::{
    Admitted, Inside, Left, Lent, LentItem, NoLoan, NoLoanBecause, NotLent, Note, Remedy, Returned,
};
use ui::touch::screen::Screen;

pub fn item(name: &str, percent: Option<u8>) -> LentItem {
    let kind = if name.starts_with("BT") {
        EquipmentKind::Battery
    } else {
        EquipmentKind::Pc
    };
    LentItem {
        equipment: name.to_lowercase().into(),
        kind,
        name: name.to_owned(),
        percent,
        back_by: at("14:42"),
    }
}

pub fn lent(items: &[LentItem]) -> Lent {
    Lent {
        visit: "v1".into(),
        items: items.to_vec(),
        plug_in: false,
    }
}

pub fn no_loan(because: NoLoanBecause, expected: Option<&str>, remedy: Remedy) -> NoLoan {
    NoLoan {
        visit: "v1".into(),
        because,
        expected: expected.map(at),
        remedy,
    }
}

pub fn returned(still_out: &[&str]) -> Returned {
    Returned {
        equipment: "pc-07".into(),
        kind: EquipmentKind::Pc,
        name: "PC-07".to_owned(),
        still_out: still_out.iter().map(|name| (*name).to_owned()).collect(),
        remedy: Remedy::PutBack,
    }
}

/// The menu of somebody who may borrow.
pub fn may_borrow() -> Inside {
    Inside {
        may_borrow: true,
        ..inside()
    }
}

/// The menu of somebody who has a PC and a battery.
fn borrowed() -> Inside {
    Inside {
        loans: vec![item("PC-07", Some(64)), item("BT-02", Some(80))],
        next: Some(next_programme()),
        ..inside()
    }
}

fn not_lent(is_back: bool) -> Screen {
    let remedy = if is_back {
        Remedy::PutBack
    } else {
        Remedy::StartAgain
    };
    Screen::NotLent(NotLent {
        name: "PC-07".to_owned(),
        is_back,
        remedy,
    })
}

/// Who borrows a PC and brings it back.
pub fn screens() -> Vec<(&'static str, Screen)> {
    let pc = item("PC-07", Some(82));
    let menu = |menu, confirming| Screen::Inside { menu, confirming };
    let lends = |next, note| {
        Screen::Admitted(Admitted {
            may_borrow: true,
            next,
            note,
            ..admitted()
        })
    };
    use NoLoanBecause::{LowCharge, NoneFree, TooLate};
    let none = |because, expected, remedy| Screen::NoLoan(no_loan(because, expected, remedy));
    vec![
        ("admitted-lends", lends(None, None)),
        ("admitted-lends-next", lends(Some(next_programme()), None)),
        ("admitted-lends-note", lends(None, Some(Note::Renew))),
        ("inside-lends", menu(may_borrow(), false)),
        ("inside-borrowed", menu(borrowed(), false)),
        ("inside-borrowed-confirm", menu(borrowed(), true)),
        ("lent", Screen::Lent(lent(std::slice::from_ref(&pc)))),
        (
            "lent-plug-in",
            Screen::Lent(Lent {
                plug_in: true,
                ..lent(&[item("PC-12", None)])
            }),
        ),
        (
            "lent-battery",
            Screen::Lent(lent(&[item("PC-07", Some(34)), item("BT-02", Some(90))])),
        ),
        ("no-loan", none(NoneFree, None, Remedy::SeeStaff)),
        (
            "no-loan-expected",
            none(NoneFree, Some("12:40"), Remedy::ComeBack),
        ),
        (
            "no-loan-power",
            none(LowCharge, None, Remedy::TakePoweredSeat),
        ),
        ("no-loan-charge", none(LowCharge, None, Remedy::SeeStaff)),
        ("no-loan-late", none(TooLate, None, Remedy::SeeStaff)),
        ("returned", Screen::Returned(returned(&[]))),
        (
            "returned-battery-out",
            Screen::Returned(returned(&["BT-02"])),
        ),
        ("not-lent", not_lent(false)),
        ("not-lent-back", not_lent(true)),
        (
            "left-still-out",
            Screen::Left(Left {
                visit: "v1".into(),
                next: None,
                still_out: vec!["PC-07".to_owned()],
            }),
        ),
    ]
}
