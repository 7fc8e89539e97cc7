//! A program in integers that steps change in place.
//!
//! A row may be multiplied by powers of ten on the way, each for itself: its points stay, and its figures stay whole.

use rust_decimal::Decimal;

use super::super::exact::{Domain, Exact, ExactRow};
use super::super::scaled::float;
use super::Presolved;
use crate::program::{Column, Program, Row, Sense};

/// Powers of ten that a row may be multiplied by at once.
const FINER: u32 = 6;

/// Terms of rows that are written anew for one column: longer ones would be so for each of very many.
pub(super) const LONGEST: usize = 2_000;

/// A program being made smaller.
pub(super) struct Draft {
    pub exact: Exact,
    /// What is left of the ranges.
    pub domain: Domain,
    /// By row: whether it still says anything.
    pub is_row: Vec<bool>,
    /// By column: what it is a multiple of, once it is.
    pub ties: Vec<Option<Tie>>,
    /// By row: decimals of its coefficients.
    decimals: Vec<u32>,
    /// By row: whether it is no longer that of the program.
    is_changed: Vec<bool>,
}

/// A column that is `times / per` times another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tie {
    pub to: usize,
    pub times: i128,
    /// Above zero.
    pub per: i128,
}

/// A row as it is to be, with so many decimals more.
struct Written {
    terms: Vec<(usize, i128)>,
    rhs: i128,
    finer: u32,
}

/// Where the value of a column comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fate {
    /// It is a column of what is left.
    Kept(usize),
    /// It has one value.
    Fixed(f64),
    /// It is so many times another column of the whole program.
    Tied { to: usize, times: f64 },
}

impl Draft {
    /// Of a program; none where 128 bits do not hold its figures.
    pub fn new(program: &Program) -> Option<Draft> {
        let exact = Exact::new(program)?;
        let (rows, columns) = (exact.rows.len(), exact.columns.len());
        Some(Draft {
            domain: exact.domain.clone(),
            is_row: vec![true; rows],
            ties: vec![None; columns],
            decimals: vec![exact.decimals; rows],
            is_changed: vec![false; rows],
            exact,
        })
    }

    /// Takes a decision.
    pub fn take(&mut self, column: usize, up: bool) {
        let (lower, upper) = (self.domain.lower[column], self.domain.upper[column]);
        self.domain.decide(column, if up { upper } else { lower });
    }

    /// Rows that still say something.
    pub fn rows(&self) -> impl Iterator<Item = usize> + use<> {
        let rows: Vec<usize> = (0..self.is_row.len()).filter(|row| self.is_row[*row]).collect();
        rows.into_iter()
    }

    /// Takes a row out, which no point within the ranges breaks.
    pub fn drop_row(&mut self, row: usize) {
        self.is_row[row] = false;
        self.exact.rows[row].terms.clear();
        self.exact.rows[row].rhs = 0;
    }

    /// Writes a row anew: terms with as many decimals more.
    pub fn replace_row(&mut self, row: usize, terms: Vec<(usize, i128)>, rhs: i128, finer: u32) {
        let sense = self.exact.rows[row].sense;
        self.exact.rows[row] = ExactRow::new(terms, sense, rhs, &self.exact.domain);
        self.decimals[row] += finer;
        self.is_changed[row] = true;
    }

    /// Moves the terms of columns with one value to the right-hand side; false where that does not fit.
    pub fn fold(&mut self, row: usize) -> bool {
        let of = &self.exact.rows[row];
        if !of.terms.iter().any(|(column, _)| self.domain.is_fixed(*column)) {
            return true;
        }
        let mut rhs = Some(of.rhs);
        let mut terms = Vec::with_capacity(of.terms.len());
        for &(column, coefficient) in &of.terms {
            if self.domain.is_fixed(column) {
                let taken = coefficient.checked_mul(self.domain.lower[column]);
                rhs = rhs.zip(taken).and_then(|(rhs, taken)| rhs.checked_sub(taken));
            } else {
                terms.push((column, coefficient));
            }
        }
        let Some(rhs) = rhs else { return false };
        self.replace_row(row, terms, rhs, 0);
        true
    }

    /// Puts the multiple of another in the place of a column, in every row and in the objective; none where that does not fit.
    pub fn tie(&mut self, column: usize, tie: Tie) -> Option<()> {
        let Tie { to, times, per } = tie;
        let own = self.exact.columns[column].objective.checked_mul(times)?;
        if own % per != 0 {
            return None;
        }
        let objective = self.exact.columns[to].objective.checked_add(own / per)?;
        let mut written = Vec::new();
        for &row in &self.exact.rows_of[column] {
            let Ok(at) = self.exact.rows[row].terms.binary_search_by_key(&column, |(other, _)| *other) else {
                continue;
            };
            written.push((row, self.tied_row(row, at, tie)?));
        }
        for (row, Written { terms, rhs, finer }) in written {
            self.replace_row(row, terms, rhs, finer);
            if !self.exact.rows_of[to].contains(&row) {
                self.exact.rows_of[to].push(row);
            }
        }
        self.exact.columns[to].objective = objective;
        self.exact.columns[column].objective = 0;
        self.ties[column] = Some(tie);
        self.domain.decide(column, self.domain.lower[column]);
        Some(())
    }

