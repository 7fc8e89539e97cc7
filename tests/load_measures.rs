//! The measure reader: every primitive once, every defect with its message, and no text that makes it panic.

use std::fs;
use std::path::{Path, PathBuf};

use grantfolio::load::measures::{Doubted, catalogue, doubted, measure};
use grantfolio::measure::{ChoicePer, Condition, ItemKind, Measure, Number, Quantity, Shape, Test};
use grantfolio::portfolio::Value;
use proptest::prelude::*;

const EVERY_PRIMITIVE: &str = include_str!("data/measures/every-primitive.toml");

fn every_primitive() -> Measure {
    match measure("every-primitive.toml", EVERY_PRIMITIVE) {
        Ok((measure, warnings)) => {
            assert!(warnings.is_empty(), "{warnings}");
            measure
        }
        Err(report) => panic!("{report}"),
    }
}

#[test]
fn every_primitive_reads_without_a_warning() {
    let measure = every_primitive();
    let counts = [
        measure.facts.len(),
        measure.choices.len(),
        measure.member_classes.len(),
        measure.requirements.len(),
        measure.dates.len(),
        measure.items.len(),
        measure.limits.len(),
        measure.counts.len(),
        measure.companions.len(),
        measure.components.len(),
        measure.ledgers.len(),
        measure.pools.len(),
        measure.cumulation.len(),
        measure.doubts.len(),
        measure.examples.len(),
    ];
    // Six facts of its own, and the one that the shared ledger of de minimis asks for.
    assert_eq!(counts, [7, 3, 1, 8, 2, 5, 7, 2, 1, 9, 2, 2, 2, 1, 2]);
    let rules: Vec<&str> = measure.rules().map(|rule| rule.id.as_str()).collect();
    assert_eq!(rules[..7], ["window", "early-order", "regime", "support", "path", "sme", "place"]);
    assert_eq!(measure.pools[1].pool.as_str(), "every-primitive.room");
}

/// So that a doubt can put `application` in the place of `group`, or the other way round.
#[test]
fn groups_stand_by_where_a_choice_is_for_the_application() {
    let for_all = EVERY_PRIMITIVE.replacen("per = \"group\"", "per = \"application\"", 1);
    assert_ne!(for_all, EVERY_PRIMITIVE);
    let (measure, warnings) =
        measure("every-primitive.toml", &for_all).unwrap_or_else(|report| panic!("{report}"));
    assert!(warnings.is_empty(), "{warnings}");
    assert_eq!(measure.choices[1].per, ChoicePer::Application);
    // What is no set is still told.
    let report = grantfolio::load::measures::measure(
        "every-primitive.toml",
        &for_all.replacen("groups = [\"b\"", "groups = [\"bb\"", 1),
    );
    assert!(report.unwrap_err().diagnostics().iter().any(|d| d.code == "M006"));
}

#[test]
fn names_are_resolved_to_indices_conditions_and_tables() {
    let measure = every_primitive();
    // `total` is `direct`, that is a, b, c, d, and the derived item, which comes last.
    let minimum = measure.limits.iter().find(|limit| limit.rule.id.as_str() == "minimum").unwrap();
    assert_eq!(minimum.of, Quantity::Cost(vec![0, 1, 2, 3, 4]));
    let ItemKind::Derived(overheads) = &measure.items[4].kind else { panic!("overheads are derived") };
    assert_eq!(overheads.of, [0, 1, 2, 3]);
    let Shape::Share { components, .. } = &measure.components[6].shape else {
        panic!("the bonus is a share")
    };
    assert_eq!(components, &[0, 5]);
    let Shape::Rate { rate: Number::Table(table), .. } = &measure.components[0].shape else {
        panic!("the grant has a table")
    };
    assert_eq!(
        table.keys.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["company.size", "expense.item"]
    );
    let Condition::Class(name, class) = &measure.requirements[0].must else { panic!("a class") };
    assert_eq!(name, "sme");
    assert_eq!(
        class.to_string(),
        "company.size is one of micro, small, medium and company.headcount is at least 1 and company.headcount is less than 250"
    );
}

