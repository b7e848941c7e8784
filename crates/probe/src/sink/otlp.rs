//! Events as logs of OpenTelemetry: OTLP over HTTP, in its JSON form.
//!
//! A small writer of its own: one request a batch, on a connection of its own, to a collector that is reached without TLS,
//! such as one on the same machine.

use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use super::json::{put, text, write_event};
use crate::queue::Event;

/// Sends events to a collector.
#[derive(Clone, Debug)]
pub struct Otlp {
    address: String,
    path: String,
    service: String,
    timeout: Duration,
}

/// Events of one request.
const BATCH: usize = 500;
/// Bytes of an answer that are looked at.
const MAX_ANSWER: u64 = 4096;

impl Otlp {
    /// For a collector such as `127.0.0.1:4318`, and what this service is called there.
    #[must_use]
    pub fn new(address: &str, service: &str) -> Self {
        let timeout = Duration::from_secs(5);
        let (address, service) = (address.to_owned(), service.to_owned());
        Self { address, path: "/v1/logs".to_owned(), service, timeout }
    }

    /// How long one request may take to connect, to write, and to be answered.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sends some events.
    ///
    /// # Errors
    /// If the collector cannot be reached, or does not take them; batches before that have been taken.
    pub fn send(&self, events: &[Event]) -> io::Result<()> {
        events.chunks(BATCH).try_for_each(|batch| self.request(&self.body(batch)))
    }

    fn body(&self, events: &[Event]) -> String {
        let mut out = String::from("{\"resourceLogs\":[{\"resource\":{\"attributes\":[");
        attribute(&mut out, "service.name", &self.service);
        out.push_str("]},\"scopeLogs\":[{\"scope\":{\"name\":\"remora.probe\"},\"logRecords\":[");
        for (nth, event) in events.iter().enumerate() {
            if nth > 0 {
                out.push(',');
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "seconds of this age"
            )]
            let at = (event.at.max(0.0) * 1e9) as u64;
            put(&mut out, format_args!("{{\"timeUnixNano\":\"{at}\",\"severityNumber\":9,"));
            out.push_str("\"body\":{\"stringValue\":");
            let mut body = String::new();
            write_event(&mut body, event);
            text(&mut out, &body);
            out.push_str("},\"attributes\":[");
            attribute(&mut out, "remora.probe", &event.probe);
            out.push(',');
            attribute(&mut out, "code.function", &event.site);
            out.push_str("]}");
        }
        out.push_str("]}]}]}");
        out
    }

    fn request(&self, body: &str) -> io::Result<()> {
        let nowhere = || io::Error::new(io::ErrorKind::NotFound, "the address leads nowhere");
        let address = self.address.to_socket_addrs()?.next().ok_or_else(nowhere)?;
        let mut stream = TcpStream::connect_timeout(&address, self.timeout)?;
        stream.set_read_timeout(Some(self.timeout))?;
        stream.set_write_timeout(Some(self.timeout))?;
        let mut head = String::new();
        let (path, host, len) = (&self.path, &self.address, body.len());
        let _ = write!(
            head,
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
            Content-Length: {len}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(body.as_bytes())?;
        let mut answer = Vec::new();
        (&mut stream).take(MAX_ANSWER).read_to_end(&mut answer)?;
        let status = answer.split(|it| *it == b' ').nth(1).unwrap_or_default();
        if status.starts_with(b"2") {
            return Ok(());
        }
        let status = String::from_utf8_lossy(status).into_owned();
        Err(io::Error::other(format!("the collector answers {status}")))
    }
}

fn attribute(out: &mut String, key: &str, value: &str) {
    put(out, format_args!("{{\"key\":\"{key}\",\"value\":{{\"stringValue\":"));
    text(out, value);
    out.push_str("}}");
}
