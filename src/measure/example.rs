//! Worked cases of a measure, with expected figures as arithmetic of literals, evaluated apart from the engine.

use std::collections::BTreeMap;

/// A worked case: facts as the columns of a portfolio would hold them, and what must come out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Example {
    /// Its id, unique in the measure.
    pub id: String,
    /// What it shows.
    pub why: String,
    /// Day the application is filed.
    pub filed_on: Option<chrono::NaiveDate>,
    /// Columns of the company.
    pub company: BTreeMap<String, String>,
    /// Columns of the project.
    pub project: BTreeMap<String, String>,
    /// Options chosen, by what results call the decision: `regime`, `regime:efficiency`. The best open variant where none are named.
    pub choices: BTreeMap<String, String>,
    /// Members besides the lead: columns of their company, and `role`.
    pub members: Vec<BTreeMap<String, String>>,
    /// Aid received before; of the lead's undertaking where none is named.
    pub prior_aids: Vec<BTreeMap<String, String>>,
    /// The expenses, all claimed in full.
    pub expenses: Vec<ExampleExpense>,
    /// Expected admitted cost with derived items, as arithmetic.
    pub admitted: Option<String>,
    /// Expected grant, as arithmetic.
    pub grant: String,
    /// Expected loan, as arithmetic.
    pub loan: Option<String>,
    /// Expected aid in guarantees, as arithmetic.
    pub esl: Option<String>,
    /// Expected cash after withholding, as arithmetic.
    pub net: Option<String>,
    /// Rules that must bind: limits that cut or are met with equality.
    pub binding: Vec<String>,
    /// Warnings that must be given, in file order; not looked at where none are named.
    pub warned: Vec<String>,
    /// The rule that must reject the application or make it inadmissible.
    pub rejected_by: Option<String>,
    /// Expenses that must be refused, with the rule: `expense id -> rule id`.
    pub refused: BTreeMap<String, String>,
}

/// An expense of a worked case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExampleExpense {
    /// Columns of the expense; `expense_id` where the case refers to it.
    pub columns: BTreeMap<String, String>,
}