    /// A row with the multiple of another in the place of the column of one of its terms.
    fn tied_row(&self, row: usize, at: usize, tie: Tie) -> Option<Written> {
        let of = &self.exact.rows[row];
        if of.terms.len() > LONGEST {
            return None;
        }
        let whole = of.terms[at].1.checked_mul(tie.times)?;
        let finer = (0..=FINER)
            .find(|finer| whole.checked_mul(10_i128.pow(*finer)).is_some_and(|whole| whole % tie.per == 0))?;
        let unit = 10_i128.pow(finer);
        let mut terms = Vec::with_capacity(of.terms.len());
        for (nth, (column, coefficient)) in of.terms.iter().enumerate() {
            if nth != at {
                terms.push((*column, coefficient.checked_mul(unit)?));
            }
        }
        let more = whole * unit / tie.per;
        match terms.binary_search_by_key(&tie.to, |(column, _)| *column) {
            Ok(there) => {
                terms[there].1 = terms[there].1.checked_add(more)?;
                if terms[there].1 == 0 {
                    terms.remove(there);
                }
            }
            Err(there) => terms.insert(there, (tie.to, more)),
        }
        Some(Written { terms, rhs: of.rhs.checked_mul(unit)?, finer })
    }

    /// What is left, as a program; none where a figure does not fit a decimal.
    pub fn finished(mut self, program: &Program) -> Option<Presolved> {
        for row in self.rows() {
            if !self.fold(row) {
                return None;
            }
        }
        let exact = &self.exact;
        let scale = exact.value_cent.ilog10() + 2;
        let mut left = Program::default();
        let (mut fates, mut kept) = (Vec::with_capacity(program.columns.len()), Vec::new());
        for (at, column) in program.columns.iter().enumerate() {
            let (lower, upper) = (self.domain.lower[at], self.domain.upper[at]);
            let objective = exact.columns[at].objective;
            if let Some(tie) = self.ties[at] {
                fates.push(Fate::Tied { to: tie.to, times: quotient(tie) });
                continue;
            }
            if lower == upper && (objective == 0 || lower == 0) {
                fates.push(Fate::Fixed(float(exact.decimal(lower)?)));
                continue;
            }
            fates.push(Fate::Kept(left.columns.len()));
            kept.push(at);
            left.columns.push(Column {
                lower: exact.decimal(lower)?.normalize(),
                upper: exact.decimal(upper)?.normalize(),
                objective: Decimal::try_from_i128_with_scale(objective, exact.decimals).ok()?.normalize(),
                ..column.clone()
            });
        }
        for row in self.rows() {
            let of = &exact.rows[row];
            if of.terms.is_empty() {
                if holds_empty(of.sense, of.rhs) {
                    continue;
                }
                return None;
            }
            left.rows.push(self.written(program, row, &fates, scale)?);
        }
        Some(Presolved { program: left, kept, fates })
    }

    /// A row over the columns that are left.
    fn written(&self, program: &Program, row: usize, fates: &[Fate], scale: u32) -> Option<Row> {
        let (of, decimals) = (&self.exact.rows[row], self.decimals[row]);
        let place = |column: usize| match fates[column] {
            Fate::Kept(at) => Some(at),
            _ => None,
        };
        let mut terms = Vec::with_capacity(of.terms.len());
        if !self.is_changed[row] {
            for (column, coefficient) in program.rows[row].terms.iter().filter(|(_, k)| !k.is_zero()) {
                terms.push((place(*column)?, *coefficient));
            }
            return Some(Row { terms, ..program.rows[row].clone() });
        }
        for (column, coefficient) in &of.terms {
            let coefficient = Decimal::try_from_i128_with_scale(*coefficient, decimals).ok()?.normalize();
            terms.push((place(*column)?, coefficient));
        }
        let rhs = Decimal::try_from_i128_with_scale(of.rhs, decimals + scale).ok()?.normalize();
        let Row { family, name, sense, .. } = &program.rows[row];
        Some(Row { family, name: name.clone(), terms, sense: *sense, rhs })
    }
}

/// Whether a row without terms holds.
fn holds_empty(sense: Sense, rhs: i128) -> bool {
    match sense {
        Sense::AtMost => rhs >= 0,
        Sense::AtLeast => rhs <= 0,
        Sense::Equal => rhs == 0,
    }
}

#[allow(clippy::cast_precision_loss, reason = "for a point, which is a proposal")]
fn quotient(tie: Tie) -> f64 {
    tie.times as f64 / tie.per as f64
}
