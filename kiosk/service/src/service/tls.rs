//! TLS over a listener. Handshakes run beside one another, so that a slow or silent client holds nobody up.

use super::limited::{Limited, Placed};
use axum::serve::Listener;
use rustls::ServerConfig;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;

/// How long a client may take for its handshake.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);

/// Connections that wait to be served.
const WAITING: usize = 8;

type Ready = (TlsStream<Placed>, SocketAddr);

/// Gives connections whose handshake is done.
pub(super) struct Tls {
    ready: mpsc::Receiver<Ready>,
    address: SocketAddr,
}

impl Tls {
    pub(super) fn start(
        tasks: &mut JoinSet<()>,
        listener: Limited,
        address: SocketAddr,
        config: ServerConfig,
        stopping: &CancellationToken,
    ) -> Self {
        let (done, ready) = mpsc::channel(WAITING);
        let acceptor = TlsAcceptor::from(Arc::new(config));
        tasks.spawn(shake_hands(listener, acceptor, done, stopping.clone()));
        Self { ready, address }
    }
}

async fn shake_hands(
    mut listener: Limited,
    acceptor: TlsAcceptor,
    done: mpsc::Sender<Ready>,
    stopping: CancellationToken,
) {
    loop {
        let (stream, address) = tokio::select! {
            () = stopping.cancelled() => return,
            accepted = Listener::accept(&mut listener) => accepted,
        };
        let (handshake, done) = (acceptor.accept(stream), done.clone());
        tokio::spawn(async move {
            match tokio::time::timeout(HANDSHAKE_LIMIT, handshake).await {
                // The service is stopping where nobody takes it.
                Ok(Ok(stream)) => drop(done.send((stream, address)).await),
                Ok(Err(error)) => tracing::debug!(%error, %address, "no TLS with this client"),
                Err(_) => tracing::debug!(%address, "a client took too long for its handshake"),
            }
        });
    }
}

impl Listener for Tls {
    type Io = TlsStream<Placed>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> Ready {
        match self.ready.recv().await {
            Some(ready) => ready,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}
