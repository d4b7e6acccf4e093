//! Where the demo listens.

use anyhow::{Context, bail};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

/// Set it to a number to use that port and the five after it instead of the usual ones.
pub const PORT_BASE: &str = "GENKAN_DEMO_PORT_BASE";

/// Ports of the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    /// The kiosk's own stations.
    pub kiosk: u16,
    /// The signage page; also from other machines of the network.
    pub signage: u16,
    /// The page of codes.
    pub codes: u16,
    /// The office.
    pub office: u16,
    /// The office's broker.
    pub broker: u16,
    /// The staff page.
    pub staff: u16,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            kiosk: 7070,
            signage: 7080,
            codes: 7081,
            office: 7090,
            broker: 7883,
            staff: 7443,
        }
    }
}

impl Places {
    /// Six ports in a row.
    pub fn from_base(base: u16) -> Option<Self> {
        base.checked_add(5)?;
        Some(Self {
            kiosk: base,
            signage: base + 1,
            codes: base + 2,
            office: base + 3,
            broker: base + 4,
            staff: base + 5,
        })
    }

    pub(super) fn from_environment() -> anyhow::Result<Self> {
        let Ok(base) = std::env::var(PORT_BASE) else {
            return Ok(Self::default());
        };
        let places = base
            .parse()
            .ok()
            .filter(|base| *base >= 1024)
            .and_then(Self::from_base);
        places.with_context(|| format!("{PORT_BASE}={base} is no port from which six are free; use a number from 1024 to 65530"))
    }

    /// Stations on this machine call here.
    pub fn kiosk_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.kiosk)
    }

    /// Displays look here.
    pub fn signage_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.signage)
    }

    /// The page of codes.
    pub fn codes_url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.codes)
    }

    /// The office.
    pub fn office_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.office)
    }

    /// The staff page.
    pub fn staff_url(&self) -> String {
        format!("https://127.0.0.1:{}/staff", self.staff)
    }

    pub(super) fn check_free(&self) -> anyhow::Result<()> {
        let local = Ipv4Addr::LOCALHOST;
        let wanted = [
            ("the kiosk", local, self.kiosk),
            ("the signage", Ipv4Addr::UNSPECIFIED, self.signage),
            ("the page of codes", local, self.codes),
            ("the office", local, self.office),
            ("the broker", local, self.broker),
            ("the staff page", local, self.staff),
        ];
        for (what, ip, port) in wanted {
            if let Err(error) = TcpListener::bind(SocketAddr::from((ip, port))) {
                bail!(
                    "port {port} for {what} cannot be used ({error}). Is another demo running? End the program that has the port (ss -ltnp 'sport = :{port}' \
                     names it), or choose other ports: {PORT_BASE}=8100 make demo"
                );
            }
        }
        Ok(())
    }
}
