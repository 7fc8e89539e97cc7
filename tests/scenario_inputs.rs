//! Inputs that are kept, changed by overrides and read again, against the files that say so: what `Inputs` gives is what the loader gives.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod common {
    pub mod splitmix;
}

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use common::splitmix::Random;
use grantfolio::load::fields::FILES;
use grantfolio::load::measures::catalogue;
use grantfolio::load::{Inputs, Overrides, Rows, portfolio_for};
use grantfolio::portfolio::Portfolio;
use grantfolio::scenario::{Op, Override, Places, Selector, Target};

const COMPANIES: usize = 0;
const PROJECTS: usize = 1;
const EXPENSES: usize = 2;
const MEMBERS: usize = 3;
const PRIOR_AIDS: usize = 4;
const DECISIONS: usize = 5;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The portfolio that lists of defects start from: small, with every file.
fn base() -> PathBuf {
    root().join("tests/bad_input/base")
}

/// The inputs of the base, with its measure `grant`.
fn base_inputs() -> Inputs {
    opened(&base(), Some(&base_measures()))
}

/// The measure of the base, in a folder where `portfolio.toml` does not pass for one.
fn base_measures() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("base-measures");
    fs::create_dir_all(&folder).unwrap();
    let text = fs::read(base().join("grant.toml")).unwrap();
    let path = folder.join("grant.toml");
    if fs::read(&path).ok().as_ref() != Some(&text) {
        fs::write(path, text).unwrap();
    }
    folder
}

fn opened(folder: &Path, measures: Option<&Path>) -> Inputs {
    Inputs::open(folder, measures, &Overrides::default()).unwrap_or_else(|report| panic!("{report}")).0
}

/// What the loader gives.
fn loaded(folder: &Path, measures: Option<&Path>) -> Portfolio {
    let (measures, _) = catalogue(measures).unwrap();
    let read = portfolio_for(folder, &measures, &Overrides::default());
    read.unwrap_or_else(|report| panic!("{report}")).0
}

fn change(target: Target, selector: &str, field: &str, op: Op, value: &str) -> Override {
    Override {
        target,
        selector: Selector::parse(selector).unwrap(),
        field: field.to_owned(),
        op,
        value: value.to_owned(),
        places: Arc::new(Places::default()),
    }
}

/// The inputs with these changes made for good.
fn edited(inputs: &Inputs, overrides: &[Override]) -> Inputs {
    let edits = inputs.edit(overrides).unwrap_or_else(|report| panic!("{report}"));
    inputs.edited(&edits).unwrap_or_else(|report| panic!("{report}"))
}

/// A column of a file, row by row.
fn column(inputs: &Inputs, file: usize, name: &str) -> Vec<String> {
    (0..inputs.rows(file)).map(|row| inputs.cell((file, row), name).to_owned()).collect()
}

/// A column after one change.
fn after(target: Target, selector: &str, field: &str, op: Op, value: &str) -> Vec<String> {
    let inputs = edited(&base_inputs(), &[change(target, selector, field, op, value)]);
    let file = FILES.iter().position(|file| file.name.starts_with(&target.name()[..4])).unwrap();
    column(&inputs, file, field)
}

#[test]
fn nothing_changed_is_the_portfolio_of_the_loader() {
    let mut met = 0;
    for entry in fs::read_dir(root().join("scenarios")).unwrap() {
        let folder = entry.unwrap().path();
        let inputs = opened(&folder, None);
        let edits = inputs.edit(&[]).unwrap();
        assert!(edits.is_empty() && !edits.is_structural());
        let portfolio = inputs.portfolio(&edits, &Rows::All).unwrap();
        assert_eq!(portfolio, loaded(&folder, None), "{}", folder.display());
        assert_eq!(*inputs.measures(&edits).unwrap(), catalogue(None).unwrap().0);
        met += 1;
    }
    assert!(met >= 5);
    let inputs = base_inputs();
    let portfolio = inputs.portfolio(&inputs.edit(&[]).unwrap(), &Rows::All).unwrap();
    assert_eq!(portfolio, loaded(&base(), Some(&base_measures())));
}

