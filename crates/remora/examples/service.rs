//! A web service whose handlers are scripts: each request gets a VM of its own, and waits for the host without a thread.
//!
//! The handlers await `load` and `save`, functions of the host that take a while, as those of a database would; many
//! requests wait at once on one thread. Limits hold for each of them.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::{Method, StatusCode, Uri};
use remora::{Engine, Module, Settings, Timer, Value, Vm};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

const HANDLERS: &str = r#"
func reply(status, body) { return {"status": status, "body": body} }
func GET(path, body) {
    if path == "/endless" { loop { } }
    note := load(path)
    return if note == null { reply(404, "nothing at ${path}") } else { reply(200, note) }
}
func PUT(path, body) {
    if len(body) > 100 { return reply(413, "too long") }
    known := load(path)
    save(path, trim(body))
    return if known == null { reply(201, "made") } else { reply(200, "changed") }
}
"#;

/// Stands for a database.
type Notes = Arc<Mutex<HashMap<String, String>>>;

/// Work that takes a while.
async fn with_notes<T>(notes: Notes, work: impl FnOnce(&mut HashMap<String, String>) -> T) -> T {
    sleep(Duration::from_millis(5)).await;
    work(&mut notes.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
}

fn engine() -> Engine {
    let notes = Notes::default();
    let to = Arc::clone(&notes);
    Engine::builder()
        .async_function("load", move |path: String| {
            with_notes(Arc::clone(&notes), move |it| it.get(&path).cloned())
        })
        .async_function("save", move |path: String, text: String| {
            with_notes(Arc::clone(&to), move |it| drop(it.insert(path, text)))
        })
        .build()
}

/// Any request: the function with the name of the method answers it.
async fn handle(
    State(module): State<Module>,
    method: Method,
    uri: Uri,
    body: String,
) -> (StatusCode, String) {
    let settings = Settings {
        fuel: Some(100_000),
        memory: 1 << 20,
        timer: Some(Timer::new(sleep)),
        ..Settings::default()
    };
    let mut vm = Vm::new(&module, settings);
    match vm.call_async(method.as_str(), (uri.path(), body)).await {
        Ok(reply) => {
            let status = reply.field("status").and_then(Value::as_int);
            let status = status.and_then(|it| StatusCode::from_u16(u16::try_from(it).ok()?).ok());
            let body = reply.field("body").and_then(Value::as_str).unwrap_or_default();
            (status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), body.to_owned())
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}

/// What the service answers: the line of the status, and the text.
async fn ask(port: u16, method: &str, path: &str, body: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let n = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: here\r\nconnection: close\r\ncontent-length: {n}"
    );
    stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).await?;
    let mut text = String::new();
    stream.read_to_string(&mut text).await?;
    let status = text.lines().next().unwrap_or_default().trim_start_matches("HTTP/1.1 ");
    let answer = text.split_once("\r\n\r\n").unwrap_or_default().1;
    Ok(format!("{status}: {answer}"))
}

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let module = engine().compile("handlers.ruff", HANDLERS)?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let service = axum::Router::new().fallback(handle).with_state(module);
        tokio::spawn(axum::serve(listener, service).into_future());

        assert_eq!(ask(port, "GET", "/tea", "").await?, "404 Not Found: nothing at /tea");
        assert_eq!(ask(port, "PUT", "/tea", "green ").await?, "201 Created: made");
        assert_eq!(ask(port, "PUT", "/tea", "black").await?, "200 OK: changed");
        assert_eq!(
            ask(port, "PUT", "/x", &"x".repeat(101)).await?,
            "413 Payload Too Large: too long"
        );
        let many: Vec<_> = (0..50).map(|_| tokio::spawn(ask(port, "GET", "/tea", ""))).collect();
        for answer in many {
            assert_eq!(answer.await??, "200 OK: black");
        }
        let endless = ask(port, "GET", "/endless", "").await?;
        assert!(endless.starts_with("500 Internal Server Error: L0001"), "{endless}");
        Ok(())
    })
}
