//! CSV as Japanese services export it: taken in whole or not at all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{store, time};
use domain::reference::{Category, MemberState, Purpose};
use office::import::{Kind, Options, Report, import};
use office::sample;
use office::store::{Store, members, programme, reservations};
use rstest::rstest;

const APPLY: Options = Options {
    complete: false,
    dry_run: false,
};
const COMPLETE: Options = Options {
    complete: true,
    dry_run: false,
};

fn take(store: &Store, kind: Kind, file: &[u8], options: Options) -> Report {
    let file = file.to_vec();
    store
        .write_blocking(move |writing| import(writing, kind, &file, options))
        .unwrap()
}

fn all_members(store: &Store) -> Vec<members::MemberRecord> {
    store.read_blocking(members::members).unwrap()
}

const MEMBERS: &str = "会員Ｎｏ,氏名,フリガナ,会員区分,会社名,有効期限,電話番号,メモ
K-001,髙﨑 一,タカサキ ハジメ,企業,株式会社深川商店,令和9年3月31日,03-0000-0000,x
K-002,表参道 花,オモテサンドウ ハナ,就職希望者,,2027/3/31,,
";

#[rstest]
#[case::utf8(MEMBERS.as_bytes().to_vec())]
#[case::utf8_with_bom([b"\xEF\xBB\xBF", MEMBERS.as_bytes()].concat())]
#[case::windows_line_ends(MEMBERS.replace('\n', "\r\n").into_bytes())]
#[case::cp932(encoding_rs::SHIFT_JIS.encode(MEMBERS).0.into_owned())]
fn members_come_in_in_every_usual_encoding(#[case] file: Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let report = take(&store, Kind::Members, &file, APPLY);
    assert_eq!(
        (report.added, report.applied, report.faults.len()),
        (2, true, 0),
        "{report:?}"
    );
    let warned: Vec<_> = report
        .warnings
        .iter()
        .map(|remark| remark.column.clone().unwrap())
        .collect();
    assert_eq!(warned, ["電話番号", "メモ"]);
    let known = all_members(&store);
    assert_eq!(known[0].name.as_deref(), Some("髙﨑 一"));
    assert_eq!(known[0].member.valid_until.to_string(), "2027-03-31");
    assert_eq!(
        (known[0].member.category, known[1].member.category),
        (Category::Business, Category::JobSeeker)
    );
    assert_eq!(store.read_blocking(members::cards).unwrap().len(), 2);
    let again = take(&store, Kind::Members, &file, APPLY);
    assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 2));
}

#[rstest]
#[case::utf8_broken(b"\xEF\xBB\xBF\xE4\xBC\x9A,a\nx,\xFF\n".to_vec(), "2 行目")]
#[case::cp932_broken(b"\x89\xEF\x88\xF5\nK\n\x81\xFF\n".to_vec(), "3 行目")]
#[case::utf16(b"\xFF\xFEK\0".to_vec(), "UTF-16")]
#[case::empty(b"".to_vec(), "会員番号")]
#[case::other_columns("品名,価格\nりんご,100\n".as_bytes().to_vec(), "「会員番号」の列がありません")]
#[case::twice_a_column("会員番号,会員No,区分\n1,1,企業\n".as_bytes().to_vec(), "2つ目")]
#[case::no_rows("会員番号,区分\n".as_bytes().to_vec(), "行がありません")]
fn what_cannot_be_a_file_of_members_is_refused(#[case] file: Vec<u8>, #[case] says: &str) {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let report = take(&store, Kind::Members, &file, APPLY);
    let messages: Vec<_> = report
        .faults
        .iter()
        .map(|fault| fault.message.as_str())
        .collect();
    assert!(
        !report.applied && messages.iter().any(|message| message.contains(says)),
        "{messages:?}"
    );
    assert!(all_members(&store).is_empty());
}

