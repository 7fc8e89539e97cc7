//! Expenses from quote to payment, invoices of several lines, VAT that is not recovered, sizes of linked companies, measures opened as a
//! hypothesis: S1, S3, S4 and S5 through the whole program, on the two measures of the catalogue.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use std::process::{Command, Output};

use grantfolio::allocation::{Document, ExpenseOutcome};

const CERTIFICATIONS: &str = "certifications-2026";
const SI40: &str = "si40-2019";

/// A portfolio of one project, each file as its header and its rows.
struct Portfolio {
    settings: &'static str,
    companies: String,
    projects: String,
    expenses: String,
}

impl Portfolio {
    /// A small company of Lombardy whose project has a technology of list 1.
    fn new(settings: &'static str, columns: &str, rows: &[&str]) -> Self {
        let rows: Vec<String> = rows.iter().map(|row| format!("{row},p")).collect();
        Portfolio {
            settings,
            companies: "company_id,size,region\nc,small,Lombardia\n".to_owned(),
            projects: "project_id,company_id,technologies\np,c,cloud\n".to_owned(),
            expenses: format!("{columns},project_id\n{}\n", rows.join("\n")),
        }
    }

    fn companies(mut self, text: &str) -> Self {
        text.clone_into(&mut self.companies);
        self
    }

    fn run(&self, command: &str, arguments: &[&str]) -> Output {
        let home = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("portfolio.toml", self.settings),
            ("companies.csv", &self.companies),
            ("projects.csv", &self.projects),
            ("expenses.csv", &self.expenses),
        ] {
            std::fs::write(home.path().join(name), text).unwrap();
        }
        let program = env!("CARGO_BIN_EXE_grantfolio");
        Command::new(program).arg(command).arg(home.path()).args(arguments).output().unwrap()
    }

    /// The certified plan.
    fn plan(&self, arguments: &[&str]) -> Document {
        let output =
            self.run("optimize", &[&["--format", "json", "--require", "certified"], arguments].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn warnings(&self) -> String {
        String::from_utf8(self.run("optimize", &["--format", "json"]).stderr).unwrap()
    }
}

fn outcome<'d>(document: &'d Document, expense: &str) -> &'d ExpenseOutcome {
    document.expenses.iter().find(|e| e.expense.as_str() == expense).unwrap()
}

/// What is claimed of an expense; `-` where it goes nowhere.
fn claimed(document: &Document, expense: &str) -> String {
    let assignments = &outcome(document, expense).assignments;
    assignments.first().map_or_else(|| "-".to_owned(), |a| a.claimed.to_string())
}

/// The rule that keeps an expense out of a measure.
fn rule<'d>(document: &'d Document, expense: &str, measure: &str) -> &'d str {
    let reasons = &outcome(document, expense).reasons;
    reasons.iter().find(|r| r.measure.as_str() == measure).map_or("none", |r| r.rule.as_str())
}

/// Expense and rule of what is assumed about dates.
fn assumed_dates(document: &Document) -> Vec<(&str, &str)> {
    let dates = ["spent-in-time", "invoiced-in-time", "paid-in-time"];
    let all = document.assumptions.iter().filter(|a| dates.contains(&a.rule.as_str()));
    all.map(|a| (a.expense.as_ref().unwrap().as_str(), a.rule.as_str())).collect()
}

// ------------------------------------------------------------------------------------------------------- VAT (S3)

#[test]
fn s3_vat_that_is_not_recovered_is_part_of_the_base_cut_to_cents() {
    let portfolio = Portfolio::new(
        "as_of = 2026-06-01\n[measures.si40-2019]\nreissue = 2026-06-15\n",
        "expense_id,category,net_amount,vat_rate",
        &["e1,hardware,10000.10,0.22", "e2,software,30000.00,0.22", "e3,cloud,1200.00,"],
    );
    let partly = Portfolio {
        companies: "company_id,size,region,vat_deductible_share\nc,small,Lombardia,0.35\n".to_owned(),
        ..portfolio
    };
    let document = partly.plan(&[]);
    // 65 % of the VAT is a cost: 10,000.10 x 1.143 = 11,430.1143; 30,000 x 1.143 = 34,290; no VAT rate, no VAT.
    assert_eq!(claimed(&document, "e1"), "11430.11");
    assert_eq!(claimed(&document, "e2"), "34290.00");
    assert_eq!(claimed(&document, "e3"), "1200.00");
    // 46,920.11 x 50 % = 23,460.055.
    assert_eq!(document.totals.grant.to_string(), "23460.05");

    let wholly = partly.companies("company_id,size,region\nc,small,Lombardia\n").plan(&[]);
    // All of it is recovered: 41,200.10 x 50 %.
    assert_eq!(wholly.totals.grant.to_string(), "20600.05");
}

