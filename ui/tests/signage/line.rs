//! The program finds the service, and finds it again.

use super::common::service::Service;
use super::day;
use api::Client;
use api::signage::Signage;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedReceiver;
use ui::signage::{LANDSCAPE, pictures, program};

const PATIENCE: Duration = Duration::from_secs(30);

fn client(url: &str) -> Client {
    // Once a process; the next test finds it chosen.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::new(url, "the-token").unwrap()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a look every 5 ms, with a deadline"
)]
fn next(views: &mut UnboundedReceiver<Signage>) -> Signage {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Ok(view) = views.try_recv() {
            return view;
        }
        assert!(Instant::now() < end, "it never came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_line_that_breaks_is_mended() {
    let service = Service::start();
    let mut views = program::views(client(&service.url())).unwrap();
    assert_eq!(next(&mut views), day());
    service.cut();
    assert_eq!(next(&mut views), day());
}

#[test]
fn a_service_that_is_started_later_is_found() {
    let service = Service::start();
    let (address, url) = (service.address, service.url());
    service.end();
    let mut views = program::views(client(&url)).unwrap();
    assert!(views.try_recv().is_err());
    let _service = Service::start_at(address);
    next(&mut views);
}

#[test]
fn without_a_display_each_scene_is_saved_as_a_picture() {
    let service = Service::start();
    let folder = tempfile::tempdir().unwrap();
    let saved = pictures::save(client(&service.url()), folder.path(), LANDSCAPE).unwrap();
    let names: Vec<_> = saved.iter().map(|path| path.file_name().unwrap()).collect();
    assert_eq!(names, ["01-day.png"]);
    let picture = ui::picture::Picture::load(&saved[0]).unwrap();
    assert_eq!((picture.width, picture.height), LANDSCAPE);
}
