//! A service just real enough to be called: HTTP on a free port, a stream, and the verdict the test wants next.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    dead_code
)]

use api::Verdict;
use api::screen::StreamItem;
use serde_json::Value;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The view of an ordinary day, as the tests of the page have it.
const DAY: &str = include_str!("../../../tests/signage/views/day.json");

/// A call it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `POST /v1/scans`.
    pub line: String,
    /// The bearer's token.
    pub token: String,
    /// The idempotency key, if it had one.
    pub key: Option<String>,
    /// JSON.
    pub body: String,
}

/// What becomes of a call.
pub enum Reply {
    Verdict(Box<Verdict>),
    /// 503.
    Unavailable,
    /// 400.
    Wrong,
    /// The line is cut after the call was read.
    Cut,
    /// The line stays, and nothing comes.
    Silence,
}

impl From<Option<Verdict>> for Reply {
    fn from(verdict: Option<Verdict>) -> Self {
        verdict.map_or(Self::Unavailable, |verdict| {
            Self::Verdict(Box::new(verdict))
        })
    }
}

#[derive(Default)]
struct State {
    calls: Vec<Call>,
    streams: Vec<TcpStream>,
    answers: VecDeque<Reply>,
    silent: Vec<TcpStream>,
    closed: bool,
}

pub struct Service {
    state: Arc<Mutex<State>>,
    pub address: SocketAddr,
}

impl Service {
    pub fn start() -> Self {
        Self::start_at("127.0.0.1:0".parse().unwrap())
    }

    pub fn start_at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                if shared.lock().unwrap().closed {
                    return;
                }
                let (connection, state) = (connection.unwrap(), Arc::clone(&shared));
                std::thread::spawn(move || serve(connection, &state));
            }
        });
        Self { state, address }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The answers to the next calls, in order; none is a 503.
    pub fn will_answer(&self, answers: impl IntoIterator<Item = impl Into<Reply>>) {
        let answers = answers.into_iter().map(Into::into);
        self.state.lock().unwrap().answers.extend(answers);
    }

    /// Every call but the stream's.
    pub fn calls(&self) -> Vec<Call> {
        self.state.lock().unwrap().calls.clone()
    }

    /// Cuts every stream.
    pub fn cut(&self) {
        for stream in self.state.lock().unwrap().streams.drain(..) {
            stream.shutdown(std::net::Shutdown::Both).unwrap();
        }
    }

    /// Ends as if killed: the port is free afterwards.
    pub fn end(self) {
        self.cut();
        self.state.lock().unwrap().closed = true;
        // Wakes the listener, which then goes.
        drop(TcpStream::connect(self.address));
    }
}

fn serve(connection: TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(connection.try_clone().unwrap());
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or_default() == 0 {
            return;
        }
        match line.trim() {
            "" => break,
            line => head.push(line.to_owned()),
        }
    }
    let header = |name: &str| {
        head.iter().find_map(|line| {
            line.to_lowercase()
                .starts_with(name)
                .then(|| line[name.len()..].trim().to_owned())
        })
    };
    let mut body = vec![0; header("content-length:").map_or(0, |length| length.parse().unwrap())];
    reader.read_exact(&mut body).unwrap();
    let line = head[0].trim_end_matches(" HTTP/1.1").to_owned();
    let token = header("authorization:")
        .unwrap_or_default()
        .replace("Bearer ", "");
    if line.starts_with("GET /v1/stream") {
        let snapshot = StreamItem::Snapshot {
            centre: super::centre(),
            floor: super::floor(),
        };
        return stream(
            connection,
            state,
            &event(&serde_json::to_value(&snapshot).unwrap()),
        );
    }
    if line.starts_with("GET /v1/signage/stream") {
        let view: Value = serde_json::from_str(DAY).unwrap();
        return stream(connection, state, &event(&view));
    }
    let call = Call {
        line,
        token,
        key: header("idempotency-key:"),
        body: String::from_utf8(body).unwrap(),
    };
    answer(connection, state, call);
}

fn stream(mut connection: TcpStream, state: &Mutex<State>, first: &str) {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    let mut state = state.lock().unwrap();
    connection
        .write_all(format!("{head}{first}").as_bytes())
        .unwrap();
    state.streams.push(connection);
}

fn event(item: &Value) -> String {
    format!("data: {item}\n\n")
}

fn answer(mut connection: TcpStream, state: &Mutex<State>, call: Call) {
    let mut state = state.lock().unwrap();
    let reply = state.answers.pop_front();
    let is_decline = call.line.starts_with("DELETE");
    let (status, body, verdict) = match reply {
        Some(Reply::Verdict(verdict)) => (
            "200 OK",
            serde_json::to_string(&verdict).unwrap(),
            Some(*verdict),
        ),
        Some(Reply::Wrong) => ("400 Bad Request", "{}".to_owned(), None),
        Some(Reply::Cut) => return state.calls.push(call),
        Some(Reply::Silence) => {
            state.silent.push(connection);
            return state.calls.push(call);
        }
        None if is_decline => ("204 No Content", String::new(), None),
        None | Some(Reply::Unavailable) => ("503 Service Unavailable", "{}".to_owned(), None),
    };
    if let (true, Some(verdict)) = (call.line == "POST /v1/scans", verdict) {
        let item = event(&serde_json::to_value(StreamItem::Verdict { verdict }).unwrap());
        state
            .streams
            .retain_mut(|stream| stream.write_all(item.as_bytes()).is_ok());
    }
    state.calls.push(call);
    let length = if body.is_empty() {
        String::new()
    } else {
        format!(
            "content-type: application/json\r\ncontent-length: {}\r\n",
            body.len()
        )
    };
    // A caller that has gone wants no answer.
    let _ = connection.write_all(
        format!("HTTP/1.1 {status}\r\n{length}connection: close\r\n\r\n{body}").as_bytes(),
    );
}
