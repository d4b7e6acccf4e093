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
    /// Something of the staff's menu.
    Staff(StaffTap),
}

/// What staff can touch who have signed in here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffTap {
    /// 呼び出しに対応済み.
    AnswerCall,
    /// 時間を過ぎた席を空ける.
    Free,
    /// 席を選んで利用を終える.
    CheckOut,
    /// 番号で受付する.
    Number,
    /// 次の番号を呼ぶ.
    CallNext,
    /// A seat of the list, from 0.
    Seat(usize),
    /// 利用を終える or 受付する, after the question.
    Confirm,
}
