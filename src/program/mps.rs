//! The model as free MPS text, with the names of the LP text: the format every solver reads.
//!
//! `OBJSENSE MAX` says that the objective is maximised; a reader that does not know the section would minimise, so
//! compare the optimum. Only decisions and counts of them stand between integer markers: money columns are continuous here.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use super::names::legal;
use super::{Program, Sense};

/// The program in free MPS format; coefficients are exact decimals, every bound is written out.
pub fn text(program: &Program) -> String {
    let mut out = String::from("NAME grantfolio\nOBJSENSE\n    MAX\nROWS\n N obj\n");
    let rows: Vec<String> = program.rows.iter().enumerate().map(|(i, row)| legal(&row.name, i)).collect();
    for (row, name) in program.rows.iter().zip(&rows) {
        let sense = match row.sense {
            Sense::AtMost => 'L',
            Sense::AtLeast => 'G',
            Sense::Equal => 'E',
        };
        push(&mut out, format_args!(" {sense} {name}\n"));
    }

    let names: Vec<String> = program.columns.iter().enumerate().map(|(i, c)| legal(&c.name, i)).collect();
    let mut entries: Vec<Vec<(&str, Decimal)>> = vec![Vec::new(); program.columns.len()];
    for (row, name) in program.rows.iter().zip(&rows) {
        for &(column, coefficient) in &row.terms {
            entries[column].push((name, coefficient));
        }
    }
    out.push_str("COLUMNS\n");
    let mut markers = Markers::default();
    for ((column, name), entries) in program.columns.iter().zip(&names).zip(&entries) {
        markers.reach(&mut out, column.kind.is_whole());
        // Written even where zero: a column without any entry would be unknown to the reader.
        push(&mut out, format_args!(" {name} obj {}\n", column.objective.normalize()));
        for (row, coefficient) in entries {
            push(&mut out, format_args!(" {name} {row} {}\n", coefficient.normalize()));
        }
    }
    markers.reach(&mut out, false);

    out.push_str("RHS\n");
    for (row, name) in program.rows.iter().zip(&rows).filter(|(row, _)| !row.rhs.is_zero()) {
        push(&mut out, format_args!(" rhs {name} {}\n", row.rhs.normalize()));
    }
    out.push_str("BOUNDS\n");
    for (column, name) in program.columns.iter().zip(&names) {
        let (lower, upper) = (column.lower.normalize(), column.upper.normalize());
        if lower == upper {
            push(&mut out, format_args!(" FX bnd {name} {lower}\n"));
        } else {
            push(&mut out, format_args!(" LO bnd {name} {lower}\n UP bnd {name} {upper}\n"));
        }
    }
    out.push_str("ENDATA\n");
    out
}

/// The markers around runs of integer columns.
#[derive(Default)]
struct Markers {
    inside: bool,
    count: usize,
}

impl Markers {
    fn reach(&mut self, out: &mut String, integer: bool) {
        if self.inside != integer {
            let word = if integer { "INTORG" } else { "INTEND" };
            push(out, format_args!(" marker{} 'MARKER' '{word}'\n", self.count));
            self.inside = integer;
            self.count += 1;
        }
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
    fn the_sample_has_markers_around_decisions_and_all_bounds() {
        let expected = "\
NAME grantfolio
OBJSENSE
    MAX
ROWS
 N obj
 E aid(P1,m)
 L switch(e1)
 G limit(P1,m,minimum)
 L limit(never)
COLUMNS
 marker0 'MARKER' 'INTORG'
 apply(P1,m) obj -0.5
 apply(P1,m) switch(e1) -1000.05
 apply(P1,m) limit(P1,m,minimum) -600
 marker1 'MARKER' 'INTEND'
 admitted(e1) obj 0
 admitted(e1) aid(P1,m) -0.4
 admitted(e1) switch(e1) 1
 admitted(e1) limit(P1,m,minimum) 1
 admitted(e~2) obj 0
 admitted(e~2) aid(P1,m) -0.333333333
 admitted(e~2) limit(P1,m,minimum) 1
 grant(P1,m) obj 1
 grant(P1,m) aid(P1,m) 1
 marker2 'MARKER' 'INTORG'
 lot(l) obj 0
 marker3 'MARKER' 'INTEND'
RHS
 rhs limit(never) 1
BOUNDS
 LO bnd apply(P1,m) 0
 UP bnd apply(P1,m) 1
 LO bnd admitted(e1) 0
 UP bnd admitted(e1) 1000.05
 LO bnd admitted(e~2) 0
 UP bnd admitted(e~2) 200
 LO bnd grant(P1,m) -5
 UP bnd grant(P1,m) 400
 FX bnd lot(l) 1
ENDATA
";
        assert_eq!(super::text(&sample::program()), expected);
    }
}
