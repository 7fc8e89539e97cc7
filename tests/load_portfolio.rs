//! Loading a portfolio from the outside: dialects, order of rows, and what is said of what is strange. Defects are met in `tests/bad_input.rs`.

use std::collections::BTreeMap;

use grantfolio::diagnostics::Report;
use grantfolio::load::{Memory, Overrides, example_portfolio, portfolio};
use grantfolio::measure::{Example, ExampleExpense, FactDeclaration, FactRef, Subject};
use grantfolio::money::Money;
use grantfolio::portfolio::{FactKind, Objective, Portfolio, Size, State, Value};
use proptest::prelude::*;

const SETTINGS: &str = "as_of = 2026-01-15\n";

const COMPANIES: &str = "\
company_id,name,size,headcount,turnover,region,vat_deductible_share,legality_rating
rossi,Rossi srl,small,23.5,3200000.00,Lombardia,1,yes
bianchi,\"Bianchi, figli\",,4,850000.50,Piemonte,0.5,
";

const PROJECTS: &str = "\
project_id,company_id,name,score
line,rossi,Seconda linea,72
cert,bianchi,,
";

const EXPENSES: &str = "\
expense_id,project_id,company_id,lot,category,state,net_amount,vat_rate,invoice,order_date,quantity,tags,splittable,certificate
e1,line,,,machinery,ordered,40000.00,0.22,,2026-01-10,,green|4.0,no,
e2,line,bianchi,,software,quote,1234.56,0.22,,,12.5,,yes,
e3,cert,,iso,consultancy,,9000,,,,,,,ISO 13485
e4,cert,,iso,certification_body,,3500.1,,,,,,,
";

/// Who pays for the project of another.
const MEMBERS: &str = "project_id,company_id\nline,bianchi\n";

/// The same in Italian: semicolons, decimal commas, days first, a byte order mark, line ends of Windows.
const COMPANIES_IT: &str = "\u{feff}\
ID Impresa;Denominazione;Dimensione;ULA;Fatturato;Regione;Quota IVA detraibile;legality_rating\r
rossi;Rossi srl;piccola;23,5;€ 3.200.000,00;Lombardia;100%;sì\r
bianchi;Bianchi, figli;;4;850.000,50;Piemonte;0,5;\r
";

const PROJECTS_IT: &str = "id_progetto\tid_impresa\ttitolo\tpunteggio\n\
line\trossi\tSeconda linea\t72\n\ncert\tbianchi\t\t\n";

const EXPENSES_IT: &str = "\
id_spesa;id_progetto;id_impresa;lotto;tipologia;stato;importo_netto;aliquota_iva;fattura;data_ordine;quantità;etichette;frazionabile;Certificate
e1;line;;;Macchinari e impianti;ordinata;40.000,00;22 %;;10/01/2026;;4.0 | green;no;
e2;line;bianchi;;Software e licenze;preventivo;1.234,56;22%;;;12,5;;sì;
;;;;;;;;;;;;;
e3;cert;;iso;Consulenza;;9.000;;;;;;;iso 13485
e4;cert;;iso;Enti certificatori;;3500,1;;;;;;;
";

fn fact(subject: Subject, name: &str, kind: FactKind, values: &[&str]) -> FactDeclaration {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    FactDeclaration { fact: FactRef::new(subject, name), kind, values, question: None }
}

fn facts() -> Vec<FactDeclaration> {
    vec![
        fact(Subject::Company, "legality_rating", FactKind::Flag, &[]),
        fact(Subject::Lot, "certificate", FactKind::Text, &["ISO 13485", "IATF 16949"]),
        fact(Subject::Application, "opens", FactKind::Date, &[]),
    ]
}

fn files() -> Memory {
    Memory::new()
        .with("portfolio.toml", SETTINGS)
        .with("companies.csv", COMPANIES)
        .with("projects.csv", PROJECTS)
        .with("expenses.csv", EXPENSES)
        .with("members.csv", MEMBERS)
}

