//! The figures of the READMEs in `scenarios/`, worked there by hand, against what the program answers: also to the questions "and if not?".

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// A copy of a scenario with one file written anew.
fn with(scenario: &str, file: &str, text: &str) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(scenario);
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        std::fs::copy(entry.path(), home.path().join(entry.file_name())).unwrap();
    }
    std::fs::write(home.path().join(file), text).unwrap();
    home
}

fn solved(portfolio: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_grantfolio"))
        .args(["optimize", "--format", "json"])
        .arg(portfolio)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn of_scenario(name: &str) -> Value {
    solved(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name))
}

/// Measure, admitted and grant of each application of a project.
fn applications<'r>(result: &'r Value, project: &str) -> Vec<(&'r str, &'r str, &'r str)> {
    let text = |value: &'r Value| value.as_str().unwrap();
    let all = result["applications"].as_array().unwrap();
    all.iter()
        .filter(|application| application["project"] == project)
        .map(|a| (text(&a["measure"]), text(&a["admitted"]), text(&a["grant"])))
        .collect()
}

const FORBID_GBER: &str = "decision,project_id,measure,choice,option\n\
                           forbid,tintoria,efficient-enterprise-2025,regime,gber\n";
const NO_PRIOR_AID: &str = "undertaking,granted_on,regulation,aid\n";

#[test]
fn the_dye_house_puts_panels_under_one_measure_and_the_rest_under_the_other() {
    let result = of_scenario("energy");
    assert_eq!((&result["objective"], &result["proof"]), (&"143050.00".into(), &"certified".into()));
    let expected =
        [("efficient-enterprise-2025", "104000.00", "46800.00"), ("energy-2023", "481000.00", "96250.00")];
    assert_eq!(applications(&result, "tintoria"), expected);
}

#[test]
fn under_the_other_regime_the_dye_house_gets_what_the_room_leaves() {
    let home = with("energy", "decisions.csv", FORBID_GBER);
    let result = solved(home.path());
    assert_eq!(result["objective"], "128841.07");
    let expected =
        [("efficient-enterprise-2025", "355190.00", "84936.73"), ("energy-2023", "237600.00", "43904.34")];
    assert_eq!(applications(&result, "tintoria"), expected);
}

#[test]
fn without_earlier_aid_de_minimis_is_the_better_regime() {
    let home = with("energy", "prior_aids.csv", NO_PRIOR_AID);
    let result = solved(home.path());
    assert_eq!((&result["objective"], &result["proof"]), (&"143247.50".into(), &"certified".into()));
    assert_eq!(applications(&result, "tintoria"), [("efficient-enterprise-2025", "572990.00", "143247.50")]);
}

#[test]
fn the_dye_house_with_one_measure_alone() {
    let settings = "as_of = 2026-09-15\n[measures.energy-2023]\nreissue = 2026-10-01\ngranted_on = 2027-06-30\n\
                    [measures.efficient-enterprise-2025]\nexcluded = true\n";
    assert_eq!(solved(with("energy", "portfolio.toml", settings).path())["objective"], "127450.00");
}

/// Efficientamento is closed where nobody opens it again. An application that can lend must not have to be made: this was once
/// "certified" at 87,681.16, under de minimis.
#[test]
fn the_dye_house_with_the_open_measure_alone() {
    let closed = with("energy", "portfolio.toml", "as_of = 2026-09-15\n");
    let result = solved(closed.path());
    assert_eq!(result["objective"], "117725.00");
}

