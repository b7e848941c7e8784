//! What a figure must carry to mean anything: the machine, the versions and the day.

use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// Lines for the head of a results page.
pub(super) fn describe(root: &Path) -> Vec<String> {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    vec![
        format!("date: {}", today()),
        format!("machine: {}, {cores} cores", cpu.unwrap_or_else(|| "unknown CPU".to_owned())),
        format!("system: {}", said(root, "uname", &["-sr"])),
        format!("compiler: {}", said(root, "rustc", &["--version"])),
        format!("commit: {}", said(root, "git", &["describe", "--always", "--dirty"])),
    ]
}

fn said(root: &Path, program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).current_dir(root).output();
    let text = output.ok().filter(|it| it.status.success()).map(|it| it.stdout);
    let text = text.map(|it| String::from_utf8_lossy(&it).trim().to_owned());
    text.filter(|it| !it.is_empty()).unwrap_or_else(|| "unknown".to_owned())
}

/// The day, as `2026-01-31`, in UTC.
fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs());
    let (year, month, day) = civil(seconds / 86_400);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The date of a day counted from 1970-01-01. Howard Hinnant, "chrono-compatible low-level date algorithms".
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::civil;

    #[test]
    fn days_have_dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(11_016), (2000, 2, 29));
        assert_eq!(civil(20_819), (2027, 1, 1));
    }
}