#[test]
fn s3_a_measure_on_net_amounts_leaves_vat_out() {
    let document = Portfolio::new(
        "as_of = 2026-06-01\nassume_open = true\n",
        "expense_id,lot,certificate,category,net_amount,vat_rate",
        &["e1,a,ATEX,certification_body,70000.00,0.22"],
    )
    .companies("company_id,size,region,vat_deductible_share\nc,small,Lombardia,0\n")
    .plan(&[]);
    // 70,000 x 70 %.
    assert_eq!(document.totals.grant.to_string(), "49000.00");
}

// -------------------------------------------------------------------------------------------------- invoices (S4)

#[test]
fn s4_the_floor_looks_at_the_whole_invoice() {
    let document = Portfolio::new(
        "as_of = 2026-12-01\n[measures.certifications-2026]\nreissue = 2026-06-01\nfiled_on = 2026-06-08\n",
        "expense_id,lot,certificate,category,net_amount,supplier,invoice,invoice_date,invoice_total",
        &[
            "big,a,ATEX,certification_body,70000.00,Ente Uno,,,",
            // One invoice of 600 + 500, on lines that lie apart.
            "one,a,ATEX,training,600.00,Aula Srl,12,2026-07-01,",
            "two,a,ATEX,laboratory_tests,500.00,Aula Srl,12,2026-07-01,",
            // The same number of another supplier, and of another year: invoices of their own.
            "other,a,ATEX,training,600.00,Banco Srl,12,2026-07-01,",
            "later,a,ATEX,training,600.00,Aula Srl,12,2027-01-10,",
            // A line of a quote over 1,200 in all.
            "part,a,ATEX,training,700.00,Corsi Srl,,,1200.00",
            // Quotes of their own: on the floor, and a cent below it.
            "floor,a,ATEX,training,1000.00,Corsi Srl,,,",
            "below,a,ATEX,training,999.99,Corsi Srl,,,",
            // One line states the total for the others of its invoice.
            "third,a,ATEX,training,300.00,Dote Srl,7,2026-08-01,1000.00",
            "fourth,a,ATEX,training,200.00,Dote Srl,7,2026-08-02,",
        ],
    )
    .plan(&[]);
    for refused in ["other", "later", "below"] {
        assert_eq!(rule(&document, refused, CERTIFICATIONS), "invoice-floor", "{refused}");
    }
    // 70,000 + 600 + 500 + 700 + 1,000 + 300 + 200 = 73,300, of which 70 %.
    assert_eq!(document.totals.admitted.to_string(), "73300.00");
    assert_eq!(document.totals.grant.to_string(), "51310.00");
}

// ---------------------------------------------------------------------------------------------- states, dates (S5)

/// Certifications filed on 8 June 2026: granted four months later, on 8 October; to be paid by 8 April 2028.
const FILED_IN_JUNE: &str =
    "as_of = 2026-09-15\n[measures.certifications-2026]\nreissue = 2026-06-01\nfiled_on = 2026-06-08\n";

