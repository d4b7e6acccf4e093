//! A code at the scanner becomes a picture on the touch screen, and a service that went away is found again.

use api::Client;
use domain::ids::StationId;
use e2e::cut_proxy::CutProxy;
use e2e::test_kiosk::{DOOR, TestKiosk};
use e2e::test_office::{BrokerKind, TestOffice};
use slint::ComponentHandle;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};
use ui::picture::{Canvas, Offscreen, Picture};
use ui::touch::connection::Connection;
use ui::touch::flow::Input;
use ui::touch::program::{Inputs, Options, Program};
use ui::touch::screen::Screen;

const PATIENCE: Duration = Duration::from_secs(30);

/// The touch program without a window, driven by hand.
struct Touch {
    offscreen: Rc<Offscreen>,
    canvas: Canvas,
    program: Program,
    inputs: Inputs,
}

impl Touch {
    fn start(client: Client) -> Self {
        let offscreen = Offscreen::install().unwrap();
        let inputs = Inputs::new();
        let connection =
            Connection::start(client, Some(StationId::from(DOOR)), inputs.sender.clone()).unwrap();
        let options = Options {
            reduced_motion: true,
            ..Options::default()
        };
        let program = Program::new(connection, &inputs.sender, options).unwrap();
        program.window().show().unwrap();
        let canvas = offscreen.latest().unwrap();
        canvas.resize(ui::touch::LANDSCAPE.0, ui::touch::LANDSCAPE.1);
        Self {
            offscreen,
            canvas,
            program,
            inputs,
        }
    }

    fn until(&mut self, what: &str, wanted: impl Fn(&Screen) -> bool) -> Screen {
        let end = Instant::now() + PATIENCE;
        loop {
            while let Ok(input) = self.inputs.receiver.try_recv() {
                self.program.receive(input);
            }
            self.program.receive(Input::Tick);
            self.offscreen.pass(Duration::from_millis(5));
            let screen = self.program.presentation().screen;
            if wanted(&screen) {
                return screen;
            }
            assert!(
                Instant::now() < end,
                "{what} did not come; the screen shows {}",
                screen.name()
            );
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }

    fn picture(&self, name: &str) -> Picture {
        let picture = self.canvas.picture();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .unwrap()
            .join("target/screenshots/touch-live");
        std::fs::create_dir_all(&folder).unwrap();
        picture.save(&folder.join(format!("{name}.png"))).unwrap();
        picture
    }
}

/// Share of the pixels in which two pictures differ.
fn difference(a: &Picture, b: &Picture) -> f64 {
    assert_eq!((a.width, a.height), (b.width, b.height));
    let differing = a
        .pixels
        .iter()
        .zip(&b.pixels)
        .filter(|(a, b)| a != b)
        .count();
    differing as f64 / a.pixels.len() as f64
}

#[test]
fn a_code_at_the_scanner_shows_as_its_verdict_and_a_lost_service_is_found_again() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let office = runtime
        .block_on(TestOffice::start(BrokerKind::Embedded))
        .unwrap();
    let mut kiosk = runtime.block_on(TestKiosk::start(&office)).unwrap();
    runtime.block_on(kiosk.until_open()).unwrap();
    let address = |kiosk: &TestKiosk| {
        kiosk
            .url()
            .unwrap()
            .trim_start_matches("http://")
            .parse()
            .unwrap()
    };
    let line = runtime.block_on(CutProxy::to(address(&kiosk))).unwrap();
    let client = Client::new(
        &format!("http://{}", line.address()),
        &kiosk.token(DOOR).unwrap(),
    )
    .unwrap();

    let mut touch = Touch::start(client);
    touch.until("the attract screen", |screen| *screen == Screen::Attract);
    let attract = touch.picture("1-attract");
    let ground = attract.pixels[0];
    assert!(
        attract
            .pixels
            .iter()
            .filter(|pixel| **pixel != ground)
            .count()
            > attract.pixels.len() / 100,
        "the picture is blank"
    );

    kiosk.scanner.scan(office.pass("M00001").unwrap()).unwrap();
    let Screen::Admitted(admitted) = touch.until("the admission", |screen| {
        matches!(screen, Screen::Admitted(_))
    }) else {
        unreachable!()
    };
    assert!(
        kiosk.stays().unwrap().contains_key(&admitted.visit),
        "the screen shows a visit that is recorded"
    );
    let shown = touch.picture("2-admitted");
    assert!(
        difference(&attract, &shown) > 0.05,
        "the picture has not changed"
    );

    // The next scan comes before the first is over.
    kiosk.scanner.scan("nothing we know").unwrap();
    touch.until("the next verdict", |screen| {
        *screen == Screen::NotRecognised
    });
    touch.picture("3-not-recognised");

    line.cut();
    touch.until("that the service is away", |screen| {
        *screen == Screen::ServiceLost
    });
    let lost = touch.picture("4-service-lost");
    assert!(difference(&attract, &lost) > 0.02);
    line.heal();
    touch.until("the service again", |screen| *screen == Screen::Attract);

    // The kiosk itself goes and comes back, elsewhere.
    runtime.block_on(kiosk.close());
    touch.until("that the kiosk is away", |screen| {
        *screen == Screen::ServiceLost
    });
    runtime.block_on(kiosk.open()).unwrap();
    line.lead_to(address(&kiosk));
    touch.until("the kiosk again", |screen| *screen == Screen::Attract);
    runtime.block_on(kiosk.until_open()).unwrap();
    kiosk.scanner.scan(office.pass("M00001").unwrap()).unwrap();
    let Screen::Inside { menu, .. } =
        touch.until("the menu", |screen| matches!(screen, Screen::Inside { .. }))
    else {
        unreachable!()
    };
    assert_eq!(menu.visit, admitted.visit);
    touch.picture("5-inside");
}