#[test]
fn every_fault_is_named_by_its_line_and_nothing_is_half_taken() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let file = "会員番号,区分,有効期限\nA1,企業,2027/3/31\nA2,会社員,2027/3/31\nA3,企業,令和9年2月30日\nA1,企業,\n\"A4\",企業\n会員,企業,\nA5,企業,令和4294967295年1月1日\nA6,企業,令和0年1月1日\n";
    let report = take(&store, Kind::Members, file.as_bytes(), APPLY);
    let mut lines: Vec<_> = report
        .faults
        .iter()
        .map(|fault| {
            (
                fault.line.unwrap(),
                fault.column.clone().unwrap_or_default(),
            )
        })
        .collect();
    lines.sort();
    let expected = [
        (3, "区分"),
        (4, "有効期限"),
        (5, "会員番号"),
        (6, ""),
        (7, "会員番号"),
        (8, "有効期限"),
        (9, "有効期限"),
    ];
    assert_eq!(
        lines,
        expected.map(|(line, column)| (line, column.to_owned()))
    );
    assert!(
        report
            .faults
            .iter()
            .any(|fault| fault.message.contains("2 行目と同じ")),
        "{report:?}"
    );
    assert!(!report.applied);
    assert!(all_members(&store).is_empty());
}

#[test]
fn absent_rows_stay_unless_the_file_is_complete() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    take(&store, Kind::Members, MEMBERS.as_bytes(), APPLY);
    let shorter = "会員番号,区分\nK-002,就職希望者\n";
    let report = take(&store, Kind::Members, shorter.as_bytes(), APPLY);
    assert_eq!((report.ended, report.unchanged), (0, 1));
    let trial = take(
        &store,
        Kind::Members,
        shorter.as_bytes(),
        Options {
            complete: true,
            dry_run: true,
        },
    );
    assert_eq!((trial.ended, trial.applied), (1, false));
    assert!(
        all_members(&store)
            .iter()
            .all(|record| record.member.state == MemberState::Active)
    );
    let report = take(&store, Kind::Members, shorter.as_bytes(), COMPLETE);
    assert_eq!((report.ended, report.applied), (1, true));
    let known = all_members(&store);
    assert_eq!(known[0].member.state, MemberState::Revoked);
    // A column that the file does not have leaves what is known.
    assert_eq!(known[1].name.as_deref(), Some("表参道 花"));
}

fn sample_store(folder: &tempfile::TempDir) -> Store {
    let store = store(folder);
    sample::load(&store, time("2026-11-24T00:00:00").date_naive()).unwrap();
    store
}

#[test]
fn reservations_come_in_with_their_times_and_programmes() {
    let folder = tempfile::tempdir().unwrap();
    let store = sample_store(&folder);
    let file = "予約番号,会員番号,日付,開始時刻,終了時刻,メニュー,希望設備
RSV-77,M00020,令和8年11月26日,16時30分,17:30,コワーキング,パソコン・電源
000000013,M00021,2026-11-25,13:00,14:30,席,
RSV-78,M00022,2026/11/25,,,生成AI体験会,
";
    let report = take(&store, Kind::Reservations, file.as_bytes(), APPLY);
    assert_eq!((report.added, report.faults.len()), (3, 0), "{report:?}");
    assert!(
        report
            .warnings
            .iter()
            .any(|remark| remark.message.contains("2 件の予約番号")),
        "{report:?}"
    );
    let one = |id: &str| {
        store
            .read_blocking(|connection| reservations::reservation(connection, &id.into()))
            .unwrap()
            .unwrap()
    };
    assert_eq!(
        (one("RSV-77").starts, one("RSV-77").ends),
        (time("2026-11-26T16:30:00"), time("2026-11-26T17:30:00"))
    );
    assert!(
        matches!(one("RSV-77").purpose, Purpose::Seat { needs } if needs.pc && needs.power && !needs.calls)
    );
    assert_eq!(one("000000013").number.to_string(), "000000013");
    assert_eq!(one("RSV-78").starts, time("2026-11-25T10:00:00"));
    let Purpose::Programme { programme: id, .. } = one("RSV-78").purpose else {
        panic!("not a programme")
    };
    let sitting = store
        .read_blocking(|connection| programme::programme(connection, &id))
        .unwrap()
        .unwrap();
    assert_eq!(sitting.places_left, Some(17));
}

