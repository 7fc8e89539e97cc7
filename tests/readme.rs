//! The commands of the README, run as they stand there with the binary of this build in the place of `cargo run`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use std::path::Path;
use std::process::Command;

/// The lines of every `sh` block of a page.
fn commands(page: &str) -> Vec<&str> {
    let mut inside = false;
    let mut commands = Vec::new();
    for line in page.lines() {
        match line.trim() {
            "```sh" => inside = true,
            "```" => inside = false,
            command if inside && !command.is_empty() && !command.starts_with('#') => commands.push(command),
            _ => {}
        }
    }
    commands
}

#[test]
fn every_command_shown_works() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let home = tempfile::tempdir().unwrap();
    let mut run = 0;
    for name in ["README.md", "docs/commands.md", "docs/certificates.md", "scenarios/office/README.md"] {
        let page = std::fs::read_to_string(root.join(name)).unwrap();
        for command in commands(&page) {
            // Running the tests is this very run.
            if command == "cargo test" {
                continue;
            }
            let Some(arguments) = command
                .strip_prefix("cargo run --release -- ")
                .or_else(|| command.strip_prefix("grantfolio "))
            else {
                panic!("{name}: a command of another kind: {command}");
            };
            // What a command writes goes to a folder of its own.
            let arguments =
                arguments.split_whitespace().map(|argument| match argument.strip_prefix("out/") {
                    Some(file) => home.path().join(file).to_str().unwrap().to_owned(),
                    None => argument.to_owned(),
                });
            let output = Command::new(env!("CARGO_BIN_EXE_grantfolio"))
                .current_dir(root)
                .args(arguments)
                .output()
                .unwrap();
            assert!(
                output.status.success(),
                "{name}: {command}\n{}",
                String::from_utf8_lossy(&output.stderr)
            );
            run += 1;
        }
    }
    assert!(run >= 10, "only {run} commands found");
}