fn load(source: &Memory) -> Result<(Portfolio, Report), Report> {
    portfolio(source, &facts(), &Overrides::default())
}

fn sound(source: &Memory) -> Portfolio {
    match load(source) {
        Ok((portfolio, warnings)) => {
            assert!(warnings.is_empty(), "{warnings}");
            portfolio
        }
        Err(report) => panic!("{report}"),
    }
}

#[test]
fn a_portfolio_is_read_as_it_is_written() {
    let portfolio = sound(&files());
    assert_eq!(portfolio.settings.as_of.to_string(), "2026-01-15");
    let ids: Vec<&str> = portfolio.companies.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(ids, ["bianchi", "rossi"]);
    let bianchi = &portfolio.companies[0];
    assert_eq!(bianchi.name, "Bianchi, figli");
    // 4 people and 850,000.50 of turnover: micro.
    assert_eq!(bianchi.size, Some(Size::Micro));
    assert_eq!(portfolio.companies[1].attributes["legality_rating"], Value::Flag(true));
    let [e1, e2, e3, e4] = portfolio.expenses.as_slice() else { panic!("four expenses") };
    assert_eq!(e1.net_amount, Money::from_cents(4_000_000));
    assert_eq!(e1.company.as_str(), "rossi", "the lead pays");
    assert_eq!(e1.state, State::Ordered);
    assert_eq!(e1.tags, ["4.0", "green"]);
    assert_eq!(e2.company.as_str(), "bianchi");
    assert!(e2.splittable);
    assert_eq!(e3.attributes["certificate"], Value::text("ISO 13485"));
    assert_eq!(e4.attributes["certificate"], Value::text("ISO 13485"), "a fact of the lot");
    assert_eq!(e4.net_amount, Money::from_cents(350_010));
}

#[test]
fn italian_files_give_the_same_portfolio() {
    let italian = files()
        .with("companies.csv", COMPANIES_IT)
        .with("projects.csv", PROJECTS_IT)
        .with("expenses.csv", EXPENSES_IT);
    assert_eq!(sound(&italian), sound(&files()));
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let reversed = |text: &str| {
        let (header, rows) = text.split_once('\n').unwrap();
        let mut rows: Vec<&str> = rows.lines().collect();
        rows.reverse();
        format!("{header}\n{}", rows.join("\n"))
    };
    let shuffled = files()
        .with("companies.csv", reversed(COMPANIES))
        .with("projects.csv", reversed(PROJECTS))
        .with("expenses.csv", reversed(EXPENSES));
    assert_eq!(sound(&shuffled), sound(&files()));
}

#[test]
fn the_command_line_wins_over_the_file() {
    let measure: grantfolio::ids::MeasureId = "m".parse().unwrap();
    let day: chrono::NaiveDate = "2026-06-30".parse().unwrap();
    let overrides = Overrides {
        as_of: Some(day),
        objective: Some(Objective::Net),
        assume_open: true,
        reissue: BTreeMap::from([(measure.clone(), day)]),
        grants: BTreeMap::from([(measure.clone(), day)]),
    };
    let (portfolio, _) = portfolio(&files(), &facts(), &overrides).unwrap();
    assert_eq!(portfolio.settings.as_of, day);
    assert_eq!(portfolio.settings.objective, Objective::Net);
    assert!(portfolio.settings.assume_open);
    assert_eq!(portfolio.settings.measures[&measure].reissue, Some(day));
    assert_eq!(portfolio.settings.measures[&measure].granted_on, Some(day));
}