#[test]
fn the_partnership_gets_what_the_rooms_of_its_members_leave() {
    let result = of_scenario("partnership");
    assert_eq!(result["objective"], "343823.50");
    assert_eq!(applications(&result, "carta"), [("sustainable-production-2024", "536337.50", "283823.50")]);
    assert_eq!(applications(&result, "forno"), [("efficient-enterprise-2025", "300000.00", "60000.00")]);
    let carta =
        result["applications"].as_array().unwrap().iter().find(|one| one["project"] == "carta").unwrap();
    let members: Vec<_> = carta["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| (member["company"].as_str().unwrap(), member["grant"].as_str().unwrap()))
        .collect();
    let expected = [
        ("cartiera", "118668.95"),
        ("colori", "29481.47"),
        ("grafica", "20000.00"),
        ("imballi", "56490.05"),
        ("legatoria", "21183.03"),
        ("riciclo", "38000.00"),
    ];
    assert_eq!(members, expected);
}

#[test]
fn alone_the_oven_would_go_under_de_minimis() {
    let members = "project_id,company_id\ncarta,grafica\n";
    // Two members are no partnership: only the oven is left.
    let result = solved(with("partnership", "members.csv", members).path());
    assert_eq!((&result["objective"], &result["proof"]), (&"104500.00".into(), &"certified".into()));
    assert_eq!(applications(&result, "forno"), [("efficient-enterprise-2025", "418000.00", "104500.00")]);
}

#[test]
fn the_clinic_of_the_office_has_room_for_38_000() {
    let result = of_scenario("office");
    assert_eq!((&result["objective"], &result["proof"]), (&"1272578.79".into(), &"certified".into()));
    assert_eq!(applications(&result, "sf-27018"), [("certifications-2026", "72875.00", "51012.50")]);
    let cartella = applications(&result, "sf-cartella");
    assert_eq!((cartella.len(), cartella[0].0, cartella[0].2), (1, "si40-2019", "38000.00"));
    assert_eq!(applications(&result, "la-tetto"), [("efficient-enterprise-2025", "355500.00", "88875.00")]);
}

/// The partnership with two members in one undertaking, whose room of 38,000 they use up together.
#[test]
fn members_of_one_undertaking_use_up_its_room_together() {
    let companies = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/partnership/companies.csv"),
    )
    .unwrap();
    let companies = companies.replace("Grafica Lariana Srl,,", "Grafica Lariana Srl,gruppo-martesana,");
    let home = with("partnership", "companies.csv", &companies);
    let aids = std::fs::read_to_string(home.path().join("prior_aids.csv")).unwrap();
    let aids: String = aids
        .lines()
        .filter(|line| !line.starts_with("grafica,"))
        .fold(String::new(), |all, line| all + line + "\n");
    std::fs::write(home.path().join("prior_aids.csv"), aids).unwrap();
    solved(home.path());
}

/// Every measure open: variants and loans of several measures, rooms of undertakings, a chamber's pool and counts join eighteen projects into one
/// group, which is taken apart by projects. The program verifies what it publishes; what is left open is less than a euro.
#[test]
fn the_office_with_every_measure_open() {
    let settings = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/office/portfolio.toml"),
    )
    .unwrap();
    let open = "\n[measures.development-2023]\nreissue = 2026-09-21\n[measures.attraction-2023]\nreissue = 2026-10-01\n\
                [measures.energy-2023]\nreissue = 2026-10-01\n[measures.sustainable-production-2024]\nreissue = 2026-10-05\n";
    let result = solved(with("office", "portfolio.toml", &(settings + open)).path());
    let gap: f64 = result["gap"].as_str().unwrap().parse().unwrap();
    assert!((0.0..1.0).contains(&gap), "{} {} gap {gap}", result["status"], result["proof"]);
}

/// Loans in two measures of one project.
#[test]
fn a_project_between_two_measures_with_loans_has_a_bound() {
    let settings = "as_of = 2026-09-15\n[measures.energy-2023]\nreissue = 2026-10-01\n";
    let result = solved(with("office", "portfolio.toml", settings).path());
    assert_eq!(result["proof"], "certified");
}

/// The two companies of `choice` would be granted 49,000 and 220,000 for their certificates: with 250,000 in the budget one gets less.
#[test]
fn clients_who_use_up_a_pool_together_are_told() {
    let settings = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/choice/portfolio.toml"),
    )
    .unwrap();
    let home = with(
        "choice",
        "portfolio.toml",
        &(settings + "\n[pools]\n\"certifications-2026.budget\" = \"250000.00\"\n"),
    );
    let output =
        Command::new(env!("CARGO_BIN_EXE_grantfolio")).arg("optimize").arg(home.path()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let told = "One client's gain is another's loss: 'certifications-2026.budget' is used up by ";
    assert!(text.contains(told), "{text}");
}