#[test]
fn s5_dates_not_yet_known_are_assumed_in_time_and_listed_and_known_ones_decide() {
    let document = Portfolio::new(
        FILED_IN_JUNE,
        "expense_id,lot,certificate,category,net_amount,supplier,state,order_date,invoice,invoice_date,payment_date",
        &[
            "quote,a,ATEX,certification_body,40000.00,Ente,quote,,,,",
            "ordered,a,ATEX,consultancy,20000.00,Studio,ordered,2026-06-08,,,",
            "invoiced,a,ATEX,laboratory_tests,15000.00,Banco,invoiced,2026-06-10,1,2026-09-01,",
            "paid,a,ATEX,training,5000.00,Aula,paid,,2,2026-07-01,2026-07-31",
            "last-day,a,ATEX,training,4000.00,Aula,quote,,,,2028-04-08",
            "too-late,a,ATEX,training,3000.00,Aula,quote,,,,2028-04-09",
        ],
    )
    .plan(&[]);
    assert_eq!(document.applications[0].filed_on.to_string(), "2026-06-08");
    assert_eq!(document.applications[0].granted_on.to_string(), "2026-10-08");
    assert!(document.applications[0].hypothetical);
    assert_eq!(rule(&document, "too-late", CERTIFICATIONS), "spent-in-time");
    let unpaid = ["invoiced", "ordered", "quote"].map(|expense| (expense, "spent-in-time"));
    assert_eq!(assumed_dates(&document), unpaid);
    // 84,000 x 70 %.
    assert_eq!(document.totals.grant.to_string(), "58800.00");
}

#[test]
fn s5_one_order_before_the_filing_day_takes_the_application_down() {
    let with_order = |category: &str, day: &str| {
        let extra = format!("extra,a,ATEX,{category},5000.00,ordered,{day}");
        let rows = ["e1,a,ATEX,certification_body,80000.00,quote,", extra.as_str()];
        let columns = "expense_id,lot,certificate,category,net_amount,state,order_date";
        Portfolio::new(FILED_IN_JUNE, columns, &rows).plan(&[])
    };
    let early = with_order("training", "2026-06-07");
    assert_eq!(early.totals.grant.to_string(), "0.00");
    assert_eq!(rule(&early, "e1", CERTIFICATIONS), "early-order");
    assert_eq!(rule(&early, "extra", CERTIFICATIONS), "early-order");
    // On the day itself the works had not started: 85,000 x 70 %.
    assert_eq!(with_order("training", "2026-06-08").totals.grant.to_string(), "59500.00");
    // What no cost item takes is no part of the works: 80,000 x 70 %.
    let foreign = with_order("machinery", "2026-06-07");
    assert_eq!(foreign.totals.grant.to_string(), "56000.00");
    assert_eq!(rule(&foreign, "extra", CERTIFICATIONS), "cost-items");
}

// ------------------------------------------------------------------------------------------- hypotheses (S5)

fn si40_in_time() -> Portfolio {
    // Reissued on 15 June 2026, 2,623 days after 10 April 2019. Spending counts from nine days before the opening (1 April), 6 June, to 386
    // days after it (30 April 2020), 6 July 2027.
    Portfolio::new(
        "as_of = 2026-06-01\n",
        "expense_id,category,net_amount,supplier,invoice,invoice_date,payment_date",
        &[
            "before,hardware,1000.00,A,1,2026-06-05,2026-07-05",
            "first,hardware,20000.00,A,2,2026-06-06,2026-07-06",
            "last,hardware,30000.00,A,3,2027-07-06,2027-07-06",
            "after,hardware,1000.00,A,4,2027-07-06,2027-07-07",
        ],
    )
}

#[test]
fn s5_a_closed_measure_takes_nothing_until_it_is_reissued() {
    let closed = si40_in_time().plan(&[]);
    assert_eq!(closed.applications.len(), 0);
    assert_eq!(rule(&closed, "first", SI40), "window");
    assert_eq!(rule(&closed, "first", CERTIFICATIONS), "window");
}

#[test]
fn s5_reissue_moves_every_date_of_the_measure_along() {
    let document = si40_in_time().plan(&["--reissue", "si40-2019=2026-06-15"]);
    let [application] = document.applications.as_slice() else { panic!("one application") };
    assert!(application.hypothetical);
    assert_eq!(application.filed_on.to_string(), "2026-06-15");
    // 30 July 2019 was 111 days after the opening.
    assert_eq!(application.granted_on.to_string(), "2026-10-04");
    assert_eq!(rule(&document, "before", SI40), "invoiced-in-time");
    assert_eq!(rule(&document, "after", SI40), "paid-in-time");
    // 50,000 x 50 %, less 4 % on payment.
    assert_eq!(document.totals.grant.to_string(), "25000.00");
    assert_eq!(document.totals.net.to_string(), "24000.00");
}

