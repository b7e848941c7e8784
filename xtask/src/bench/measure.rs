//! Runs a process and says what it cost: the CPU time of that process alone, not what the clock on the wall showed.

use std::ffi::OsString;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4 as _;

/// A process that is still running after this long is ended and counts as failed.
const PATIENCE: Duration = Duration::from_secs(300);

/// What a process printed and cost.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) stdout: String,
    /// User and system time.
    pub(super) cpu: Duration,
    /// The largest resident set, in bytes.
    pub(super) peak: u64,
}

/// Runs a command line to its end.
///
/// # Errors
/// If it cannot be started, fails or takes too long; with what it printed on standard error.
pub(super) fn run(line: &[OsString]) -> Result<Run, String> {
    let Some((program, args)) = line.split_first() else { return Err("no program".to_owned()) };
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    // Read beside waiting: a full pipe would stop the process.
    let (mut stdout, mut stderr) = (child.stdout.take(), child.stderr.take());
    let out = std::thread::spawn(move || read_to_end(stdout.as_mut()));
    let err = std::thread::spawn(move || read_to_end(stderr.as_mut()));
    let start = Instant::now();
    let mut too_long = false;
    let used = loop {
        if let Some(used) = child.try_wait4().map_err(|error| error.to_string())? {
            break used;
        }
        if start.elapsed() > PATIENCE && !too_long {
            too_long = true;
            child.kill().map_err(|error| error.to_string())?;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    let stdout = out.join().unwrap_or_default();
    let stderr = err.join().unwrap_or_default();
    if too_long {
        return Err(format!("still running after {} s", PATIENCE.as_secs()));
    }
    if !used.status.success() {
        let said = stderr.lines().next().unwrap_or_default();
        return Err(format!("{}: {said}", used.status));
    }
    let cpu = used.rusage.utime + used.rusage.stime;
    Ok(Run { stdout, cpu, peak: used.rusage.maxrss })
}

fn read_to_end(pipe: Option<&mut impl std::io::Read>) -> String {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        // What was read before a failure is still worth showing.
        let _ = pipe.read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The middle one, or the mean of the two in the middle; `None` of none.
pub(super) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(middle.checked_sub(1)?)?;
    Some(f64::midpoint(lower, upper))
}

/// The geometric mean; `None` of none.
pub(super) fn geometric_mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let count = u32::try_from(values.len()).ok()?;
    let sum: f64 = values.iter().map(|it| it.ln()).sum();
    Some((sum / f64::from(count)).exp())
}

#[cfg(test)]
mod tests {
    use super::{geometric_mean, median, run};

    #[test]
    fn means() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(geometric_mean(&[]), None);
        let mean = geometric_mean(&[1.0, 4.0, 16.0]).unwrap();
        assert!((mean - 4.0).abs() < 1e-12, "{mean}");
    }

    #[test]
    fn a_run_has_its_output_and_its_cost() {
        let ran = run(&[
            "sh".into(),
            "-c".into(),
            "echo 42; i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done".into(),
        ])
        .unwrap();
        assert_eq!(ran.stdout, "42\n");
        assert!(ran.cpu.as_micros() > 0 && ran.peak > 0, "{ran:?}");
    }

    #[test]
    fn a_run_that_fails_says_why() {
        let failed =
            run(&["sh".into(), "-c".into(), "echo broken >&2; exit 3".into()]).unwrap_err();
        assert!(failed.contains('3') && failed.contains("broken"), "{failed}");
        assert!(run(&["there-is-no-such-program".into()]).is_err());
    }
}
