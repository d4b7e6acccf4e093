//! A door whose disk is full says so, for as long as it is, and needs nobody's help when there is room again.
use super::door::{close, open, scan, try_scan};
use kiosk::desk::DeskError;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::process::Command;
use std::time::Duration;

/// Longer than the desk waits before it tries by itself.
const A_TRY: Duration = Duration::from_millis(2500);

#[test]
fn a_door_that_cannot_record_says_so_until_it_can() {
    let dir = tempfile::tempdir().unwrap();
    // No file may grow beyond 400 blocks (of 512 or 1024 bytes), and the signal that would end the process is ignored.
    let script =
        "trap '' XFSZ; ulimit -S -f 400; exec \"$0\" --exact full_disk::door --ignored --nocapture";
    let told = Command::new("sh")
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .env("GENKAN_TEST_DIR", dir.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&told.stdout);
    let errors = String::from_utf8_lossy(&told.stderr);
    assert!(told.status.success(), "{text}{errors}");
}

#[tokio::test]
#[ignore = "a_door_that_cannot_record_says_so_until_it_can starts it"]
async fn door() {
    let dir = std::env::var_os("GENKAN_TEST_DIR").expect("started by another test");
    let running = open(dir.as_ref(), 2);
    let mut state = running.desk.published();
    // As the sync does. The log then stays as long as it is when the journal is opened again.
    let _reader = running.reader().unwrap();
    let mut full = None;
    for (nth, member) in (0..40).cycle().take(4000).enumerate() {
        let key = format!("key-{nth}");
        if let Err(error) = try_scan(&running.desk, member, Some(&key)).await {
            full = Some(error);
            break;
        }
    }
    assert_eq!(full, Some(DeskError::Storage));
    assert!(!state.borrow_and_update().writable);
    let by_itself = state.wait_for(|state| state.writable);
    assert!(
        tokio::time::timeout(A_TRY, by_itself).await.is_err(),
        "opening a journal is not yet writing it"
    );
    let refused = try_scan(&running.desk, 7, None).await;
    assert_eq!(refused, Err(DeskError::Storage));
    let (_, hard) = getrlimit(Resource::RLIMIT_FSIZE).unwrap();
    setrlimit(Resource::RLIMIT_FSIZE, hard, hard).unwrap();
    let again = state.wait_for(|state| state.writable);
    tokio::time::timeout(Duration::from_secs(60), again)
        .await
        .expect("it goes on by itself")
        .unwrap();
    scan(&running.desk, 7, None).await;
    close(running).await;
}
