//! A line between two programs that can be cut, frozen and mended, and led to another address.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Whole,
    /// Connections end, new ones too.
    Cut,
    /// Connections stay, nothing moves and nobody is told.
    Frozen,
}

/// The line. Whoever connects to [`Self::address`] reaches the target.
#[derive(Debug)]
pub struct CutProxy {
    address: SocketAddr,
    target: Arc<Mutex<SocketAddr>>,
    state: watch::Sender<State>,
    task: JoinHandle<()>,
}

impl CutProxy {
    /// A whole line to `target`, on a port of its own.
    ///
    /// # Errors
    /// When the system gives no port.
    pub async fn to(target: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let target = Arc::new(Mutex::new(target));
        let (state, watched) = watch::channel(State::Whole);
        let task = tokio::spawn(accept(listener, Arc::clone(&target), watched));
        Ok(Self {
            address,
            target,
            state,
            task,
        })
    }

    /// Where to connect.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Leads connections made from now on elsewhere.
    pub fn lead_to(&self, target: SocketAddr) {
        *self.target.lock().unwrap_or_else(PoisonError::into_inner) = target;
    }

    /// Ends every connection, and new ones at once.
    pub fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    /// Lets nothing through any more and tells nobody.
    pub fn freeze(&self) {
        self.state.send_replace(State::Frozen);
    }

    /// Mends it; what was frozen flows on.
    pub fn heal(&self) {
        self.state.send_replace(State::Whole);
    }
}

impl Drop for CutProxy {
    fn drop(&mut self) {
        self.state.send_replace(State::Cut);
        self.task.abort();
    }
}

async fn accept(
    listener: TcpListener,
    target: Arc<Mutex<SocketAddr>>,
    state: watch::Receiver<State>,
) {
    while let Ok((near, _)) = listener.accept().await {
        let target = *target.lock().unwrap_or_else(PoisonError::into_inner);
        tokio::spawn(connect(near, target, state.clone()));
    }
}

async fn connect(near: TcpStream, target: SocketAddr, mut state: watch::Receiver<State>) {
    if !flows(&mut state).await {
        return;
    }
    let Ok(far) = TcpStream::connect(target).await else {
        return;
    };
    // Small packets one at a time are what an MQTT client sends.
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    tokio::join!(
        pump(near_in, far_out, state.clone()),
        pump(far_in, near_out, state)
    );
}

/// Waits while the line is frozen. False when it is cut.
async fn flows(state: &mut watch::Receiver<State>) -> bool {
    matches!(
        state
            .wait_for(|state| *state != State::Frozen)
            .await
            .as_deref(),
        Ok(State::Whole)
    )
}

async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut state: watch::Receiver<State>) {
    let mut bytes = vec![0; 64 * 1024];
    while flows(&mut state).await {
        let count = tokio::select! {
            read = from.read(&mut bytes) => read.unwrap_or(0),
            _ = state.changed() => continue,
        };
        let Some(read) = bytes.get(..count).filter(|read| !read.is_empty()) else {
            return;
        };
        // It may have been frozen or cut while these bytes were on their way.
        if !flows(&mut state).await || to.write_all(read).await.is_err() {
            return;
        }
    }
}
