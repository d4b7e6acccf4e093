//! The sample centre's display: twenty made-up books, where else to look, and where the way out lies.

use domain::display::{Book, Display, Link};
use domain::incident::Exit;
use domain::text::Text;

pub(super) fn display() -> Display {
    Display {
        books: BOOKS.iter().map(|title| book(title)).collect(),
        links: vec![
            link("ホームページ", "Website", "https://dx-center.example.jp/"),
            link(
                "就職支援コーナー",
                "Job support",
                "https://jobs.example.jp/kameido",
            ),
        ],
        exit: Some(Exit::Right),
        exits: [("door".into(), Exit::Ahead)].into(),
        ..Display::default()
    }
}

fn book(title: &str) -> Book {
    Book {
        title: Text::ja(title),
        author: None,
    }
}

fn link(ja: &str, en: &str, url: &str) -> Link {
    Link {
        name: Text::both(ja, en),
        url: url.to_owned(),
    }
}

/// About twenty books on going digital, exchanged every two months (R15).
const BOOKS: [&str; 20] = [
    "小さな会社のDX入門",
    "はじめてのクラウド会計",
    "生成AIを仕事で使う",
    "表計算の教科書",
    "お店のキャッシュレス決済",
    "インボイスと電子帳簿保存法",
    "ホームページは自分で直せる",
    "スマートフォンで撮る商品写真",
    "SNSで伝える町工場",
    "情報セキュリティの基本",
    "テレワークの始め方",
    "データで見る売上",
    "補助金申請の手引き",
    "ITパスポート 図解テキスト",
    "プログラミングはじめの一歩",
    "オンライン会議の作法",
    "紙をなくす事務の流れ",
    "ロボットと働く現場",
    "ネットショップ開店ノート",
    "50代からのパソコン",
];