#[test]
fn a_worked_example_becomes_a_portfolio_of_one_project() {
    let columns = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let example = Example {
        id: "one".to_owned(),
        company: columns(&[("size", "small"), ("legality_rating", "yes")]),
        expenses: vec![
            ExampleExpense { columns: columns(&[("category", "equipment"), ("net_amount", "40000.00")]) },
            ExampleExpense { columns: columns(&[("category", "software"), ("net_amount", "1.00")]) },
        ],
        ..Example::default()
    };
    let as_of = "2026-01-01".parse().unwrap();
    let portfolio = example_portfolio(&example, &facts(), as_of).unwrap();
    assert_eq!(portfolio.settings.as_of, as_of);
    assert_eq!(portfolio.companies[0].size, Some(Size::Small));
    assert_eq!(portfolio.projects[0].company.as_str(), "company");
    let ids: Vec<&str> = portfolio.expenses.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids, ["e1", "e2"]);

    let wrong = Example { company: columns(&[("sise", "small")]), ..example };
    assert_eq!(
        example_portfolio(&wrong, &facts(), as_of).unwrap_err().to_string(),
        "error[P011]: companies.csv has no column 'sise'\n  --> example 'one', company (sise)\n  = help: did you mean 'size'?"
    );
}

/// What a load says when one text of one file is another.
fn said(file: &str, from: &str, to: &str) -> String {
    let content = match file {
        "companies.csv" => COMPANIES,
        "projects.csv" => PROJECTS,
        "expenses.csv" => EXPENSES,
        _ => SETTINGS,
    };
    assert!(content.contains(from), "{file} has no '{from}'");
    match load(&files().with(file, content.replacen(from, to, 1))) {
        Ok((_, warnings)) => warnings.to_string(),
        Err(report) => report.to_string(),
    }
}

/// Holds what is said against the texts expected; the lines of one text are joined by ` | ` here.
fn assert_said(cases: &[(&str, &str, &str, &str)]) {
    for (file, from, to, expected) in cases {
        let said = said(file, from, to).replace("\n  --> ", " | ").replace("\n  = help: ", " | ");
        assert_eq!(said, *expected, "'{from}' -> '{to}'");
    }
}

#[test]
fn what_is_merely_strange_is_a_warning() {
    assert_said(&[
        (
            "expenses.csv",
            "2026-01-10",
            "2062-01-10",
            "warning[P040]: the expense is ordered, but its order_date '2062-01-10' is after the day of planning | expenses.csv:2:44 (order_date) | correct the date or the state, or plan from a later day",
        ),
        (
            "expenses.csv",
            "2026-01-10",
            "",
            "warning[P040]: the expense is ordered and has no order_date | expenses.csv:2:21 (state) | give the date: until then terms on it are assumed to be kept",
        ),
        (
            "expenses.csv",
            ",ordered,",
            ",,",
            "warning[P040]: the order_date is past, but the state of the expense is 'quote' | expenses.csv:2:37 (order_date) | set the state to 'ordered' if it has come so far",
        ),
        (
            "companies.csv",
            ",small,",
            ",medium,",
            "warning[P041]: the size given is medium, headcount and amounts give small | companies.csv:2:17 (size) | the size given counts; linked companies may explain it",
        ),
    ]);
}

#[test]
fn lines_of_an_invoice_agree_on_its_total() {
    let header = "expense_id,project_id,category,net_amount,supplier,invoice,invoice_date,invoice_total\n";
    let loaded = |rows: &str| match load(&files().with("expenses.csv", format!("{header}{rows}"))) {
        Ok((_, warnings)) => warnings.to_string(),
        Err(report) => report.to_string(),
    };
    let unequal = loaded(
        "a,line,software,100,S,7,2026-02-01,300\nb,line,software,100,S,7,2026-03-01,400\nc,line,software,100,S,7,2027-02-01,500\n",
    );
    assert_eq!(
        unequal,
        "error[P033]: invoice '7' has the total '400.00' here and '300.00' at expenses.csv:2:36\n  --> expenses.csv:3:36 (invoice_total)\n  = help: lines with the same supplier, invoice number and year stand on one invoice"
    );
    // 100 + 250 = 350 on an invoice of 300.
    let exceeded = loaded("a,line,software,100,S,7,2026-02-01,300\nb,line,software,250,S,7,2026-02-01,\n");
    assert_eq!(
        exceeded,
        "warning[P042]: the lines of the invoice sum to '350.00', more than its total '300.00'\n  --> expenses.csv:2:36 (invoice_total)\n  = help: the total is net of VAT; leave it empty where all lines are here"
    );
}

