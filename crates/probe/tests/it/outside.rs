//! A process is probed from outside: through its socket, into files, to a collector.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use remora_probe::sink::{JsonLines, Otlp, Rotating};
use remora_probe::socket::{Client, Limits, Said, serve, serve_with};
use remora_probe::{
    Budget, Point, Program, Provider, Registry, Room, Site, Target, Targets, Trace,
};
use serde_json::{Value as Json, json};

use crate::host::{Hit, JsonHost};

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("remora-{name}-{}", std::process::id()));
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

struct Host {
    registry: Arc<Registry<JsonHost>>,
    site: Arc<Site<JsonHost>>,
    targets: Targets,
}

fn host() -> Host {
    let registry = Arc::new(Registry::<JsonHost>::default());
    let site = registry.add_site(Provider::Fn, "app.f", Point::Entry(0));
    let target: Arc<dyn Target> = Arc::clone(&registry) as _;
    Host { registry, site, targets: [target].into() }
}

impl Host {
    fn hit(&self, n: i64) {
        self.registry.hit(&self.site, Hit::new(&json!({ "args": [n] })));
    }
}

fn program(text: &str) -> Program {
    Program::compile(text, &Budget::default()).unwrap()
}

/// What comes until the program is detached: events, and the last tables.
fn until_detached(client: &mut Client) -> (Vec<Json>, Json) {
    let (mut events, mut tables) = (Vec::new(), Json::Null);
    let end = Instant::now() + Duration::from_secs(20);
    while Instant::now() < end {
        match client.next(Duration::from_millis(100)).unwrap() {
            Some(Said::Events(lines)) => {
                events.extend(lines.lines().map(|it| serde_json::from_str::<Json>(it).unwrap()));
            }
            Some(Said::Tables(text)) => tables = serde_json::from_str(&text).unwrap(),
            Some(Said::Detached) => return (events, tables),
            Some(other) => panic!("{other:?}"),
            None => {}
        }
    }
    panic!("it never ends");
}

