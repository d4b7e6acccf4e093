//! The sample's people. All of them are invented, like their companies.

use crate::import::end_of_business_year;
use chrono::{Days, NaiveDate};
use domain::floor::Features;
use domain::reference::{Category, MemberState};

/// Members 1 to 42 come for a business, the next 15 seek work, the last three use the ward's service.
const BUSINESS: usize = 42;
const JOB_SEEKERS: usize = 15;

const EXPIRED: usize = 40;
const SUSPENDED: usize = 41;
const UNVERIFIED: usize = 50;
const WHEELCHAIR: usize = 13;

/// A member of the sample.
pub(super) struct Person {
    pub name: &'static str,
    pub kana: &'static str,
    pub category: Category,
    pub company: Option<&'static str>,
    pub state: MemberState,
    pub valid_until: NaiveDate,
    pub needs: Features,
}

/// Everybody, as of a date.
pub(super) fn people(date: NaiveDate) -> Vec<Person> {
    let year_end = end_of_business_year(date);
    let last_year = year_end - Days::new(365);
    NAMES
        .iter()
        .zip(1..)
        .map(|((name, kana), number)| Person {
            name,
            kana,
            category: category(number),
            company: (number <= BUSINESS)
                .then(|| COMPANIES.get((number - 1) % COMPANIES.len()).copied())
                .flatten(),
            state: match number {
                SUSPENDED => MemberState::Suspended,
                UNVERIFIED => MemberState::Unverified,
                _ => MemberState::Active,
            },
            valid_until: if number == EXPIRED {
                last_year
            } else {
                year_end
            },
            needs: Features {
                step_free: number == WHEELCHAIR,
                floor_space: number == WHEELCHAIR,
                ..Features::default()
            },
        })
        .collect()
}

fn category(number: usize) -> Category {
    if number <= BUSINESS {
        Category::Business
    } else if number <= BUSINESS + JOB_SEEKERS {
        Category::JobSeeker
    } else {
        Category::WardService
    }
}

const COMPANIES: [&str; 30] = [
    "亀戸金属加工有限会社",
    "株式会社東砂製パン",
    "大島クリーニング店",
    "砂町青果合同会社",
    "有限会社深川木工",
    "株式会社北砂印刷",
    "門前仲町のカフェ月灯り",
    "越中島デザイン合同会社",
    "株式会社清澄ガラス工房",
    "木場建材株式会社",
    "有限会社猿江電機",
    "株式会社住吉ケアサービス",
    "東陽会計事務所",
    "南砂モータース",
    "株式会社白河コーヒー",
    "合同会社森下ラボ",
    "富岡呉服店",
    "株式会社豊洲フーズ",
    "有限会社枝川運輸",
    "潮見設備工業株式会社",
    "辰巳ペットサロン",
    "株式会社新木場倉庫",
    "塩浜鉄工所",
    "有限会社牡丹製菓",
    "古石場豆腐店",
    "株式会社平野システム",
    "三好社会保険労務士事務所",
    "扇橋理容室",
    "有限会社高橋鞄店",
    "常盤学習塾",
];

const NAMES: [(&str, &str); 60] = [
    ("佐久間 真理子", "サクマ マリコ"),
    ("大塚 健太郎", "オオツカ ケンタロウ"),
    ("野口 由美", "ノグチ ユミ"),
    ("石田 隆", "イシダ タカシ"),
    ("小野寺 恵子", "オノデラ ケイコ"),
    ("平井 和也", "ヒライ カズヤ"),
    ("北村 千春", "キタムラ チハル"),
    ("本間 修", "ホンマ オサム"),
    ("岩崎 美穂", "イワサキ ミホ"),
    ("松尾 浩二", "マツオ コウジ"),
    ("古川 裕子", "フルカワ ユウコ"),
    ("浜田 大輔", "ハマダ ダイスケ"),
    ("川口 幸子", "カワグチ サチコ"),
    ("矢野 誠", "ヤノ マコト"),
    ("永井 直美", "ナガイ ナオミ"),
    ("西川 亮", "ニシカワ リョウ"),
    ("須藤 典子", "スドウ ノリコ"),
    ("菅原 拓也", "スガワラ タクヤ"),
    ("水野 香織", "ミズノ カオリ"),
    ("荒井 勇", "アライ イサム"),
    ("飯田 智子", "イイダ トモコ"),
    ("東 英樹", "アズマ ヒデキ"),
    ("樋口 久美", "ヒグチ クミ"),
    ("高田 純一", "タカダ ジュンイチ"),
    ("杉本 麻衣", "スギモト マイ"),
    ("中田 正人", "ナカタ マサト"),
    ("大谷 文子", "オオタニ フミコ"),
    ("久保田 翔太", "クボタ ショウタ"),
    ("増田 晴美", "マスダ ハルミ"),
    ("小池 秀夫", "コイケ ヒデオ"),
    ("早川 綾", "ハヤカワ アヤ"),
    ("千葉 康弘", "チバ ヤスヒロ"),
    ("松井 節子", "マツイ セツコ"),
    ("栗原 剛", "クリハラ ツヨシ"),
    ("田村 明美", "タムラ アケミ"),
    ("市川 徹", "イチカワ トオル"),
    ("内田 里奈", "ウチダ リナ"),
    ("今井 昭", "イマイ アキラ"),
    ("丸山 佳代", "マルヤマ カヨ"),
    ("和田 俊介", "ワダ シュンスケ"),
    ("土屋 弘子", "ツチヤ ヒロコ"),
    ("関口 学", "セキグチ マナブ"),
    ("安藤 彩香", "アンドウ アヤカ"),
    ("黒田 一郎", "クロダ イチロウ"),
    ("片山 奈々", "カタヤマ ナナ"),
    ("宮本 翼", "ミヤモト ツバサ"),
    ("熊谷 静", "クマガイ シズカ"),
    ("星野 海斗", "ホシノ カイト"),
    ("堀 真由美", "ホリ マユミ"),
    ("沢田 悟", "サワダ サトル"),
    ("松田 優花", "マツダ ユウカ"),
    ("望月 昇", "モチヅキ ノボル"),
    ("福島 玲子", "フクシマ レイコ"),
    ("三浦 勝", "ミウラ マサル"),
    ("辻 桜", "ツジ サクラ"),
    ("岡本 悠斗", "オカモト ユウト"),
    ("青木 陽子", "アオキ ヨウコ"),
    ("藤井 豊", "フジイ ユタカ"),
    ("上野 美咲", "ウエノ ミサキ"),
    ("竹内 進", "タケウチ ススム"),
];
