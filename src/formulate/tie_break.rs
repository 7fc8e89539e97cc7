//! The second stage: among plans of one value the one with the fewest applications, then the fewest claims; or the fewest applications alone, which takes no decision for each line.
//!
//! Sets: applications `a`, lines `l`, `N` the number of lines. Variables: apply `y[a]` and claim `z[l]`, now for all of them;
//! weight `w[a]`, grant `g[a]`; value `V` of the plans.
//!
//! ```text
//! maximise  - (N + 1) sum over a: y[a] - sum over l: z[l]
//! sum over a: w[a] g[a] >= V - 0.005
//! x[l] <= m[l] z[l],   z[l] <= y[a]               for every l that had no claim
//! z[l] <= y[a]                                    for every a that had no column
//! x[l] <= m[l] y[a]                               for every a that had no column and l that has no claim, where claims are not counted
//! ```

use rust_decimal::Decimal;

use super::Model;
use crate::money::Money;
use crate::program::{Column, ColumnKey, Kind, Program, Sense};

const FAMILY: &str = "tie_break";

/// What the second stage counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Applications, then claims.
    Claims,
    /// Applications.
    Applications,
}

/// The program whose optimum is the plan of this value with the least effort: an application costs a euro more than there are lines, a claim one euro where claims count.
///
/// The columns of the model keep their indices; `apply` and `claim` columns it did without stand behind them.
pub fn tie_break(model: &Model, value: Money, counted: Counted) -> Program {
    let mut program = model.program.clone();
    let worth: Vec<(usize, Decimal)> =
        program.columns.iter().enumerate().map(|(index, column)| (index, column.objective)).collect();
    for column in &mut program.columns {
        column.objective = Decimal::ZERO;
    }
    let least = value.euro() - Decimal::new(5, 3);
    program.row(FAMILY, format!("{FAMILY}[value]").into(), worth, Sense::AtLeast, least);
    let lines: usize = model.applications.iter().map(|columns| columns.lines.len()).sum();
    let by_application = -Decimal::from(lines + 1);
    for (application, columns) in model.applications.iter().enumerate() {
        // The grant's name is `grant[project,measure]`.
        let whose = rename(&program, columns.grant, "apply");
        let made =
            columns.apply.unwrap_or_else(|| binary(&mut program, ColumnKey::Apply { application }, whose));
        program.columns[made].objective = by_application;
        for (line, of) in columns.lines.iter().enumerate() {
            if counted == Counted::Claims {
                let claim = of.claim.unwrap_or_else(|| claim(&mut program, application, line, of.admitted));
                program.columns[claim].objective = Decimal::NEGATIVE_ONE;
                if of.claim.is_none() || columns.apply.is_none() {
                    only_where_made(&mut program, of.admitted, (claim, Decimal::ONE), made);
                }
            } else if columns.apply.is_none() {
                let claimed = of.claim.unwrap_or(of.admitted);
                let most = program.columns[claimed].upper;
                only_where_made(&mut program, of.admitted, (claimed, most), made);
            }
        }
    }
    program
}

/// A decision whether a line is claimed, where the model did without.
fn claim(program: &mut Program, application: usize, line: usize, admitted: usize) -> usize {
    let name = rename(program, admitted, "claim");
    let claim = binary(program, ColumnKey::Claim { application, line }, name);
    let most = program.columns[admitted].upper;
    let name = rename(program, admitted, "tie_break");
    let terms = [(admitted, Decimal::ONE), (claim, -most)];
    program.row(FAMILY, name.into(), terms, Sense::AtMost, Decimal::ZERO);
    claim
}

/// A column of a line is nothing where its application is not made, else at most so much. Rows are named after what the line claims.
fn only_where_made(program: &mut Program, line: usize, (column, most): (usize, Decimal), made: usize) {
    let name = rename(program, line, "tie_break").replacen('[', "[apply,", 1);
    program.row(FAMILY, name.into(), [(column, Decimal::ONE), (made, -most)], Sense::AtMost, Decimal::ZERO);
}

fn binary(program: &mut Program, key: ColumnKey, name: String) -> usize {
    let (kind, lower, upper, objective) = (Kind::Binary, Decimal::ZERO, Decimal::ONE, Decimal::ZERO);
    program.column(Column { key, name: name.into(), kind, lower, upper, objective })
}

/// The name of a column under another word: what stands in its brackets stays.
fn rename(program: &Program, column: usize, word: &str) -> String {
    let name = &program.columns[column].name;
    format!("{word}{}", name.find('[').map_or("", |at| &name[at..]))
}