#[test]
fn s5_assume_open_opens_every_measure_on_the_day_of_planning() {
    let document = Portfolio::new(
        "as_of = 2026-06-01\n",
        "expense_id,lot,certificate,category,net_amount",
        &["e1,a,ATEX,certification_body,70000.00", "e2,,,hardware,40000.00"],
    )
    .plan(&["--assume-open"]);
    let days: Vec<(&str, String, String, bool)> = document
        .applications
        .iter()
        .map(|a| (a.measure.as_str(), a.filed_on.to_string(), a.granted_on.to_string(), a.hypothetical))
        .collect();
    // Certifications: four months after filing. SI4.0: 111 days after the opening, as in the call.
    let expected = [(CERTIFICATIONS, "2026-10-01"), (SI40, "2026-09-20")]
        .map(|(measure, granted)| (measure, "2026-06-01".to_owned(), granted.to_owned(), true));
    assert_eq!(days, expected);
    // 70,000 x 70 % + 40,000 x 50 %.
    assert_eq!(document.totals.grant.to_string(), "69000.00");
}

// ------------------------------------------------------------------------- sizes of linked companies (S1)

/// One certificate of 70,000 for a company with these figures, and a linked company that has no project.
fn linked(own: &str, other: &str) -> Portfolio {
    let columns = "company_id,undertaking,size,headcount,turnover,balance_sheet,region";
    Portfolio::new(
        "as_of = 2026-06-01\nassume_open = true\n",
        "expense_id,lot,certificate,category,net_amount",
        &["e1,a,ATEX,certification_body,70000.00"],
    )
    .companies(&format!("{columns}\nc,group,{own},Lombardia\nother,group,{other},Lombardia\n"))
}

#[test]
fn s1_a_linked_company_adds_all_its_people_and_amounts() {
    // 9 + 240 people and 2 + 48 million of turnover: medium, by a hair.
    let medium = linked(",9,2000000.00,", ",240,48000000.00,");
    assert_eq!(medium.plan(&[]).totals.grant.to_string(), "49000.00");
    // 250 people are no SME any more, whatever the amounts: a micro company alone, refused in its group.
    let people = linked(",9,2000000.00,", ",241,1000000.00,").plan(&[]);
    assert_eq!(rule(&people, "e1", CERTIFICATIONS), "sme");
    // 50,000,000.01 of turnover, and no balance sheet that would help.
    let turnover = linked(",9,2000000.01,", ",240,48000000.00,").plan(&[]);
    assert_eq!(rule(&turnover, "e1", CERTIFICATIONS), "sme");
    // The better of the two sums counts: 43 million of balance sheet are still medium.
    let balance = linked(",9,2000000.01,3000000.00", ",240,48000000.00,40000000.00").plan(&[]);
    assert_eq!(balance.totals.grant.to_string(), "49000.00");
}

#[test]
fn s1_a_size_given_wins_over_the_figures_with_a_warning() {
    let given = linked("medium,9,2000000.00,", ",400,90000000.00,");
    assert_eq!(given.plan(&[]).totals.grant.to_string(), "49000.00");
    let warnings = given.warnings();
    let expected = "the size given is medium, headcount and amounts of the 2 companies of undertaking 'group' give midcap";
    assert!(
        warnings
            .replace(['\n', '│'], " ")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains(expected),
        "{warnings}"
    );
}

#[test]
fn s1_without_the_figures_of_a_linked_company_the_size_is_not_known() {
    let silent = linked(",9,2000000.00,", ",,900000.00,");
    let document = silent.plan(&[]);
    assert_eq!(rule(&document, "e1", CERTIFICATIONS), "sme");
    let warnings = silent.warnings();
    assert!(warnings.contains("'other' of the same undertaking 'group' gives no headcount"), "{warnings}");
    // One with a turnover, one with a balance sheet: no sum.
    let unlike = linked(",9,2000000.00,", ",5,,900000.00").warnings();
    assert!(unlike.contains("give unlike amounts"), "{unlike}");
}
