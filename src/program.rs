//! Floor 2: the model as plain, named, exact data. No solver, no files, no domain rules.
//!
//! A [`Program`] maximises a linear objective over bounded columns subject to linear rows. Money columns are in euro; every coefficient is an exact
//! decimal. Order of columns and rows is the canonical order of the domain, so equal inputs give equal text.
//!
//! The model is a relaxation of the truth: every plan that keeps the rules is a point of it worth at least as much (whole cents that the
//! authority cuts are given a cent of slack). So a bound on the program bounds every plan, and a plan is only ever valued by `assess`.

pub mod lp;
pub mod mps;
mod names;
#[cfg(test)]
mod sample;

use std::sync::Arc;

use rust_decimal::Decimal;

/// What values a column may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// 0 or 1: a decision.
    Binary,
    /// A whole number: how many of several decisions that are alike are taken.
    Count,
    /// An amount in euro, a multiple of a cent.
    Cents,
    /// Any number between the bounds.
    Real,
}

impl Kind {
    /// Whether only whole numbers count.
    pub fn is_whole(self) -> bool {
        matches!(self, Kind::Binary | Kind::Count)
    }
}

/// Why a column exists; indices are those of the applications and their parts that the model was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColumnKey {
    /// The application is made.
    Apply {
        /// Application.
        application: usize,
    },
    /// The line is claimed.
    Claim {
        /// Application.
        application: usize,
        /// Line.
        line: usize,
    },
    /// The lot takes part.
    Lot {
        /// Application.
        application: usize,
        /// Lot.
        lot: usize,
    },
    /// Admitted amount of a line.
    Admitted {
        /// Application.
        application: usize,
        /// Line.
        line: usize,
    },
    /// Admitted amount of a derived item.
    Derived {
        /// Application.
        application: usize,
        /// Derived item.
        derived: usize,
    },
    /// The grant of an application.
    Grant {
        /// Application.
        application: usize,
    },
    /// A helper of one rule: a band, a step, a case.
    Helper {
        /// Application, where it belongs to one.
        application: Option<usize>,
        /// Running number within the program.
        number: usize,
    },
}

impl ColumnKey {
    /// The application that the column belongs to, where it belongs to one.
    pub fn application(self) -> Option<usize> {
        match self {
            ColumnKey::Apply { application }
            | ColumnKey::Claim { application, .. }
            | ColumnKey::Lot { application, .. }
            | ColumnKey::Admitted { application, .. }
            | ColumnKey::Derived { application, .. }
            | ColumnKey::Grant { application } => Some(application),
            ColumnKey::Helper { application, .. } => application,
        }
    }
}

/// A variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Why it exists.
    pub key: ColumnKey,
    /// Readable and unique, such as `claim[e1,certifications-2026,body]`.
    pub name: Arc<str>,
    /// Its values.
    pub kind: Kind,
    /// Lower bound.
    pub lower: Decimal,
    /// Upper bound; every column has one.
    pub upper: Decimal,
    /// Coefficient in the objective, which is maximised.
    pub objective: Decimal,
}

/// Which way a row bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sense {
    /// `<=`
    AtMost,
    /// `>=`
    AtLeast,
    /// `=`
    Equal,
}

/// The family of constraints a row belongs to: one file of `formulate` each.
pub type Family = &'static str;

/// A constraint.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its family.
    pub family: Family,
    /// Readable and unique, such as `limit[P1,certifications-2026,minimum]`.
    pub name: Arc<str>,
    /// Columns with their coefficients: rising index, no zeros.
    pub terms: Vec<(usize, Decimal)>,
    /// Which way.
    pub sense: Sense,
    /// Right-hand side.
    pub rhs: Decimal,
}

/// A mixed-integer linear model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    /// Variables.
    pub columns: Vec<Column>,
    /// Constraints.
    pub rows: Vec<Row>,
}

impl Program {
    /// Adds a column and returns its index.
    pub fn column(&mut self, column: Column) -> usize {
        debug_assert!(column.lower <= column.upper, "{}", column.name);
        self.columns.push(column);
        self.columns.len() - 1
    }

    /// Adds a row; terms are put in order, equal columns added up, zeros left out.
    pub fn row(
        &mut self,
        family: Family,
        name: Arc<str>,
        terms: impl IntoIterator<Item = (usize, Decimal)>,
        sense: Sense,
        rhs: Decimal,
    ) {
        let mut terms: Vec<(usize, Decimal)> = terms.into_iter().collect();
        put_in_order(&mut terms);
        terms.retain(|(_, coefficient)| !coefficient.is_zero());
        self.rows.push(Row { family, name, terms, sense, rhs });
    }
}

/// Puts terms in the order of their columns; equal columns are added up.
pub fn put_in_order(terms: &mut Vec<(usize, Decimal)>) {
    if terms.is_sorted_by(|one, other| one.0 < other.0) {
        return;
    }
    terms.sort_by_key(|(column, _)| *column);
    terms.dedup_by(|later, earlier| {
        let is_same = later.0 == earlier.0;
        if is_same {
            earlier.1 += later.1;
        }
        is_same
    });
}
