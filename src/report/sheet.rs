//! The computation sheet of an assessment: how the authority comes from claims to the grant, step by step.

use serde::Serialize;

use super::Page;
use super::grid::{Grid, Kind};
use super::json::pretty;
use super::numbers::grouped;
use crate::assess::Sheet;

/// One sheet as text.
pub fn table(sheet: &Sheet, page: Page) -> String {
    let columns = [
        ("step", Kind::Whole),
        ("rule", Kind::Whole),
        ("what happens", Kind::Words),
        ("EUR", Kind::Figure),
        ("source", Kind::Words),
    ];
    let mut grid = Grid::new(page, &columns);
    for line in &sheet.lines {
        grid.row([
            line.step.to_owned(),
            line.rule.as_ref().map_or_else(String::new, ToString::to_string),
            line.text.clone(),
            grouped(&line.amount),
            line.reference.as_ref().map_or_else(String::new, |words| format!("\"{words}\"")),
        ]);
    }
    format!("{}\n\n{grid}", sheet.title)
}

#[derive(Serialize)]
struct SheetJson<'a> {
    application: &'a str,
    lines: Vec<LineJson<'a>>,
}

#[derive(Serialize)]
struct LineJson<'a> {
    step: &'a str,
    rule: Option<&'a str>,
    text: &'a str,
    amount: &'a str,
    reference: Option<&'a str>,
}

/// Every sheet as JSON.
pub fn json<'a>(sheets: impl IntoIterator<Item = &'a Sheet>) -> String {
    let line = |line: &'a crate::assess::SheetLine| LineJson {
        step: line.step,
        rule: line.rule.as_ref().map(crate::ids::RuleId::as_str),
        text: &line.text,
        amount: &line.amount,
        reference: line.reference.as_deref(),
    };
    let sheets: Vec<SheetJson<'a>> = sheets
        .into_iter()
        .map(|sheet| SheetJson { application: &sheet.title, lines: sheet.lines.iter().map(line).collect() })
        .collect();
    pretty(&sheets)
}