#[test]
fn a_program_is_attached_through_the_socket_and_detached_when_its_client_goes() {
    let (host, folder) = (host(), folder("socket"));
    let path = folder.join("probes");
    let server = serve(&path, Arc::clone(&host.targets)).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(serve(&path, Arc::clone(&host.targets)).is_err(), "somebody listens there");
    let mut client = Client::connect(&path).unwrap();
    assert_eq!(client.list("app.*").unwrap(), ["fn:app.f:entry"]);
    assert!(client.list("other").unwrap().is_empty());
    client
        .attach(&program("fn:app.f:entry / arg0 > 1 / { capture(arg0); @n[arg0] = count(); }"))
        .unwrap();
    let again = client.attach(&program("fn:app.f:entry { capture(1) }")).unwrap_err();
    assert_eq!(again.to_string(), "a program is attached already");
    (0..4).for_each(|n| host.hit(n));
    client.detach().unwrap();
    let (events, tables) = until_detached(&mut client);
    assert_eq!(events.iter().map(|it| it["values"][0].clone()).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(tables[0]["rows"].as_array().unwrap().len(), 2);
    assert!(!host.site.is_on());
    client.attach(&program("fn:app.f:entry { capture(arg0) }")).unwrap();
    assert!(host.site.is_on());
    drop(client);
    let end = Instant::now() + Duration::from_secs(20);
    while host.site.is_on() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(!host.site.is_on(), "nobody is left");
    drop(server);
    assert!(!path.exists());
    // A socket that was left behind is replaced; any other file is not.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    drop(serve(&path, Arc::clone(&host.targets)).unwrap());
    std::fs::write(&path, "mine").unwrap();
    assert!(serve(&path, Arc::clone(&host.targets)).is_err());
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_hostile_clients_send_harms_nobody() {
    let (host, folder) = (host(), folder("hostile"));
    let path = folder.join("probes");
    let patience = Duration::from_millis(300);
    let limits = Limits { clients: 4, patience, ..Limits::default() };
    let _server = serve_with(&path, Arc::clone(&host.targets), limits).unwrap();
    let mut seed = 7_u64;
    let mut random = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as u8
    };
    let good = program("fn:app.f:entry { capture(arg0) }").to_bytes();
    for round in 0..200 {
        let Ok(mut stream) = UnixStream::connect(&path) else { continue };
        let mut bytes: Vec<u8> = (0..usize::from(random())).map(|_| random()).collect();
        if round % 2 == 0 {
            // A frame of the right size around a damaged program.
            let mut module = good.clone();
            let at = (usize::from(random()) << 8 | usize::from(random())) % module.len();
            module[at] = random();
            bytes = u32::try_from(module.len() + 1).unwrap().to_le_bytes().to_vec();
            bytes.push(2);
            bytes.extend(module);
        }
        drop(stream.write_all(&bytes));
        host.hit(1);
    }
    // One that says half of something, one that says nothing, and one that is one too many.
    let mut slow = UnixStream::connect(&path).unwrap();
    slow.write_all(&[200, 0, 0]).unwrap();
    let mut silent = UnixStream::connect(&path).unwrap();
    for it in [&mut slow, &mut silent] {
        it.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut rest = Vec::new();
        let patience = |error: std::io::Error| {
            matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
        };
        assert!(!it.read_to_end(&mut rest).is_err_and(patience), "it is sent away");
    }
    // A client that takes nothing of a flood is sent away, and the host goes on.
    let mut deaf = Client::connect(&path).unwrap();
    deaf.attach(&program("fn:app.f:entry { capture(arg0) }")).unwrap();
    let end = Instant::now() + Duration::from_secs(30);
    while host.site.is_on() && Instant::now() < end {
        (0..200).for_each(|n| host.hit(n));
        std::thread::sleep(Duration::from_millis(1));
    }
    drop(deaf);
    let mut client = loop {
        match Client::connect(&path).map(|mut it| it.list("*").map(|_| it)) {
            Ok(Ok(client)) => break client,
            _ => assert!(Instant::now() < end + Duration::from_secs(30), "it is still there"),
        }
    };
    let costly = format!("fn:app.f:entry {{ {} }}", "capture(args); ".repeat(200));
    let unlimited = Budget {
        cost: remora_probe::Cost { instructions: u64::MAX, host_calls: u64::MAX, bytes: u64::MAX },
        ..Budget::default()
    };
    let costly = Program::compile(&costly, &unlimited).unwrap();
    let refused = client.attach(&costly).unwrap_err().to_string();
    assert!(refused.contains("P0009"), "the budget is the host's: {refused}");
    drop(client);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn files_are_rotated_between_lines() {
    let (host, folder) = (host(), folder("rotating"));
    let path = folder.join("trace.jsonl");
    let text = Arc::new(program("fn:app.f:entry { capture(arg0) }"));
    let mut trace = Trace::attach(&text, &host.targets, Room::default()).unwrap();
    (0..100).for_each(|n| host.hit(n));
    trace.detach();
    let (events, dropped) = trace.drain();
    assert_eq!((events.len(), dropped), (100, 0));
    let mut sink = JsonLines::new(Rotating::open(&path, 1_000, 2).unwrap());
    sink.write(&events).unwrap();
    let mut names: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|it| it.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["trace.jsonl", "trace.jsonl.1", "trace.jsonl.2"]);
    let mut last = Vec::new();
    for name in ["trace.jsonl.2", "trace.jsonl.1", "trace.jsonl"] {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        assert!(text.len() <= 1_000 && text.ends_with('\n'));
        for line in text.lines() {
            let event: Json = serde_json::from_str(line).unwrap();
            last.push(event["values"][0].as_i64().unwrap());
        }
    }
    let n = i64::try_from(last.len()).unwrap();
    assert_eq!(last, (100 - n..100).collect::<Vec<_>>(), "the last ones, in order");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn events_go_to_a_collector_as_logs() {
    let host = host();
    let text = Arc::new(program("fn:app.f:entry { capture(n=arg0, token=arg0) }"));
    let mut trace = Trace::attach(&text, &host.targets, Room::default()).unwrap();
    host.hit(7);
    trace.detach();
    let (events, _) = trace.drain();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let collector = std::thread::spawn(move || {
        let mut bodies = Vec::new();
        for status in ["200 OK", "503 Service Unavailable"] {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut piece = [0; 4096];
            let body = loop {
                let n = stream.read(&mut piece).unwrap();
                request.extend_from_slice(&piece[..n]);
                let text = String::from_utf8_lossy(&request);
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                assert!(head.starts_with("POST /v1/logs HTTP/1.1"));
                let len = head.lines().find_map(|it| it.strip_prefix("Content-Length: ")).unwrap();
                if body.len() == len.parse::<usize>().unwrap() {
                    break body.to_owned();
                }
            };
            bodies.push(body);
            write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").unwrap();
        }
        bodies
    });
    let otlp = Otlp::new(&address, "shop");
    otlp.send(&events).unwrap();
    let refused = otlp.send(&events).unwrap_err();
    assert_eq!(refused.to_string(), "the collector answers 503");
    let bodies = collector.join().unwrap();
    let body: Json = serde_json::from_str(&bodies[0]).unwrap();
    let log = &body["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0];
    assert_eq!(log["attributes"][1]["value"]["stringValue"], "app.f");
    let event: Json = serde_json::from_str(log["body"]["stringValue"].as_str().unwrap()).unwrap();
    assert_eq!(event["values"], json!({ "n": 7, "token": { "$redacted": true } }));
    assert!(otlp.with_timeout(Duration::from_millis(200)).send(&events).is_err(), "nobody listens");
}
