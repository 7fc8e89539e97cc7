//! The model as LP text: what a person reads, and what any other solver takes.
//!
//! The dialect is CPLEX LP. Coefficients are exact decimals; nothing is rounded. Money columns are continuous here, for a cent is far below
//! any solver's tolerance. Equal programs give equal bytes.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use super::names::legal;
use super::{Column, Kind, Program, Sense};

/// Readers take lines of some 500 characters; people like them shorter.
const LINE: usize = 110;

/// The program in CPLEX LP format; the family of rows stands above them as a comment `\ family`.
///
/// ```
/// use grantfolio::program::{Column, ColumnKey, Kind, Program, Sense, lp};
/// use rust_decimal::Decimal;
/// let mut program = Program::default();
/// let key = ColumnKey::Grant { application: 0 };
/// let (lower, upper) = (Decimal::ZERO, Decimal::new(500, 0));
/// let grant = program.column(Column {
///     key, name: "grant[P1,m]".into(), kind: Kind::Cents, lower, upper, objective: Decimal::ONE,
/// });
/// program.row("pool", "pool[p]".into(), [(grant, Decimal::ONE)], Sense::AtMost, Decimal::new(400, 0));
/// assert_eq!(lp::text(&program), "\
/// maximize
///  obj: grant(P1,m)
/// subject to
/// \\ pool
///  pool(p): grant(P1,m) <= 400
/// bounds
///  0 <= grant(P1,m) <= 500
/// end
/// ");
/// ```
pub fn text(program: &Program) -> String {
    let names: Vec<String> =
        program.columns.iter().enumerate().map(|(index, column)| legal(&column.name, index)).collect();

    let mut out = String::from("maximize\n");
    let objective = program.columns.iter().enumerate().map(|(index, column)| (index, column.objective));
    let objective: Vec<(usize, Decimal)> =
        objective.filter(|(_, coefficient)| !coefficient.is_zero()).collect();
    linear(&mut out, "obj", &objective, &names, "");

    out.push_str("subject to\n");
    let mut family = "";
    for (index, row) in program.rows.iter().enumerate() {
        if row.family != family {
            family = row.family;
            push(&mut out, format_args!("\\ {family}\n"));
        }
        let sense = match row.sense {
            Sense::AtMost => "<=",
            Sense::AtLeast => ">=",
            Sense::Equal => "=",
        };
        let tail = format!(" {sense} {}", row.rhs.normalize());
        linear(&mut out, &legal(&row.name, index), &row.terms, &names, &tail);
    }

    out.push_str("bounds\n");
    for (column, name) in program.columns.iter().zip(&names).filter(|(column, _)| !is_free_binary(column)) {
        let (lower, upper) = (column.lower.normalize(), column.upper.normalize());
        if lower == upper {
            push(&mut out, format_args!(" {name} = {lower}\n"));
        } else {
            push(&mut out, format_args!(" {lower} <= {name} <= {upper}\n"));
        }
    }
    // Readers give every column of `binaries` the bounds 0 and 1: a fixed one is a general integer, as a count is.
    section(&mut out, "binaries", program, &names, is_free_binary);
    section(&mut out, "generals", program, &names, |c| c.kind.is_whole() && !is_free_binary(c));
    out.push_str("end\n");
    out
}

fn is_free_binary(column: &Column) -> bool {
    column.kind == Kind::Binary && column.lower == Decimal::ZERO && column.upper == Decimal::ONE
}

/// One row or the objective, broken into lines.
fn linear(out: &mut String, name: &str, terms: &[(usize, Decimal)], names: &[String], tail: &str) {
    let mut line = format!(" {name}:");
    for (position, &(column, coefficient)) in terms.iter().enumerate() {
        let sign = match (coefficient.is_sign_negative(), position) {
            (true, _) => " -",
            (false, 0) => "",
            (false, _) => " +",
        };
        let size = coefficient.abs().normalize();
        let factor = if size == Decimal::ONE { String::new() } else { format!(" {size}") };
        let term = format!("{sign}{factor} {}", names[column]);
        if line.len() + term.len() + tail.len() > LINE && position > 0 {
            push(out, format_args!("{line}\n"));
            line = String::from("  ");
        }
        line.push_str(&term);
    }
    // The format has no empty sum.
    if let (true, Some(any)) = (terms.is_empty(), names.first()) {
        push(&mut line, format_args!(" 0 {any}"));
    }
    push(out, format_args!("{line}{tail}\n"));
}

fn section(
    out: &mut String,
    title: &str,
    program: &Program,
    names: &[String],
    belongs: impl Fn(&Column) -> bool,
) {
    let mut members = program.columns.iter().zip(names).filter(|(column, _)| belongs(column)).peekable();
    if members.peek().is_some() {
        push(out, format_args!("{title}\n"));
    }
    for (_, name) in members {
        push(out, format_args!(" {name}\n"));
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::super::sample;

    #[test]
    fn the_sample_reads_as_a_person_would_write_it() {
        let expected = "\
maximize
 obj: - 0.5 apply(P1,m) + grant(P1,m)
subject to
\\ aid
 aid(P1,m): - 0.4 admitted(e1) - 0.333333333 admitted(e~2) + grant(P1,m) = 0
\\ switch
 switch(e1): - 1000.05 apply(P1,m) + admitted(e1) <= 0
\\ limit
 limit(P1,m,minimum): - 600 apply(P1,m) + admitted(e1) + admitted(e~2) >= 0
 limit(never): 0 apply(P1,m) <= 1
bounds
 0 <= admitted(e1) <= 1000.05
 0 <= admitted(e~2) <= 200
 -5 <= grant(P1,m) <= 400
 lot(l) = 1
binaries
 apply(P1,m)
generals
 lot(l)
end
";
        assert_eq!(super::text(&sample::program()), expected);
    }

    #[test]
    fn long_rows_are_broken_between_terms() {
        let mut program = sample::program();
        let name = "admitted[a-rather-long-name-of-an-expense]";
        for column in &mut program.columns {
            column.name = format!("{name}{}", column.name).into();
        }
        let text = super::text(&program);
        assert!(text.lines().all(|line| line.len() <= 130), "{text}");
    }
}