/// The values a condition compares with, in order.
fn collect(condition: &Condition, into: &mut Vec<Value>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|p| collect(p, into)),
        Condition::Not(part) | Condition::Class(_, part) => collect(part, into),
        Condition::Fact(_, Test::OneOf(values)) => into.extend(values.iter().cloned()),
        Condition::Fact(_, Test::AtLeast(v) | Test::AtMost(v) | Test::MoreThan(v) | Test::LessThan(v)) => {
            into.push(v.clone());
        }
        Condition::Fact(..) => {}
    }
}

#[test]
fn values_of_tests_have_the_kind_of_their_fact() {
    let measure = every_primitive();
    let values = |rule: usize| {
        let requirement = &measure.requirements[rule];
        let mut found = Vec::new();
        collect(&requirement.must, &mut found);
        found
    };
    let day = |text: &str| Value::Day(text.parse().unwrap());
    assert_eq!(
        values(1),
        [Value::text("Lombardia"), Value::text("Lombardia"), Value::text("energy"), Value::Number(0.into())]
    );
    assert_eq!(values(2), [Value::Number(1000.into())]);
    assert_eq!(values(3), [day("2026-04-09"), day("2026-06-01"), day("2027-12-31")]);
}

/// Every key and word in the TOML blocks of the page stands in the example file, so that neither can move alone.
#[test]
fn the_language_page_and_the_file_with_every_primitive_have_the_same_keys() {
    let page = include_str!("../docs/measure-language.md");
    let shared =
        [include_str!("../measures/shared/ledgers.toml"), include_str!("../measures/shared/funds.toml")];
    let written = [EVERY_PRIMITIVE, shared[0], shared[1]].concat();
    let mut missing = Vec::new();
    for block in page.split("```toml").skip(1) {
        let code = block.split("```").next().unwrap();
        for line in code.lines().map(|line| line.trim_start_matches("# ")) {
            for (at, _) in line.match_indices(" = ") {
                let before = line[..at].trim_end();
                let start = before.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |i| i + 1);
                let key = &before[start..];
                if !key.is_empty() && !written.contains(&format!("{key} = ")) {
                    missing.push(key);
                }
            }
        }
        let tables =
            code.lines().filter(|line| line.starts_with('[')).map(|line| line.split(" #").next().unwrap());
        missing.extend(tables.map(str::trim_end).filter(|line| !written.contains(line)));
    }
    assert!(missing.is_empty(), "on the page, not in the file: {missing:?}");
}

fn bad_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/measures/bad");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}

/// `UPDATE_GOLDEN=1` rewrites the expected reports; the diff is the review.
#[test]
fn every_defect_is_reported_where_it_stands_with_what_to_do() {
    for path in bad_files() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let report = measure(name, &text).expect_err(name).to_string() + "\n";
        let golden = path.with_extension("txt");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&golden, &report).unwrap();
        }
        assert_eq!(report, fs::read_to_string(&golden).unwrap_or_default(), "{name}");
    }
}

