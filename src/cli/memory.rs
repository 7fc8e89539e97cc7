//! The most memory of a process, as Linux counts it; elsewhere nothing is said.

use std::fs;

/// Begins to count this process anew. Where that is not allowed, the most of the whole run is told.
pub fn forget() {
    // 5: the peak of resident memory becomes what is resident now (proc(5)).
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// The most since, in MiB.
pub fn most() -> Option<u64> {
    most_kib("self").map(mebibytes)
}

/// The most of a process so far, in KiB; it is given by its number.
pub fn most_kib(process: &str) -> Option<u64> {
    of(&fs::read_to_string(format!("/proc/{process}/status")).ok()?)
}

fn of(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

fn mebibytes(kib: u64) -> u64 {
    kib.div_ceil(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_counted_in_whole_mebibytes_upwards() {
        assert_eq!(of("Name:\tx\nVmHWM:\t    2049 kB\nVmRSS:\t 7 kB\n").map(mebibytes), Some(3));
        assert_eq!(of("Name:\tx\n"), None);
    }
}
