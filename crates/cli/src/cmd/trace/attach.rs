//! `--attach`: another process, through its socket.

use std::path::Path;

use remora::probe::Program;

use super::watch::{Out, Watch, Writer};
use crate::args::TraceArgs;
use crate::exit::Exit;
use crate::terminal::complain;

#[cfg(unix)]
pub(super) fn attach(args: &TraceArgs, socket: &Path, program: &Program) -> Result<Exit, Exit> {
    let mut out = Out::open(args, Out::Standard)?;
    let watch = Watch::new(args, None);
    let interrupt = watch.clone();
    drop(ctrlc::set_handler(move || interrupt.stop()));
    let mut client = connected(socket)?;
    client.attach(program).map_err(|error| failed(socket, &error))?;
    let mut writer = Writer::new(args, &mut out);
    match follow(&mut client, &watch, &mut writer) {
        Ok(()) => Ok(Exit::Ok),
        Err(error) => Err(failed(socket, &error)),
    }
}

/// Writes what comes until the time has passed or somebody stops it, and what comes after that until the program is detached.
#[cfg(unix)]
fn follow(
    client: &mut remora::probe::socket::Client,
    watch: &Watch,
    writer: &mut Writer<'_>,
) -> std::io::Result<()> {
    use remora::probe::socket::Said;
    use std::time::Duration;

    let (mut asked, mut last) = (false, String::from("[]"));
    loop {
        if watch.is_done() && !asked {
            client.detach()?;
            asked = true;
        }
        match client.next(Duration::from_millis(20)) {
            Ok(Some(Said::Events(lines))) => writer.events(&lines)?,
            Ok(Some(Said::Dropped(n))) => writer.dropped(n)?,
            Ok(Some(Said::Tables(tables))) => {
                writer.draw(&tables)?;
                last = tables;
            }
            Ok(Some(Said::Detached)) => return writer.last(&last),
            Ok(Some(Said::Failed(why))) => complain(&format!("warning: {why}\n")),
            Ok(Some(_) | None) => {}
            Err(error) => {
                // What was gathered until then is not lost.
                writer.last(&last)?;
                return Err(error);
            }
        }
    }
}

#[cfg(unix)]
pub(super) fn list(socket: &Path, pattern: &str) -> Result<Vec<String>, Exit> {
    connected(socket)?.list(pattern).map_err(|error| failed(socket, &error))
}

#[cfg(unix)]
fn connected(socket: &Path) -> Result<remora::probe::socket::Client, Exit> {
    remora::probe::socket::Client::connect(socket).map_err(|error| failed(socket, &error))
}

fn failed(socket: &Path, error: &std::io::Error) -> Exit {
    complain(&format!("error: {}: {error}\n", socket.display()));
    Exit::Usage
}

#[cfg(not(unix))]
pub(super) fn attach(_: &TraceArgs, socket: &Path, _: &Program) -> Result<Exit, Exit> {
    Err(failed(socket, &std::io::Error::from(std::io::ErrorKind::Unsupported)))
}

#[cfg(not(unix))]
pub(super) fn list(socket: &Path, _: &str) -> Result<Vec<String>, Exit> {
    Err(failed(socket, &std::io::Error::from(std::io::ErrorKind::Unsupported)))
}
