//! Loading a portfolio from the outside: dialects, order of rows, and what is said of defects.

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
    };
    let (portfolio, _) = portfolio(&files(), &facts(), &overrides).unwrap();
    assert_eq!(portfolio.settings.as_of, day);
    assert_eq!(portfolio.settings.objective, Objective::Net);
    assert!(portfolio.settings.assume_open);
    assert_eq!(portfolio.settings.measures[&measure].reissue, Some(day));
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
