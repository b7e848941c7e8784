//! A service under its own load, and somebody who looks at it from outside while it runs: how long each route takes, what a slow
//! request was waiting for, and away again.
//!
//!     cargo run --example probed_service --features probes
//!
//! What the last part does over the socket, `remora trace --attach SOCKET -e '…'` does from a terminal.

use std::error::Error;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get;
use remora::probe::socket::{Client, Said};
use remora::probe::{self, Budget, Program};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Every request is one for probes as well: what they keep of it follows it from thread to thread.
#[remora::traced(name = "shop.handle", request, skip(request, next))]
async fn handle(route: String, request: Request, next: Next) -> Response {
    next.run(request).await
}

async fn observed(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(String::new, |it| it.as_str().to_owned());
    handle(route, request, next).await
}

#[remora::traced(name = "shop.query")]
async fn query(sql: &str, rows: u64) -> u64 {
    tokio::time::sleep(Duration::from_millis(rows)).await;
    rows
}

fn service() -> Router {
    Router::new()
        .route("/orders/{id}", get(async || query("SELECT one", 1).await.to_string()))
        .route("/reports", get(async || query("SELECT all", 40).await.to_string()))
        .layer(from_fn(observed))
}

/// Asks for one route, again and again, on one connection.
async fn load(address: SocketAddr, path: &'static str) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: shop\r\n\r\n");
    let mut answer = [0; 4096];
    loop {
        stream.write_all(request.as_bytes()).await?;
        if stream.read(&mut answer).await? == 0 {
            return Ok(());
        }
    }
}

const PROBES: &str = "
    rust:shop.query:entry { $req.sql = sql; $req.rows = rows; }
    rust:shop.handle:exit { @milliseconds[route] = quantize(elapsed() * 1000); }
    rust:shop.handle:exit / elapsed() > 0.03 / {
        sample 1/2;
        capture(route=route, seconds=elapsed(), sql=$req.sql, rows=$req.rows);
    }";

/// What somebody outside has seen: slow requests, and the tables, as JSON.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// A line for each slow request.
    pub(crate) slow: Vec<String>,
    /// The histogram of each route.
    pub(crate) tables: String,
}

/// Looks at a process through its socket until so many slow requests have come.
fn look(socket: &Path, n_slow: usize) -> Result<Seen, Box<dyn Error>> {
    let program = Program::compile(PROBES, &Budget::default()).map_err(|it| format!("{it:?}"))?;
    let mut client = Client::connect(socket)?;
    let end = Instant::now() + Duration::from_secs(60);
    while client.list("shop.handle")?.is_empty() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(10));
    }
    client.attach(&program)?;
    let (mut seen, mut asked) = (Seen::default(), false);
    loop {
        if !asked && (seen.slow.len() >= n_slow || Instant::now() > end) {
            client.detach()?;
            asked = true;
        }
        match client.next(Duration::from_millis(100))? {
            Some(Said::Events(lines)) => seen.slow.extend(lines.lines().map(str::to_owned)),
            Some(Said::Tables(tables)) => seen.tables = tables,
            Some(Said::Detached) => return Ok(seen),
            _ => {}
        }
    }
}

/// The service, its load, and somebody who looks at it, in one process.
pub(crate) fn run() -> Result<Seen, Box<dyn Error>> {
    let socket = std::env::temp_dir().join(format!("remora-probed-{}", std::process::id()));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let _server = probe::serve(&socket)?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    runtime.spawn(async { axum::serve(listener, service()).await });
    for path in ["/orders/1", "/orders/2", "/orders/3", "/reports"] {
        runtime.spawn(load(address, path));
    }
    let seen = look(&socket, 5)?;
    runtime.shutdown_background();
    Ok(seen)
}

#[expect(clippy::print_stdout, reason = "what has been seen is for whoever tries this")]
fn main() -> Result<(), Box<dyn Error>> {
    let seen = run()?;
    println!("{}\n{}", seen.slow.join("\n"), seen.tables);
    Ok(())
}
