//! Many scenarios: the command itself, from its start to its summary, on more and more of them. Time is to grow as their number does, memory not at all.
//!
//! What a batch takes before its first scenario (the files, the plan of the base) is taken off its time; what is left is fitted by a power of
//! the number of scenarios. Time is that of the processor, so that other programs do not count.

use std::fs::{read_to_string, write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use grantfolio::cli::memory::most_kib;

/// The shortest batch of the table.
const FROM: u64 = 1_000;
/// The longest, where nothing else is said.
const TO: u64 = 16_000;

/// Amounts of the expenses of two clients; most scenarios find theirs known.
const RETURNING: &str = "distribution = \"choice\"\nvalues = [0.9, 0.95, 1.05, 1.1]";
/// As good as never the same twice.
const NEW: &str = "distribution = \"uniform\"\nlow = 0.9\nhigh = 1.1\ndecimals = 9";

pub fn table() {
    let to = std::env::var("GRANTFOLIO_SCENARIOS").map_or(TO, |text| text.parse().unwrap());
    for (name, clients, distribution) in [
        (
            "amounts of two of five clients, which return",
            &["adacyber", "avionica", "ducale", "padana", "sanfedele"][..],
            RETURNING,
        ),
        ("amounts of one client, new in every scenario", &["ducale"], NEW),
    ] {
        println!("\nthe office, {name}: `grantfolio batch`");
        println!(
            "{:>9} | {:>9} {:>9} {:>10} | {:>12}",
            "scenarios", "CPU, s", "wall, s", "a second", "most memory"
        );
        let start = measured(1, clients, distribution);
        let (mut points, mut count) = (Vec::new(), FROM);
        while count <= to {
            let Measured { cpu, wall, memory } = measured(count, clients, distribution);
            println!(
                "{count:9} | {cpu:9.2} {wall:9.2} {:10.0} | {memory:9.1} MB",
                count as f64 / (wall - start.wall)
            );
            points.push(((count as f64).ln(), (cpu - start.cpu).max(0.01).ln()));
            count = if count < to { (2 * count).min(to) } else { to + 1 };
        }
        println!("time grows with the number of scenarios to the power of {:.2}", slope(&points));
    }
}

/// The slope of the line through points, by least squares.
fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let of =
        |product: &dyn Fn(f64, f64) -> f64| points.iter().map(|(a, b)| product(a - x, b - y)).sum::<f64>();
    of(&|a, b| a * b) / of(&|a, _| a * a)
}

struct Measured {
    cpu: f64,
    wall: f64,
    /// Megabytes, at the most.
    memory: f64,
}

/// Plans so many scenarios, each with an amount of two of these clients.
fn measured(count: u64, clients: &[&str], distribution: &str) -> Measured {
    let folder = tempfile::tempdir().unwrap();
    let scenarios = folder.path().join("scenarios.toml");
    let draws = clients.iter().map(|client| {
        format!(
            "[[montecarlo.amounts.draw]]\nname = \"{client}\"\ntarget = \"expense\"\n\
             selector = \"project.company_id={client}\"\nfield = \"net_amount\"\nop = \"mul\"\n{distribution}\n"
        )
    });
    let touches = clients.len().min(2);
    let head = format!("[montecarlo.amounts]\nseed = 5\ndraws = {count}\ntouches = {touches}\n");
    write(&scenarios, head + &draws.collect::<String>()).unwrap();
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_grantfolio"))
        .arg("batch")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/office"))
        .arg("--scenarios")
        .arg(&scenarios)
        .arg("--out")
        .arg(folder.path().join("out"))
        .args(["--threads", "2"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let process = child.id().to_string();
    // Both only grow: what is read last, milliseconds before the end, is what they came to.
    let (mut cpu, mut memory) = (f64::NAN, f64::NAN);
    let ended = loop {
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        cpu = cpu_of(&process).unwrap_or(cpu);
        memory = memory_of(&process).unwrap_or(memory);
        sleep(Duration::from_millis(2));
    };
    let wall = started.elapsed().as_secs_f64();
    // 1: a gap is left somewhere.
    assert!(matches!(ended.code(), Some(0 | 1)), "the batch failed: {ended}");
    Measured { cpu, wall, memory }
}

/// Seconds of the processor so far, where the system tells (Linux): ticks in user and system mode, a hundred to the second.
fn cpu_of(process: &str) -> Option<f64> {
    let stat = read_to_string(format!("/proc/{process}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

/// The most memory held so far, in megabytes.
fn memory_of(process: &str) -> Option<f64> {
    most_kib(process).map(|kib| kib as f64 / 1024.0)
}
