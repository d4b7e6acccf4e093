//! One file a part of the display: what it shows, brought into the window's adapters.

pub mod emergency;
pub mod frame;
pub mod hero;
pub mod programme;
pub mod scenes;
pub mod seats;

use slint::{Model, ModelRc, VecModel};

/// A list for the window.
fn list<T: Clone + 'static>(items: impl IntoIterator<Item = T>) -> ModelRc<T> {
    ModelRc::new(items.into_iter().collect::<VecModel<T>>())
}

/// How long a list is.
pub fn rows<T>(list: &ModelRc<T>) -> usize {
    list.row_count()
}

/// A number as the window counts.
pub fn index(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// A count as the window counts.
fn count(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// `items` in pages that are no higher than `room`; what is higher than a whole page stands alone on one. `keeps` says which items
/// never end a page: a heading goes with what it heads.
fn pages<T: Clone>(
    items: &[T],
    room: f32,
    height: impl Fn(&T) -> f32,
    keeps: impl Fn(&T) -> bool,
) -> Vec<Vec<T>> {
    let mut pages: Vec<Vec<T>> = Vec::new();
    let mut left = 0.0;
    let mut items = items.iter().peekable();
    while let Some(item) = items.next() {
        let follower = items.peek().filter(|_| keeps(item));
        let wanted = height(item) + follower.map_or(0.0, |next| height(next));
        match pages.last_mut() {
            Some(page) if wanted <= left => page.push(item.clone()),
            _ => {
                pages.push(vec![item.clone()]);
                left = room;
            }
        }
        left -= height(item);
    }
    pages
}