#[test]
fn the_catalogue_is_extended_and_overridden_by_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("one.toml"), EVERY_PRIMITIVE).unwrap();
    let (measures, _) = catalogue(Some(folder.path())).unwrap();
    assert!(measures.iter().any(|measure| measure.id.as_str() == "every-primitive"));
    assert!(measures.is_sorted_by(|a, b| a.id < b.id));

    // The same column with another type, under another id.
    let other = EVERY_PRIMITIVE
        .replace("id = \"every-primitive\"", "id = \"other\"")
        .replace("name = \"opened\"\ntype = \"date\"", "name = \"opened\"\ntype = \"text\"")
        .replace(
            "[\"company.headcount\", \"company.legality_rating\", \"project.saving\", \"company.opened\"]",
            "[\"company.headcount\", \"company.legality_rating\", \"project.saving\", \"company.region\"]",
        )
        .replace("\"<2020-01-01\"", "\"Lombardia\"");
    fs::write(folder.path().join("two.toml"), other).unwrap();
    fs::write(folder.path().join("three.toml"), EVERY_PRIMITIVE).unwrap();
    let report = catalogue(Some(folder.path())).unwrap_err();
    let messages: Vec<String> = report.diagnostics().iter().map(|d| d.message.clone()).collect();
    let one = folder.path().join("one.toml").display().to_string();
    assert_eq!(messages.len(), 2, "{report}");
    assert!(messages[0].starts_with("the measure id 'every-primitive' is also that of "), "{report}");
    assert_eq!(messages[1], format!("the fact 'opened' has the type 'text' here and 'date' in {one}"));
    assert!(catalogue(Some(&folder.path().join("nowhere"))).is_err());
}

#[test]
fn deep_and_wide_texts_are_refused_and_not_followed_for_ever() {
    let nested = format!("a = {}{}", "[".repeat(5_000), "]".repeat(5_000));
    assert!(measure("deep.toml", &nested).is_err());
    // Each class mentions the one before twice: written out, the last has 2^40 parts.
    let mut classes = vec![String::from("[classes.c0]\nwhen = { size = \"small\" }\n")];
    for index in 1..40 {
        let before = format!("{{ class = \"c{}\" }}", index - 1);
        classes.push(format!("[classes.c{index}]\nwhen = {{ all = [{before}, {before}] }}\n"));
    }
    let report = measure("wide.toml", &classes.concat()).unwrap_err().to_string();
    assert!(report.contains("more than 1000 parts"), "{report}");
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        let _ = measure("any.toml", &text);
    }

    #[test]
    fn no_broken_measure_makes_the_reader_panic(
        cut in 0..EVERY_PRIMITIVE.len(),
        length in 0_usize..40,
        put in "[\\[\\]{}\"'=.,#a-z0-9 \\n|<>*-]{0,12}",
    ) {
        let bytes = EVERY_PRIMITIVE.as_bytes();
        let end = (cut + length).min(bytes.len());
        let broken = [&bytes[..cut], put.as_bytes(), &bytes[end..]].concat();
        let _ = measure("broken.toml", &String::from_utf8_lossy(&broken));
    }
}

#[test]
fn every_reading_of_every_doubt_in_the_catalogue_is_a_measure() {
    let (measures, _) = catalogue(None).unwrap_or_else(|report| panic!("{report}"));
    let doubted = doubted(None, &|_| true).unwrap_or_else(|report| panic!("{report}"));
    for of in &doubted {
        let is_other = |reading: &Measure| !measures.contains(reading);
        let computed = if of.doubt.key.is_some() { of.doubt.alternatives.len() } else { 0 };
        let about = of.rule.as_ref().map_or("the measure", |rule| rule.as_str());
        assert_eq!(of.readings.len(), computed, "{} {about}", of.measure);
        for reading in &of.readings {
            assert!(reading.iter().any(is_other), "{} {about}: the reading changes nothing", of.measure);
        }
    }
    // The doubts of every rule and of every measure are there.
    let all: usize = measures
        .iter()
        .map(|measure| measure.doubts.len() + measure.rules().filter(|rule| rule.doubt.is_some()).count())
        .sum();
    // Those of a shared ledger stand once.
    let draws = |of: &Doubted| {
        let ledgers = measures.iter().flat_map(|measure| &measure.ledgers);
        let same = ledgers.filter(|own| Some(&own.ledger) == of.ledger.as_ref());
        same.filter(|own| own.rule.doubt.as_ref() == Some(&of.doubt)).count()
    };
    let repeated: usize = doubted.iter().filter(|of| of.ledger.is_some()).map(|of| draws(of) - 1).sum();
    assert_eq!(doubted.len() + repeated, all);
}