#[test]
fn files_that_are_missing_or_not_read_are_named() {
    let source = Memory::new()
        .with("companies.csv", COMPANIES)
        .with("Expenses.csv", EXPENSES)
        .with("companies (1).csv", COMPANIES)
        .with("members.csv", "");
    let report = load(&source).unwrap_err();
    let said: Vec<String> = report
        .diagnostics()
        .iter()
        .map(|d| format!("{}: {} | {}", d.code, d.message, d.help.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(
        said,
        [
            "P053: portfolio.toml is not there to give an as_of, the day of planning | write `as_of = 2026-01-15` into portfolio.toml, or give `--as-of 2026-01-15`",
            "P004: projects.csv is not there | each of its rows is a project: one investment of one lead company; it may also be called 'progetti.csv'",
            "P004: expenses.csv is not there | rename 'Expenses.csv' to 'expenses.csv'",
            "P006: the file is empty | its first line must name its columns: at least 'project_id', 'company_id'",
            "P005: 'companies (1).csv' is not read; companies.csv is | delete or rename it if it is an old copy",
        ]
    );
}

#[test]
fn all_problems_of_all_files_come_at_once_and_cause_no_others() {
    // The row of rossi cannot be read: that line refers to it is no further problem.
    let source = files()
        .with("companies.csv", COMPANIES.replace("yes\n", "yes,\n"))
        .with("expenses.csv", EXPENSES.replace("40000.00", "x").replace("9000", ""))
        .with("portfolio.toml", "as_of = 2026-01-15\nobjectiv = \"net\"\n");
    let report = load(&source).unwrap_err();
    let said: Vec<String> = report.diagnostics().iter().map(|d| format!("{} {}", d.code, d.place)).collect();
    assert_eq!(
        said,
        [
            "P051 portfolio.toml:2:1 (objectiv)",
            "P014 companies.csv:2:1",
            "P022 expenses.csv:2:29 (net_amount)",
            "P020 expenses.csv:4:27 (net_amount)",
        ]
    );
}

#[test]
fn the_setting_ends_the_doubt_about_the_decimal_mark() {
    let projects = "project_id;company_id;score\nline;rossi;1.234\ncert;bianchi;\n";
    let score = |mark: &str| {
        let settings = format!("{SETTINGS}[files]\ndecimal = \"{mark}\"\n");
        let files = files().with("portfolio.toml", settings).with("projects.csv", projects);
        // The other files have commas between the cells and points in their numbers.
        let files = files.with("companies.csv", "company_id\nrossi\nbianchi\n");
        let files = files.with("expenses.csv", "expense_id,project_id,category,net_amount\n");
        sound(&files).projects[1].score.map(|score| score.to_string())
    };
    assert_eq!(score(",").as_deref(), Some("1234"));
    assert_eq!(score(".").as_deref(), Some("1.234"));
}

#[test]
fn a_quoted_cell_may_hold_lines_and_delimiters_and_later_places_stay_right() {
    let companies = "company_id,name,size\nrossi,\"Rossi\n\"\"the\"\", srl\",smal\n\nbianchi,,\n";
    let report = load(&files().with("companies.csv", companies)).unwrap_err();
    let place = &report.diagnostics()[0].place;
    assert_eq!(place.to_string(), "companies.csv:3:15 (size)");
    let (start, end) = place.span.unwrap();
    assert_eq!(&companies[start..end], "smal");
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = load(&files().with("expenses.csv", bytes.clone()));
        let _ = load(&files().with("portfolio.toml", bytes));
    }

    #[test]
    fn no_text_of_delimiters_quotes_and_digits_makes_the_reader_panic(rows in "[,;\t\"\n\re1é€.%|a-]{0,200}") {
        let header = EXPENSES.lines().next().unwrap();
        let _ = load(&files().with("expenses.csv", format!("{header}\n{rows}")));
        let _ = load(&files().with("companies.csv", rows));
    }
}
