//! Which parts of a program are twins.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::program::{ColumnKey, Kind, Program, Row, Sense};

/// A program cut into parts.
pub(super) struct Parts {
    /// By part: its columns, rising.
    pub columns: Vec<Vec<usize>>,
    /// By column: its part; none of what is shared.
    pub of: Vec<Option<usize>>,
    /// By row: the part whose own it is; none of a joint row, and of one over shared columns alone.
    pub of_row: Vec<Option<usize>>,
}

/// What twins have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Shape {
    columns: Vec<ColumnShape>,
    rows: Vec<RowShape>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct ColumnShape {
    bounds: (Decimal, Decimal),
    kind: Kind,
    objective: Decimal,
    /// What it is of, so that its sum has a key that tells the truth: the word, and the application.
    meaning: (u8, Option<usize>),
    /// Joint rows it stands in.
    joint: Vec<(usize, Decimal)>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct RowShape {
    /// Columns of the part by their place in it, then shared ones.
    terms: Vec<(Place, Decimal)>,
    sense: Sense,
    rhs: Decimal,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Own(usize),
    Shared(usize),
}

impl Parts {
    /// The parts that `part` tells, numbered in the order of their first columns; none where the bounds of their columns tell all of them apart.
    pub fn new(program: &Program, part: &dyn Fn(usize) -> Option<usize>) -> Option<Parts> {
        let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
        let mut columns: Vec<Vec<usize>> = Vec::new();
        let mut of = Vec::with_capacity(program.columns.len());
        for column in 0..program.columns.len() {
            let number = part(column).map(|name| {
                let number = *numbers.entry(name).or_insert(columns.len());
                if number == columns.len() {
                    columns.push(Vec::new());
                }
                columns[number].push(column);
                number
            });
            of.push(number);
        }
        let most = |own: &Vec<usize>| -> (usize, Decimal) {
            (own.len(), own.iter().map(|column| program.columns[*column].upper).sum())
        };
        let mut mosts: Vec<(usize, Decimal)> = columns.iter().map(most).collect();
        mosts.sort_unstable();
        if mosts.windows(2).all(|pair| pair[0] != pair[1]) {
            return None;
        }
        let owner = |row: &Row| {
            let mut parts = row.terms.iter().filter_map(|(column, _)| of[*column]);
            let first = parts.next()?;
            parts.all(|other| other == first).then_some(first)
        };
        let of_row = program.rows.iter().map(owner).collect();
        Some(Parts { columns, of, of_row })
    }

    /// Every two or more parts that are twins, in the order of the first of them.
    pub fn twins(&self, program: &Program) -> Vec<Vec<usize>> {
        let mut alike: BTreeMap<Shape, Vec<usize>> = BTreeMap::new();
        for (part, shape) in self.shapes(program).into_iter().enumerate() {
            alike.entry(shape).or_default().push(part);
        }
        let mut twins: Vec<Vec<usize>> = alike.into_values().filter(|twins| twins.len() > 1).collect();
        twins.sort_unstable();
        twins
    }

    fn shapes(&self, program: &Program) -> Vec<Shape> {
        let mut place = vec![0; program.columns.len()];
        let mut shapes = Vec::with_capacity(self.columns.len());
        for own in &self.columns {
            let column = |(nth, column): (usize, &usize)| {
                place[*column] = nth;
                let of = &program.columns[*column];
                ColumnShape {
                    bounds: (of.lower, of.upper),
                    kind: of.kind,
                    objective: of.objective,
                    meaning: meaning(of.key),
                    joint: Vec::new(),
                }
            };
            shapes.push(Shape { columns: own.iter().enumerate().map(column).collect(), rows: Vec::new() });
        }
        for ((number, row), of_row) in program.rows.iter().enumerate().zip(&self.of_row) {
            let Some(part) = *of_row else {
                for (column, coefficient) in &row.terms {
                    if let Some(part) = self.of[*column] {
                        shapes[part].columns[place[*column]].joint.push((number, *coefficient));
                    }
                }
                continue;
            };
            let named = |(column, coefficient): &(usize, Decimal)| match self.of[*column] {
                Some(_) => (Place::Own(place[*column]), *coefficient),
                None => (Place::Shared(*column), *coefficient),
            };
            let mut terms: Vec<(Place, Decimal)> = row.terms.iter().map(named).collect();
            terms.sort_unstable();
            shapes[part].rows.push(RowShape { terms, sense: row.sense, rhs: row.rhs });
        }
        for shape in &mut shapes {
            shape.rows.sort_unstable();
        }
        shapes
    }
}

fn meaning(key: ColumnKey) -> (u8, Option<usize>) {
    let word = match key {
        ColumnKey::Apply { .. } => 0,
        ColumnKey::Claim { .. } => 1,
        ColumnKey::Lot { .. } => 2,
        ColumnKey::Admitted { .. } => 3,
        ColumnKey::Derived { .. } => 4,
        ColumnKey::Grant { .. } => 5,
        ColumnKey::Helper { .. } => 6,
    };
    (word, key.application())
}
