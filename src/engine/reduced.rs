//! The program that is searched in the place of a model: the model itself, or what steps have made of it.

use std::borrow::Cow;

use crate::eligibility::{Application, lines_by_expense};
use crate::program::{ColumnKey, Program};
use crate::solve::Steps;
use crate::solve::alike::Aggregate;
use crate::solve::presolve::Presolved;

/// A program, and the way back from its points to those of the model.
pub(super) struct Reduced<'a> {
    model: &'a Program,
    aggregate: Option<Aggregate>,
    presolved: Option<Presolved>,
}

impl<'a> Reduced<'a> {
    /// What these steps make of a model of these applications.
    pub(super) fn new(model: &'a Program, applications: &[Application], steps: Steps) -> Self {
        let aggregate = steps.aggregate.then(|| aggregate(model, applications)).flatten();
        let program = aggregate.as_ref().map_or(model, |aggregate| &aggregate.program);
        let presolved = Presolved::new(program, &[], steps);
        Reduced { model, aggregate, presolved }
    }

    /// What is searched: a bound for it is one for the model.
    pub(super) fn program(&self) -> &Program {
        let program = self.aggregate.as_ref().map_or(self.model, |aggregate| &aggregate.program);
        self.presolved.as_ref().map_or(program, |presolved| &presolved.program)
    }

    /// A number that columns of the model share which no row tells apart.
    pub(super) fn class(&self, column: usize) -> usize {
        self.aggregate.as_ref().map_or(column, |aggregate| aggregate.sums[column])
    }

    /// By column of the program: the column of the model that it stands for, as that is in every plan that a point is made of; none where it stands for several.
    pub(super) fn of_model(&self) -> Vec<Option<usize>> {
        let of_model = match &self.aggregate {
            Some(aggregate) => aggregate.singles(),
            None => (0..self.model.columns.len()).map(Some).collect(),
        };
        match &self.presolved {
            Some(presolved) => presolved.kept.iter().map(|column| of_model[*column]).collect(),
            None => of_model,
        }
    }

    /// The point of the model that a point of the program stands for.
    pub(super) fn back<'p>(&self, point: &'p [f64]) -> Cow<'p, [f64]> {
        let point = match &self.presolved {
            Some(presolved) => Cow::Owned(presolved.back(point)),
            None => Cow::Borrowed(point),
        };
        match &self.aggregate {
            Some(aggregate) => Cow::Owned(aggregate.spread(&point)),
            None => point,
        }
    }
}

/// The model with expenses that are alike in every rule as one; none where all differ.
fn aggregate(model: &Program, applications: &[Application]) -> Option<Aggregate> {
    let mut expense_of: Vec<Vec<usize>> = applications.iter().map(|a| vec![0; a.lines.len()]).collect();
    for (expense, lines) in lines_by_expense(applications).into_iter().enumerate() {
        for (application, line) in lines {
            expense_of[application][line] = expense;
        }
    }
    Aggregate::new(model, &|column| match model.columns[column].key {
        ColumnKey::Claim { application, line } | ColumnKey::Admitted { application, line } => {
            Some(expense_of[application][line])
        }
        _ => None,
    })
}
