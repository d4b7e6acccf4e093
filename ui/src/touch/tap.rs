//! What can be touched.

use super::language::Language;
use domain::event::GuestPurpose;

/// A touch, named after what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tap {
    /// 予約なしで利用する.
    WalkIn,
    /// 予約番号を入力する.
    EnterNumber,
    /// はじめてご利用の方.
    FirstVisit,
    /// 利用終了・延長.
    LeaveOrExtend,
    /// 見学, お届け, お問い合わせ.
    Guest(GuestPurpose),
    /// 取り消す: the guest pressed by mistake.
    TakeGuestBack,
    /// 係員を呼ぶ.
    CallStaff,
    /// 戻る, 閉じる.
    Back,
    /// もう少し表示する.
    MoreTime,
    /// A language.
    Speak(Language),
    /// A digit.
    Digit(u8),
    /// 1文字消す.
    Delete,
    /// 確認.
    Submit,
    /// A choice of the offer, from 0; the bridge is 0.
    Choose(usize),
    /// 順番を待つ.
    Join,
    /// 順番待ちをやめる.
    GiveUp,
    /// やめる, after the question.
    ConfirmGiveUp,
    /// このまま待つ.
    KeepWaiting,
    /// 利用を終える.
    Leave,
    /// 終了する, after the question.
    ConfirmLeave,
    /// まだ利用する.
    Stay,
    /// 延長する.
    Extend,
    /// 席を替わる.
    ChangeSeat,
    /// 一時外出する.
    StepOut,
    /// パソコンを借りる.
    Borrow,
    /// One more came along.
    MoreCompanions,
    /// One less.
    FewerCompanions,
}
