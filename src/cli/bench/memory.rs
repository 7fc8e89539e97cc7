//! The most memory of this process, as Linux counts it; elsewhere nothing is said.

use std::fs;

/// Begins to count anew. Where that is not allowed, the most of the whole run is told.
pub(super) fn forget() {
    // 5: the peak of resident memory becomes what is resident now (proc(5)).
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// The most since, in MiB.
pub(super) fn most() -> Option<u64> {
    of(&fs::read_to_string("/proc/self/status").ok()?)
}

fn of(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib.div_ceil(1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_counted_in_whole_mebibytes_upwards() {
        assert_eq!(of("Name:\tx\nVmHWM:\t    2049 kB\nVmRSS:\t 7 kB\n"), Some(3));
        assert_eq!(of("Name:\tx\n"), None);
    }
}