#[test]
fn a_workbook_is_kept_as_files_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("base.xlsx");
    let mut workbook = rust_xlsxwriter::Workbook::new();
    for name in ["companies", "projects", "expenses", "members", "prior_aids", "decisions"] {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_path(base().join(name).with_extension("csv"))
            .unwrap();
        for (row, record) in (0..).zip(reader.records()) {
            for (column, text) in (0..).zip(record.unwrap().iter()) {
                match text.parse::<f64>() {
                    Ok(number) => sheet.write_number(row, column, number).unwrap(),
                    Err(_) => sheet.write_string(row, column, text).unwrap(),
                };
            }
        }
    }
    workbook.save(&path).unwrap();
    fs::copy(base().join("portfolio.toml"), path.with_extension("toml")).unwrap();
    let inputs = opened(&path, Some(&base_measures()));
    assert_eq!(inputs.cell((EXPENSES, 1), "net_amount"), "1234.56");
    let portfolio = inputs.portfolio(&inputs.edit(&[]).unwrap(), &Rows::All).unwrap();
    assert_eq!(portfolio, loaded(&base(), Some(&base_measures())));
}

#[test]
fn inputs_are_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Inputs>();
}

#[test]
fn cells_are_as_any_file_may_have_them() {
    let inputs = opened(&root().join("scenarios/office"), None);
    let row = column(&inputs, EXPENSES, "expense_id").iter().position(|id| id == "vs-iatf-02").unwrap();
    let cell = |name| inputs.cell((EXPENSES, row), name);
    let read =
        ["category", "state", "net_amount", "vat_rate", "invoice_date", "supplier_in_eu", "lot"].map(cell);
    assert_eq!(read, ["consultancy", "paid", "14380.00", "0.22", "2026-06-30", "yes", "iatf"]);
    let technologies = inputs.cell((PROJECTS, 0), "technologies");
    assert_eq!(technologies, "advanced_manufacturing|industrial_iot");
    assert_eq!((cell("invoice_total"), cell("no such column")), ("", ""));
}

/// 40000 x 1.1 = 44000; 1234.56 + 0.005 = 1234.565, half a cent goes up; 9000 - 9000.10 is below zero and refused elsewhere.
#[test]
fn numbers_are_set_added_to_and_multiplied() {
    let amounts = |selector, op, value| after(Target::Expense, selector, "net_amount", op, value);
    assert_eq!(amounts("e1", Op::Mul, "1.1"), ["44000.00", "1234.56", "9000.00", "3500.10"]);
    assert_eq!(amounts("e2", Op::Add, "0.005"), ["40000.00", "1234.57", "9000.00", "3500.10"]);
    assert_eq!(amounts("net_amount<3500.10", Op::Set, "5"), ["40000.00", "5.00", "9000.00", "3500.10"]);
    assert_eq!(amounts("*", Op::Mul, "50%"), ["20000.00", "617.28", "4500.00", "1750.05"]);
    // Shares and numbers: 0.22 + 5 % = 0.27; a blank cell stays blank.
    assert_eq!(after(Target::Expense, "*", "vat_rate", Op::Add, "5%"), ["0.27", "0.27", "", ""]);
    assert_eq!(after(Target::Expense, "e2", "quantity", Op::Mul, "0.5"), ["", "6.25", "", ""]);
    assert_eq!(after(Target::Company, "rossi", "headcount", Op::Add, "-3.5"), ["20", "4"]);
}

/// Two months after 10 January: 10 March. A month and ten days before: 10 December, 30 November.
#[test]
fn days_move_by_spans() {
    let days = |op, value| after(Target::Expense, "e1", "order_date", op, value)[0].clone();
    assert_eq!(days(Op::Add, "2 months"), "2026-03-10");
    assert_eq!(days(Op::Add, "-1 month 10 days"), "2025-11-30");
    assert_eq!(days(Op::Set, "31/03/2026"), "2026-03-31");
    assert_eq!(days(Op::Remove, ""), "");
}

#[test]
fn words_flags_and_lists() {
    assert_eq!(after(Target::Company, "bianchi", "dimensione", Op::Set, "media").len(), 2);
    assert_eq!(after(Target::Company, "size=", "size", Op::Set, "media"), ["small", "medium"]);
    assert_eq!(after(Target::Company, "rossi", "rating", Op::Set, "no"), ["no", ""]);
    let tags = |op, value| after(Target::Expense, "e1", "tags", op, value)[0].clone();
    assert_eq!(tags(Op::Add, "red|4.0"), "4.0|green|red");
    assert_eq!(tags(Op::Remove, "green"), "4.0");
    assert_eq!(tags(Op::Remove, ""), "");
    assert_eq!(tags(Op::Set, "b | a"), "a|b");
}