#[rstest]
#[case::unknown_member("R1,X99999,2026/11/25 10:00,2026/11/25 11:00,", "登録されていません")]
#[case::no_such_day("R1,M00001,2026/11/31 10:00,2026/11/25 11:00,", "日付はありません")]
#[case::no_such_time("R1,M00001,2026/11/25 25:00,2026/11/25 11:00,", "時刻はありません")]
#[case::backwards("R1,M00001,2026/11/25 11:00,2026/11/25 10:00,", "開始より後")]
#[case::no_end("R1,M00001,2026/11/25 11:00,,", "そろっていません")]
#[case::unknown_programme(
    "R1,M00001,2026/11/25 11:00,2026/11/25 12:00,火星セミナー",
    "催しが、その日にありません"
)]
fn impossible_reservations_are_refused(#[case] row: &str, #[case] says: &str) {
    let folder = tempfile::tempdir().unwrap();
    let store = sample_store(&folder);
    let before = store.read_blocking(reservations::all).unwrap();
    let file = format!(
        "予約番号,会員番号,開始日時,終了日時,催し名\n000000024,M00002,2026/11/25 10:00,2026/11/25 11:00,\n{row}\n"
    );
    let report = take(&store, Kind::Reservations, file.as_bytes(), APPLY);
    assert_eq!(report.faults.len(), 1, "{report:?}");
    assert_eq!(report.faults[0].line, Some(3));
    assert!(report.faults[0].message.contains(says), "{report:?}");
    assert_eq!(store.read_blocking(reservations::all).unwrap(), before);
}

#[test]
fn what_has_no_seat_is_refused_by_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let store = sample_store(&folder);
    let row = |number: usize, time: &str| format!("R{number},M{number:05},2026/12/07,{time}\n");
    let heading = "予約番号,会員番号,日付,開始時刻,終了時刻\n";
    let all: String = (1..=40).map(|number| row(number, "11:00,12:00")).collect();
    let report = take(
        &store,
        Kind::Reservations,
        format!("{heading}{all}").as_bytes(),
        APPLY,
    );
    let seats = 40 - report.faults.len();
    assert!(!report.applied && (20..40).contains(&seats), "{report:?}");
    assert!(report.faults.iter().all(|fault| {
        fault.line.is_some() && fault.message.contains("用意できる席がありません")
    }));
    // Those that have a seat come in, and again without a change; the rest at another time.
    let refused: Vec<u64> = report
        .faults
        .iter()
        .filter_map(|fault| fault.line)
        .collect();
    let good: String = (1..=40)
        .map(|number| {
            let is_refused = refused.contains(&(number as u64 + 1));
            row(
                number,
                if is_refused {
                    "15:00,16:00"
                } else {
                    "11:00,12:00"
                },
            )
        })
        .collect();
    for changed in [40, 0] {
        let report = take(
            &store,
            Kind::Reservations,
            format!("{heading}{good}").as_bytes(),
            APPLY,
        );
        assert_eq!(
            (report.added, report.applied),
            (changed, true),
            "{report:?}"
        );
    }
    // A change may not push out somebody else either.
    let pushing = row(refused[0] as usize - 1, "11:00,12:00");
    let report = take(
        &store,
        Kind::Reservations,
        format!("{heading}{pushing}").as_bytes(),
        APPLY,
    );
    assert_eq!(
        (report.faults.len(), report.applied),
        (1, false),
        "{report:?}"
    );
}

