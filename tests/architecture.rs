//! The rules of the building: floors, floats, prints, files, lengths. The floors are those of the table in `src/lib.rs`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Where floats may stand, by beginning of the path: between the model and the solver's answer (design guarantee 2).
const FLOATS: [&str; 10] = [
    "src/solve",
    "src/settle",
    "src/scenario/sampling",
    "src/engine/bare.rs",
    "src/engine/group.rs",
    "src/engine/group/rounds.rs",
    "src/engine/neighbourhoods.rs",
    "src/engine/reduced.rs",
    "src/generate/random.rs",
    "src/report/batch/summary.rs",
];
/// Files longer than 500 lines, each with the reason why it is one idea all the same.
const LONG: [(&str, &str); 0] = [];
/// Most lines of a file.
const LONGEST: usize = 500;

/// A source file of the library, without comments, texts and tests.
struct Source {
    /// Such as `src/report/table.rs`.
    path: String,
    /// Modules from the crate down: `["report", "table"]`.
    modules: Vec<String>,
    code: String,
    lines: usize,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(&root.join("src"), &mut files);
    files.sort();
    let source = |file: PathBuf| {
        let text = fs::read_to_string(&file).unwrap();
        let inside = file.strip_prefix(root.join("src")).unwrap().with_extension("");
        let modules = inside.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        let path = file.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        Source { path, modules, lines: text.lines().count(), code: without_tests(&bare(&text)).to_owned() }
    };
    files.into_iter().map(source).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The code without comments and without what stands in quotes; line ends are kept.
fn bare(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let starts = |at: usize, with: &str| with.chars().enumerate().all(|(i, c)| chars.get(at + i) == Some(&c));
    let mut code = String::new();
    let mut at = 0;
    while at < chars.len() {
        if starts(at, "//") {
            while at < chars.len() && chars[at] != '\n' {
                at += 1;
            }
        } else if starts(at, "/*") {
            while at < chars.len() && !starts(at, "*/") {
                at += 1;
            }
            at += 2;
        } else if chars[at] == '"' {
            // A raw text ends at a quote with as many hashes as before it began.
            let hashes = code.chars().rev().take_while(|c| *c == '#').count();
            let raw = code.chars().rev().nth(hashes) == Some('r');
            let end = if raw { format!("\"{}", "#".repeat(hashes)) } else { "\"".to_owned() };
            code.push('"');
            at += 1;
            while at < chars.len() && !starts(at, &end) {
                at += if !raw && chars[at] == '\\' { 2 } else { 1 };
            }
            code.push('"');
            at += end.chars().count();
        } else if chars[at] == '\'' && (starts(at + 2, "'") || starts(at + 1, "\\")) {
            at += 2;
            while at < chars.len() && chars[at] != '\'' {
                at += 1;
            }
            at += 1;
        } else {
            code.push(chars[at]);
            at += 1;
        }
    }
    code
}

/// Tests stand at the end of a file, and may use what they like.
fn without_tests(code: &str) -> &str {
    code.find("#[cfg(test)]\nmod tests").map_or(code, |end| &code[..end])
}

/// Every module at the root of the crate that the code names: `crate::x`, `crate::{x, y::z}`, and `super` as far as the root.
fn imports(source: &Source) -> Vec<String> {
    let up = format!("{}::", vec!["super"; source.modules.len()].join("::"));
    let mut found = Vec::new();
    for root in ["crate::", up.as_str()] {
        for (at, _) in source.code.match_indices(root) {
            let before = source.code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            found.extend(roots(&source.code[at + root.len()..]));
        }
    }
    found
}

/// The first names of a path or of a group of paths.
fn roots(after: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let Some(group) = after.strip_prefix('{') else { return vec![name(after)] };
    let mut names = vec![name(group)];
    let mut depth = 1;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => names.push(name(&group[at + 1..])),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// Module to (floor, place on its floor from the left), from the table in `src/lib.rs`.
fn floors() -> BTreeMap<String, (u32, usize)> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let mut floors = BTreeMap::new();
    for row in text.lines().filter_map(|line| line.strip_prefix("//! |")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        if let Ok(floor) = cells[0].parse() {
            let names = cells[1].split(',').map(|name| name.trim().trim_matches('`').to_owned());
            floors.extend(names.enumerate().map(|(place, name)| (name, (floor, place))));
        }
    }
    floors
}

/// Modules of the library proper: neither its root nor the command.
fn library() -> Vec<Source> {
    let mut library = sources();
    library.retain(|source| !matches!(source.modules[0].as_str(), "lib" | "main"));
    library
}

fn assert_none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn every_module_stands_on_a_floor() {
    let (floors, library) = (floors(), library());
    let mut problems = Vec::new();
    for source in &library {
        if !floors.contains_key(&source.modules[0]) {
            problems.push(format!("{}: not in the table of floors in src/lib.rs", source.path));
        }
    }
    for name in floors.keys() {
        if !library.iter().any(|source| source.modules[0] == *name) {
            problems.push(format!("the table of floors in src/lib.rs names '{name}', which is not there"));
        }
    }
    assert_none(&problems);
}

#[test]
fn imports_lead_downward_or_to_the_left() {
    let floors = floors();
    let mut problems = Vec::new();
    for source in library() {
        let own = &source.modules[0];
        for import in imports(&source) {
            match (floors.get(own), floors.get(&import)) {
                _ if import == *own => {}
                (Some(here), Some(there)) if there.0 < here.0 => {}
                (Some(here), Some(there)) if there.0 == here.0 && there.1 < here.1 => {}
                (_, None) => problems.push(format!("{}: 'crate::{import}' is no module", source.path)),
                _ => problems.push(format!("{}: imports '{import}' from above or its right", source.path)),
            }
        }
    }
    assert_none(&problems);
}

#[test]
fn the_verifier_shares_nothing_but_the_domain() {
    let floors = floors();
    let mut problems = Vec::new();
    for source in library().iter().filter(|source| source.modules[0] == "verify") {
        for import in imports(source) {
            if import != "verify" && floors.get(&import).is_none_or(|(floor, _)| *floor > 1) {
                problems.push(format!("{}: imports '{import}'", source.path));
            }
        }
    }
    assert_none(&problems);
}

/// Whoever checks a proof shares with whoever finds it the data it is written in, and the program.
#[test]
fn the_audit_shares_nothing_with_the_solver() {
    let may = ["audit", "certificate", "program", "money"];
    let mut problems = Vec::new();
    for source in library().iter().filter(|source| source.modules[0] == "audit") {
        let others = imports(source).into_iter().filter(|import| !may.contains(&import.as_str()));
        problems.extend(others.map(|import| format!("{}: imports '{import}'", source.path)));
    }
    assert_none(&problems);
}

#[test]
fn floats_stay_with_the_solver() {
    let mut problems = Vec::new();
    for source in library().iter().filter(|source| !FLOATS.iter().any(|path| source.path.starts_with(path))) {
        for float in ["f64", "f32"] {
            let words = source.code.split(|c: char| !c.is_alphanumeric() && c != '_');
            // Such as `to_f64` and `1f64` too.
            if words.into_iter().any(|word| word.contains(float)) {
                problems.push(format!("{}: {float}", source.path));
            }
        }
    }
    assert_none(&problems);
}

#[test]
fn only_the_top_floor_prints_and_only_from_the_third_files_are_opened() {
    let floors = floors();
    let mut problems = Vec::new();
    for source in library() {
        let floor = floors.get(&source.modules[0]).map_or(0, |(floor, _)| *floor);
        let forbidden: &[&str] = match floor {
            0..=2 => &["println!", "eprintln!", "print!", "dbg!", "std::fs", "fs::", "stdout", "stderr"],
            3..=6 => &["println!", "eprintln!", "print!", "dbg!", "stdout", "stderr"],
            _ => &["println!", "eprintln!", "print!", "dbg!"],
        };
        for word in forbidden.iter().filter(|word| source.code.contains(**word)) {
            problems.push(format!("{}: {word}", source.path));
        }
        if (4..=6).contains(&floor) && source.code.contains("std::fs") {
            problems.push(format!("{}: opens files, which is the business of load and report", source.path));
        }
    }
    assert_none(&problems);
}

#[test]
fn files_are_not_too_long() {
    let mut problems = Vec::new();
    for source in sources() {
        let reason = LONG.iter().any(|(path, _)| *path == source.path);
        if source.lines > LONGEST && !reason {
            problems.push(format!("{}: {} lines", source.path, source.lines));
        }
    }
    assert_none(&problems);
}

#[test]
fn the_reader_of_code_sees_through_comments_texts_and_groups() {
    let code = bare(
        "use crate::{a::b, c::{d, e}}; // crate::x\nlet s = \"crate::y\"; let c = '\"'; crate::f::<'a>();",
    );
    let source = Source { path: String::new(), modules: vec!["m".into()], code, lines: 0 };
    assert_eq!(imports(&source), ["a", "c", "f"]);
    let raw = bare("r#\"crate::\"x\"#; super::g::h");
    let source = Source { path: String::new(), modules: vec!["m".into()], code: raw, lines: 0 };
    assert_eq!(imports(&source), ["g"]);
}