/// e1 is paid by the lead rossi, small; e2 by bianchi, whose size is blank; e3 and e4 are of bianchi's project.
#[test]
fn conditions_look_at_the_row_its_project_and_its_company() {
    let selected = |selector| {
        let marked = after(Target::Expense, selector, "description", Op::Set, "x");
        let marked = marked.iter().zip(["e1", "e2", "e3", "e4"]).filter(|(cell, _)| *cell == "x");
        marked.map(|(_, id)| id).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(selected("state=preventivo"), "e2");
    assert_eq!(selected("state!=quote; net_amount>=9000"), "e1 e3");
    assert_eq!(selected("company.size=small"), "e1");
    assert_eq!(selected("company.size!=small"), "e2 e3 e4");
    assert_eq!(selected("project.company_id=bianchi"), "e3 e4");
    assert_eq!(selected("company.headcount<10; project_id=line"), "e2");
    assert_eq!(selected("tags=green"), "e1");
    assert_eq!(selected("tags!=green"), "e2 e3 e4");
    assert_eq!(selected("invoice_date>2025-12-01"), "e3 e4");
    assert_eq!(selected("path=iso 13485"), "e3");
    assert_eq!(selected("lot="), "e1 e2");
    assert_eq!(selected("lot!="), "e3 e4");
}

/// (40000 + 100) x 2 and 40000 x 2 + 100; what was renamed is found by its new name only.
#[test]
fn overrides_apply_in_their_order() {
    let amount = |overrides: &[Override]| {
        edited(&base_inputs(), overrides).cell((EXPENSES, 0), "net_amount").to_owned()
    };
    let add = change(Target::Expense, "e1", "net_amount", Op::Add, "100");
    let double = change(Target::Expense, "e1", "net_amount", Op::Mul, "2");
    assert_eq!(amount(&[add.clone(), double.clone()]), "80200.00");
    assert_eq!(amount(&[double.clone(), add]), "80100.00");
    let rename = change(Target::Expense, "e1", "expense_id", Op::Set, "e9");
    let of_new = change(Target::Expense, "e9", "net_amount", Op::Mul, "3");
    assert_eq!(amount(&[rename.clone(), of_new]), "120000.00");
    let report = base_inputs().edit(&[rename, double]).unwrap_err();
    assert_eq!(report.diagnostics()[0].message, "no expense has the id 'e1'");
}

#[test]
fn rows_are_added_and_removed() {
    let add = "undertaking=rossi; granted_on=01/02/2025; regulation=de_minimis:2023/2831; aid=5000";
    let inputs = edited(
        &base_inputs(),
        &[
            change(Target::PriorAid, add, "", Op::Add, ""),
            change(Target::PriorAid, "bianchi", "", Op::Remove, ""),
            change(Target::PriorAid, "granted_on=2025-02-01", "aid", Op::Mul, "2"),
        ],
    );
    assert_eq!(column(&inputs, PRIOR_AIDS, "undertaking"), ["rossi", "rossi"]);
    assert_eq!(column(&inputs, PRIOR_AIDS, "aid"), ["12500.00", "10000.00"]);
    let inputs = edited(&base_inputs(), &[change(Target::Member, "line/bianchi", "", Op::Remove, "")]);
    assert_eq!(column(&inputs, MEMBERS, "company_id"), ["rossi"]);
    // What is added and removed again was never there.
    let gone = base_inputs().edit(&[
        change(Target::Decision, "decision=forbid; project_id=cert; measure=grant", "", Op::Add, ""),
        change(Target::Decision, "cert/grant", "", Op::Remove, ""),
    ]);
    assert!(gone.unwrap().is_empty());
}

#[test]
fn what_hangs_together_otherwise_is_told() {
    let inputs = base_inputs();
    let is_structural = |selector: &str, field: &str, op, value: &str| {
        let edits = inputs.edit(&[change(Target::Expense, selector, field, op, value)]).unwrap();
        (edits.is_structural(), edits.rows().collect::<Vec<_>>())
    };
    assert_eq!(is_structural("e1", "net_amount", Op::Mul, "2"), (false, vec![(EXPENSES, 0)]));
    // The same amount again is no change.
    assert_eq!(is_structural("e1", "net_amount", Op::Mul, "1"), (false, vec![]));
    assert_eq!(is_structural("e3", "invoice", Op::Set, "8"), (true, vec![(EXPENSES, 2)]));
    // An invoice is told from others by its year; e1 has none.
    assert_eq!(is_structural("e3", "invoice_date", Op::Add, "-2 days"), (false, vec![(EXPENSES, 2)]));
    assert_eq!(is_structural("e3", "invoice_date", Op::Add, "30 days"), (true, vec![(EXPENSES, 2)]));
    assert_eq!(is_structural("e3", "supplier", Op::Set, "Altra"), (true, vec![(EXPENSES, 2)]));
    assert_eq!(is_structural("e1", "supplier", Op::Set, "Altra"), (false, vec![(EXPENSES, 0)]));
    assert_eq!(is_structural("e1", "project_id", Op::Set, "cert"), (true, vec![(EXPENSES, 0)]));
    let edits = inputs.edit(&[change(Target::Decision, "line/grant", "", Op::Remove, "")]).unwrap();
    assert!(edits.is_structural());
    assert_eq!(edits.removed().collect::<Vec<_>>(), [(DECISIONS, 0)]);
}

#[test]
fn settings_and_pools_are_those_of_the_file() {
    let inputs = opened(&root().join("scenarios/office"), None);
    let set = |field, value| change(Target::Setting, "", field, Op::Set, value);
    let edits = inputs
        .edit(&[
            set("as_of", "2026-10-01"),
            set("objective", "netto"),
            set("assume_open", "si"),
            set("measures.certifications-2026.excluded", "yes"),
            change(Target::Setting, "", "measures.si40-2019.filed_on", Op::Remove, ""),
            change(Target::Measure, "si40-2019", "reissue", Op::Add, "1 month"),
            change(Target::Measure, "si40-2019", "grant", Op::Set, "2026-12-24"),
            change(Target::Pool, "certifications-2026.budget", "available", Op::Mul, "0.01"),
        ])
        .unwrap();
    let settings = edits.settings().unwrap();
    let day = |text: &str| text.parse().ok();
    assert_eq!(Some(settings.as_of), day("2026-10-01"));
    assert_eq!(settings.objective.name(), "net");
    assert!(settings.assume_open);
    let of = |id: &str| &settings.measures[id];
    assert!(of("certifications-2026").excluded);
    let si40 = of("si40-2019");
    assert_eq!((si40.filed_on, si40.reissue, si40.granted_on), (None, day("2026-07-15"), day("2026-12-24")));
    // The measure says 11,000,000.00.
    assert_eq!(settings.pools["certifications-2026.budget"].to_string(), "110000.00");
    assert_eq!(edits.rows().count(), 0);
    // What leads nowhere is no change.
    let back = [set("assume_open", "yes"), set("assume_open", "no")];
    assert!(inputs.edit(&back).unwrap().is_empty());
}

#[test]
fn values_of_measures_are_read_again() {
    let inputs = opened(&root().join("scenarios/office"), None);
    let of = |overrides: &[Override], id: &str| {
        let edits = inputs.edit(overrides).unwrap_or_else(|report| panic!("{report}"));
        let measures = inputs.measures(&edits).unwrap_or_else(|report| panic!("{report}"));
        // The same edits are the same list.
        assert!(Arc::ptr_eq(&measures, &inputs.measures(&inputs.edit(overrides).unwrap()).unwrap()));
        measures.iter().find(|measure| measure.id.as_str() == id).unwrap().clone()
    };
    let set = |id, field, value| change(Target::Measure, id, field, Op::Set, value);
    let twice = [
        set("si40-2019", "withholding", "0.05"),
        change(Target::Measure, "si40-2019", "withholding", Op::Mul, "1.1"),
    ];
    // 0.05 x 1.1 = 0.055.
    assert_eq!(of(&twice, "si40-2019").withholding, "0.055".parse().unwrap());
    let later = [change(Target::Measure, "si40-2019", "window.closes", Op::Add, "10 days")];
    assert_eq!(of(&later, "si40-2019").window.closes, "2019-06-10".parse().ok());
    let budget = [change(Target::Measure, "certifications-2026", "budget.available", Op::Mul, "0.5")];
    assert_eq!(of(&budget, "certifications-2026").pools[0].available.to_string(), "5500000.00");
    // Of all measures those that have the key: each withholds nothing then.
    let edits = inputs.edit(&[set("*", "withholding", "0")]).unwrap();
    assert!(edits.measure_ids().any(|id| id.as_str() == "si40-2019"));
    // A doubt by the number of its alternative, and by what it says.
    let doubt = |value| of(&[set("certifications-2026", "doubt.budget", value)], "certifications-2026");
    assert_eq!(doubt("1").pools[0].waiting_list, grantfolio::rate::Rate::ZERO);
    assert_eq!(doubt("1"), doubt("0"));
    // Nothing edited: the measures themselves.
    let none = inputs.edit(&[]).unwrap();
    assert!(Arc::ptr_eq(&inputs.measures(&none).unwrap(), &inputs.measures(&none).unwrap()));
}

/// A change of anything, of rows that are there.
fn any_change(inputs: &Inputs, random: &mut Random) -> Override {
    let id = |random: &mut Random, file: usize, name: &str| {
        inputs.cell((file, random.below(inputs.rows(file))), name).to_owned()
    };
    let expense = id(random, EXPENSES, "expense_id");
    let company = id(random, COMPANIES, "company_id");
    let project = id(random, PROJECTS, "project_id");
    let factor = random.pick(&["0.9", "1.1", "1.333", "50%"]);
    let span = random.pick(&["30 days", "-2 months", "1 year"]);
    let day = random.pick(&["2026-02-01", "2026-07-15", "2025-11-30"]);
    let size = random.pick(&["micro", "small", "medium", "large"]);
    let measures: Vec<String> = inputs
        .measures(&inputs.edit(&[]).unwrap())
        .unwrap()
        .iter()
        .map(|measure| measure.id.to_string())
        .collect();
    let measure = measures[random.below(measures.len())].clone();
    let new_expense = format!(
        "expense_id=new-{}; project_id={project}; category=machinery; net_amount={}.5",
        random.below(1000),
        1 + random.below(90_000)
    );
    let row = |target, selector: &str, field, op, value| change(target, selector, field, op, value);
    match random.below(19) {
        0 | 1 => row(Target::Expense, &expense, "net_amount", Op::Mul, factor),
        2 => row(Target::Expense, "state=quote", "net_amount", Op::Add, "12.345"),
        3 => row(Target::Expense, &expense, "invoice_date", Op::Set, day),
        4 => row(Target::Expense, "invoice_date!=", "invoice_date", Op::Add, span),
        5 => row(Target::Company, &company, "size", Op::Set, size),
        6 => row(Target::Company, &company, "headcount", Op::Mul, factor),
        7 => row(Target::Project, &project, "success_probability", Op::Set, "0.35"),
        8 => row(Target::Expense, &format!("project.company_id={company}"), "category", Op::Set, "software"),
        9 => row(Target::Expense, &expense, "", Op::Remove, ""),
        10 => row(Target::Expense, &new_expense, "", Op::Add, ""),
        11 => row(Target::Expense, &expense, "project_id", Op::Set, &project),
        12 => row(Target::Setting, "", "as_of", Op::Add, span),
        13 => row(Target::Setting, "", &format!("measures.{measure}.excluded"), Op::Set, "yes"),
        14 => row(Target::Measure, &measure, "reissue", Op::Set, day),
        15 => row(Target::Pool, "*", "available", Op::Mul, factor),
        16 => row(Target::Measure, &measure, "withholding", Op::Set, "0.04"),
        17 => row(Target::Expense, &expense, "tags", Op::Add, "new, \"tag\"|x"),
        _ => row(Target::Project, &project, "name", Op::Set, "a; \"b\",\nc"),
    }
}

/// Edits of a portfolio against the same edits written to disk and loaded; how many lists could be read.
fn hold_against_files(inputs: &Inputs, lists: usize, seed: u64) -> usize {
    let mut random = Random::at(seed);
    let mut sound = 0;
    for list in 0..lists {
        let count = 1 + random.below(5);
        let overrides: Vec<Override> = (0..count).map(|_| any_change(inputs, &mut random)).collect();
        let Ok(edits) = inputs.edit(&overrides) else { continue };
        let portfolio = inputs.portfolio(&edits, &Rows::All);
        let folder = tempfile::tempdir().unwrap();
        let written = inputs.edited(&edits).unwrap();
        written.write(folder.path()).unwrap();
        let (measures, _) = catalogue(Some(&folder.path().join("measures"))).unwrap();
        assert_eq!(*inputs.measures(&edits).unwrap(), measures, "{list}: {overrides:?}");
        let read = portfolio_for(folder.path(), &measures, &Overrides::default()).map(|(read, _)| read);
        match (portfolio, read) {
            (Ok(portfolio), Ok(read)) => {
                assert_eq!(portfolio, read, "{list}: {overrides:?}");
                let again = written.portfolio(&written.edit(&[]).unwrap(), &Rows::All).unwrap();
                assert_eq!(again, read, "{list}: {overrides:?}");
                sound += 1;
            }
            (Err(ours), Err(theirs)) => {
                let codes = |report: &grantfolio::diagnostics::Report| {
                    let mut codes: Vec<&str> = report
                        .diagnostics()
                        .iter()
                        .filter(|found| found.severity == grantfolio::diagnostics::Severity::Error)
                        .map(|found| found.code)
                        .collect();
                    codes.sort_unstable();
                    codes
                };
                assert_eq!(codes(&ours), codes(&theirs), "{list}: {overrides:?}");
            }
            (ours, theirs) => panic!("{list}: {overrides:?}\n{ours:?}\n{theirs:?}"),
        }
    }
    sound
}

#[test]
fn what_is_edited_is_what_the_edited_files_say() {
    let sound = hold_against_files(&base_inputs(), 200, 1);
    assert!(sound >= 100, "{sound} of 200 could be read");
    let office = opened(&root().join("scenarios/office"), None);
    let sound = hold_against_files(&office, 100, 2);
    assert!(sound >= 60, "{sound} of 100 could be read");
}

/// Some projects with all that is theirs, edited, are those projects of the whole, edited.
#[test]
fn some_of_the_rows_are_that_part_of_the_whole() {
    let inputs = opened(&root().join("scenarios/office"), None);
    let mut random = Random::at(3);
    for _ in 0..40 {
        let edits = inputs.edit(&[
            change(Target::Expense, "state=quote", "net_amount", Op::Mul, "1.1"),
            change(Target::Company, "valseriana", "size", Op::Set, "large"),
        ]);
        let edits = edits.unwrap();
        let projects: Vec<usize> = (0..inputs.rows(PROJECTS)).filter(|_| random.below(4) == 0).collect();
        let ids: Vec<&str> = projects.iter().map(|row| inputs.cell((PROJECTS, *row), "project_id")).collect();
        let of_projects = |file: usize| -> Vec<usize> {
            (0..inputs.rows(file))
                .filter(|row| ids.contains(&inputs.cell((file, *row), "project_id")))
                .collect()
        };
        let rows = Rows::Some([
            (0..inputs.rows(COMPANIES)).collect(),
            projects.clone(),
            of_projects(EXPENSES),
            of_projects(MEMBERS),
            (0..inputs.rows(PRIOR_AIDS)).collect(),
            of_projects(DECISIONS),
        ]);
        let part = inputs.portfolio(&edits, &rows).unwrap();
        let mut whole = inputs.portfolio(&edits, &Rows::All).unwrap();
        whole.projects.retain(|project| ids.contains(&project.id.as_str()));
        whole.expenses.retain(|expense| ids.contains(&expense.project.as_str()));
        whole.members.retain(|member| ids.contains(&member.project.as_str()));
        assert_eq!(part, whole);
    }
}

/// The shared files of a folder of measures are written with it.
#[test]
fn shared_files_of_measures_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let measures = folder.path().join("measures");
    fs::create_dir_all(measures.join("shared")).unwrap();
    fs::copy(base().join("grant.toml"), measures.join("grant.toml")).unwrap();
    let funds = "[[exclusion]]\nid = \"own\"\nfunds = [\"a\", \"b\"]\n";
    fs::write(measures.join("shared/funds.toml"), funds).unwrap();
    let inputs = opened(&base(), Some(&measures));
    let out = folder.path().join("out");
    inputs.write(&out).unwrap();
    assert_eq!(fs::read_to_string(out.join("measures/shared/funds.toml")).unwrap(), funds);
}