#[test]
fn a_programmes_reservation_has_the_programmes_times() {
    let folder = tempfile::tempdir().unwrap();
    let store = sample_store(&folder);
    let heading = "予約番号,会員番号,開始日時,終了日時,催し番号\n";
    let file = format!("{heading}R1,M00021,2026/11/25 08:00,2026/11/25 20:00,P261124-4\n");
    let report = take(&store, Kind::Reservations, file.as_bytes(), APPLY);
    assert!(report.applied, "{report:?}");
    let saved = store
        .read_blocking(|connection| reservations::reservation(connection, &"R1".into()))
        .unwrap()
        .unwrap();
    let times = (time("2026-11-25T10:00:00"), time("2026-11-25T12:00:00"));
    assert_eq!((saved.starts, saved.ends), times);
    let file = format!("{heading}R2,M00022,2026/11/26 10:00,2026/11/26 12:00,P261124-4\n");
    let report = take(&store, Kind::Reservations, file.as_bytes(), APPLY);
    assert!(
        report.faults[0].message.contains("2026-11-25"),
        "{report:?}"
    );
}

#[test]
fn a_complete_list_of_reservations_cancels_what_is_still_to_come() {
    let folder = tempfile::tempdir().unwrap();
    let store = sample_store(&folder);
    let kept = store
        .read_blocking(reservations::all)
        .unwrap()
        .into_iter()
        .find(|one| one.starts == time("2026-11-24T16:30:00"))
        .unwrap();
    let file = format!(
        "予約番号,会員番号,開始日時,終了日時,希望設備\n{},M00007,2026/11/24 16:30,2026/11/24 17:45,パソコン\n",
        kept.number
    );
    let report = take(&store, Kind::Reservations, file.as_bytes(), COMPLETE);
    assert_eq!((report.unchanged, report.ended), (1, 24), "{report:?}");
    let open: Vec<_> = store
        .read_blocking(reservations::all)
        .unwrap()
        .into_iter()
        .filter(|one| !one.cancelled)
        .collect();
    // The one kept, and the one that was over before the file came.
    assert_eq!(open.len(), 2);
}

#[rstest]
#[case::good(
    "S-1,会計ソフト入門,セミナー,2026/12/1,14:00,16:00,パソコン席,企業,20名",
    None
)]
#[case::online(
    "S-1,会計ソフト入門,セミナー,2026/12/1,14:00,16:00,オンライン,どなたでも,10",
    None
)]
#[case::too_many(
    "S-1,会計ソフト入門,セミナー,2026/12/1,14:00,16:00,パソコン席,企業,21",
    Some("1 から 20")
)]
#[case::too_late(
    "S-1,会計ソフト入門,セミナー,2026/12/1,19:00,21:30,パソコン席,企業,20",
    Some("21:00")
)]
#[case::no_such_place(
    "S-1,会計ソフト入門,セミナー,2026/12/1,14:00,16:00,屋上,企業,20",
    Some("会場「屋上」")
)]
#[case::no_such_kind(
    "S-1,会計ソフト入門,宴会,2026/12/1,14:00,16:00,パソコン席,企業,20",
    Some("種別「宴会」")
)]
fn the_programme_is_checked(#[case] row: &str, #[case] fault: Option<&str>) {
    let folder = tempfile::tempdir().unwrap();
    let store = sample_store(&folder);
    let file = format!(
        "イベントID,イベント名,種別,開催日,開始時間,終了時間,場所,対象者,募集人数\n{row}\n"
    );
    let report = take(&store, Kind::Programme, file.as_bytes(), APPLY);
    match fault {
        None => assert_eq!((report.added, report.applied), (1, true), "{report:?}"),
        Some(says) => assert!(
            !report.applied && report.faults[0].message.contains(says),
            "{report:?}"
        ),
    }
    let found = store
        .read_blocking(|connection| programme::programme(connection, &"S-1".into()))
        .unwrap();
    assert_eq!(found.is_some(), fault.is_none());
}
