//! A model being written: columns by meaning, rows with names, and bounds of expressions.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::expression::Expression;
use super::loan::Lent;
use super::needs::Needs;
use super::parts::Divided;
use super::reach::Reach;
use super::{Columns, LineColumns};
use crate::eligibility::{Application, Term};
use crate::ids::{ExpenseId, RuleId};
use crate::measure::Bound;
use crate::program::{Column, ColumnKey, Family, Kind, Program, Sense};
use crate::rounding::Rounding;

/// Project and measure, with what is picked where there is something to pick: no two columns or rows may have one name.
fn variant_name(application: &Application) -> [String; 2] {
    let picks = application.variant.picks.iter().map(|pick| format!(";{}={}", pick.key(), pick.option));
    [application.project.to_string(), format!("{}{}", application.measure, picks.collect::<String>())]
}

/// A cent, in euro.
pub(super) const CENT: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// Finer than this nothing is told apart.
const MOST_DECIMALS: u32 = 12;

/// A model being written.
pub(super) struct Draft<'a> {
    /// What it is made from.
    pub(super) applications: &'a [Application],
    /// What names them.
    names: Vec<[String; 2]>,
    /// Expenses that may go in parts to several of them.
    pub(super) divided: &'a BTreeMap<&'a ExpenseId, Divided>,
    /// Of these, where applications may meet: the column that says whether the claims lie side by side.
    pub(super) side_by_side: BTreeMap<&'a ExpenseId, usize>,
    /// Bounds, by application.
    pub(super) reach: Vec<Reach>,
    /// Columns and rows so far.
    pub(super) program: Program,
    /// The aid in guarantees, by application, once it is written down.
    pub(super) guarantees: Vec<Expression>,
    /// Columns by meaning, by application.
    pub(super) columns: Vec<Columns>,
    /// The loan, by application, once it is written down.
    pub(super) lent: Vec<Option<Lent>>,
    /// By column: the expense (by its number) and the line (by its column) that it belongs to: of one expense only one line is above zero.
    line_of: Vec<Option<(usize, usize)>>,
    /// Expenses so far, numbered.
    expenses: BTreeMap<&'a ExpenseId, usize>,
    /// Helpers so far.
    helpers: usize,
}

impl<'a> Draft<'a> {
    /// The columns that stand for decisions and amounts of the applications.
    pub(super) fn new(
        applications: &'a [Application],
        divided: &'a BTreeMap<&'a ExpenseId, Divided>,
        needs: &[Needs],
    ) -> Self {
        let mut draft = Draft {
            applications,
            names: applications.iter().map(variant_name).collect(),
            divided,
            side_by_side: BTreeMap::new(),
            reach: applications.iter().map(Reach::new).collect(),
            program: Program::default(),
            guarantees: vec![Expression::default(); applications.len()],
            columns: Vec::new(),
            lent: applications.iter().map(|_| None).collect(),
            line_of: Vec::new(),
            expenses: BTreeMap::new(),
            helpers: 0,
        };
        for (at, needs) in needs.iter().enumerate() {
            draft.application(at, needs);
        }
        draft
    }

    fn application(&mut self, at: usize, needs: &Needs) {
        let application = &self.applications[at];
        let divided = self.divided;
        let names = self.names[at].clone();
        let whose = [names[0].as_str(), names[1].as_str()];
        let key = ColumnKey::Apply { application: at };
        let apply = needs.apply.then(|| self.binary(key, named("apply", &whose)));
        let mut lots = Vec::with_capacity(application.lots.len());
        for (lot, id) in application.lots.iter().enumerate() {
            let key = ColumnKey::Lot { application: at, lot };
            let id = id.as_ref().map_or("-", |id| id.as_str());
            lots.push(needs.lots[lot].then(|| self.binary(key, named("lot", &[whose[0], whose[1], id]))));
        }
        let mut lines = Vec::with_capacity(application.lines.len());
        for (line, data) in application.lines.iter().enumerate() {
            let what = [data.expense.as_str(), whose[1], data.item.as_str()];
            let key = ColumnKey::Claim { application: at, line };
            let claim = needs.claims[line].then(|| self.binary(key, named("claim", &what)));
            let key = ColumnKey::Admitted { application: at, line };
            let most = self.reach[at].entry(line);
            let admitted = self.column(key, named("admitted", &what), Kind::Cents, most);
            // An expense that may be in two places at once may have two lines above zero.
            if application.meets.is_empty() && !divided.contains_key(&data.expense) {
                let next = self.expenses.len();
                let expense = *self.expenses.entry(&data.expense).or_insert(next);
                self.line_of.resize(self.program.columns.len(), None);
                for column in claim.into_iter().chain([admitted]) {
                    self.line_of[column] = Some((expense, admitted));
                }
            }
            lines.push(LineColumns { claim, admitted });
        }
        let mut derived = Vec::with_capacity(application.derived.len());
        for (number, data) in application.derived.iter().enumerate() {
            let key = ColumnKey::Derived { application: at, derived: number };
            let most = self.reach[at].entry(application.lines.len() + number);
            let name = named("derived", &[whose[0], whose[1], data.item.as_str()]);
            derived.push(self.column(key, name, Kind::Cents, most));
        }
        let most = self.reach[at].grant(application);
        let key = ColumnKey::Grant { application: at };
        let grant = self.column(key, named("grant", &whose), Kind::Cents, most);
        self.program.columns[grant].objective = application.weight.value();
        self.columns.push(Columns { apply, lots, lines, derived, grant });
    }

    fn column(&mut self, key: ColumnKey, name: String, kind: Kind, upper: Decimal) -> usize {
        let (lower, objective) = (Decimal::ZERO, Decimal::ZERO);
        self.program.column(Column {
            key,
            name: name.into(),
            kind,
            lower,
            upper: upper.normalize(),
            objective,
        })
    }

    fn binary(&mut self, key: ColumnKey, name: String) -> usize {
        self.column(key, name, Kind::Binary, Decimal::ONE)
    }

    /// A helper between 0 and `upper`, named for its rule.
    pub(super) fn helper(&mut self, at: usize, kind: Kind, what: &str, rule: &str, upper: Decimal) -> usize {
        let key = ColumnKey::Helper { application: Some(at), number: self.helpers };
        self.helpers += 1;
        let name = self.name(at, what, &[rule]);
        self.column(key, name, kind, upper)
    }

    /// `word[project,measure,...]`.
    pub(super) fn name(&self, at: usize, word: &str, parts: &[&str]) -> String {
        let [project, measure] = &self.names[at];
        listed(word, [project.as_str(), measure.as_str()].into_iter().chain(parts.iter().copied()))
    }

    /// What tells the rows of a limit apart: rule, lot where it has one, number of the term where there are several.
    pub(super) fn term_label(
        &self,
        at: usize,
        rule: &RuleId,
        lot: Option<usize>,
        terms: usize,
        term: usize,
    ) -> String {
        let mut label = rule.to_string();
        if let Some(lot) = lot {
            let id = self.applications[at].lots[lot].as_ref().map_or("-", |id| id.as_str());
            label = format!("{label},{id}");
        }
        if terms > 1 { format!("{label},{}", term + 1) } else { label }
    }

    /// The column of an entry: a line or a derived item.
    pub(super) fn entry(&self, at: usize, entry: usize) -> usize {
        let columns = &self.columns[at];
        match columns.lines.get(entry) {
            Some(line) => line.admitted,
            None => columns.derived[entry - columns.lines.len()],
        }
    }

    /// What is admitted of some entries.
    pub(super) fn sum(&self, at: usize, entries: &[usize]) -> Expression {
        Expression::sum_of(entries.iter().map(|entry| self.entry(at, *entry)).collect())
    }

    /// A term without its fixed part.
    pub(super) fn shares(&self, at: usize, term: &Term) -> Expression {
        term.shares.iter().map(|(rate, set)| self.sum(at, set) * *rate).sum()
    }

    /// At most what a term is once cut down to cents.
    pub(super) fn cut_term(&self, at: usize, term: &Term) -> Expression {
        if term.shares.is_empty() {
            return Rounding::Down.cents(term.euro).euro().into();
        }
        let exact = self.shares(at, term) + term.euro.into();
        let cut = CENT - self.fineness(&exact);
        exact - cut.into()
    }

    /// One where the application is made: its column, or the number where no rule asks.
    pub(super) fn made(&self, at: usize) -> Expression {
        self.columns[at].apply.map_or(Expression::from(Decimal::ONE), Expression::column)
    }

    /// One where what a limit is tested for takes part: the lot, else the application.
    pub(super) fn gate(&self, at: usize, lot: Option<usize>) -> Expression {
        let lot = lot.and_then(|lot| self.columns[at].lots[lot]);
        lot.map_or_else(|| self.made(at), Expression::column)
    }

    /// The largest value of an expression within the bounds of its columns, of an expense one line at most.
    pub(super) fn highest(&self, expression: &Expression) -> Decimal {
        let mut highest = expression.constant;
        let mut of_lines: Vec<((usize, usize), Decimal)> = Vec::new();
        for (column, coefficient) in &expression.terms {
            let Column { lower, upper, .. } = &self.program.columns[*column];
            let most = (*coefficient * *lower).max(*coefficient * *upper);
            match self.line_of.get(*column).copied().flatten() {
                Some(line) => of_lines.push((line, most)),
                None => highest += most,
            }
        }
        of_lines.sort_by_key(|(line, _)| *line);
        for of_expense in of_lines.chunk_by(|((one, _), _), ((other, _), _)| one == other) {
            let lines = of_expense.chunk_by(|(one, _), (other, _)| one == other);
            let lines = lines.map(|line| line.iter().map(|(_, most)| *most).sum::<Decimal>());
            highest += lines.fold(Decimal::ZERO, Decimal::max);
        }
        highest
    }

    /// The smallest value, likewise.
    pub(super) fn lowest(&self, expression: &Expression) -> Decimal {
        -self.highest(&(expression.clone() * Decimal::NEGATIVE_ONE))
    }

    /// What an expression is a multiple of, its columns being whole: cents, or numbers. Zero where a column may be anything.
    pub(super) fn fineness(&self, expression: &Expression) -> Decimal {
        let mut scale = expression.constant.normalize().scale();
        for (column, coefficient) in &expression.terms {
            let decimals = match self.program.columns[*column].kind {
                Kind::Binary | Kind::Count => 0,
                Kind::Cents => 2,
                Kind::Real => return Decimal::ZERO,
            };
            scale = scale.max(coefficient.normalize().scale() + decimals);
        }
        if scale > MOST_DECIMALS { Decimal::ZERO } else { Decimal::new(1, scale).min(CENT) }
    }

    /// `left <= right`, unless the bounds of the columns already say so.
    pub(super) fn at_most(&mut self, family: Family, name: String, left: Expression, right: Expression) {
        self.row(family, name, left - right, Sense::AtMost);
    }

    /// `left >= right`, unless the bounds of the columns already say so.
    pub(super) fn at_least(&mut self, family: Family, name: String, left: Expression, right: Expression) {
        self.row(family, name, left - right, Sense::AtLeast);
    }

    /// `left = right`.
    pub(super) fn equal(&mut self, family: Family, name: String, left: Expression, right: Expression) {
        self.row(family, name, left - right, Sense::Equal);
    }

    fn row(&mut self, family: Family, name: String, difference: Expression, sense: Sense) {
        let implied = match sense {
            Sense::AtMost => self.end_by_bounds(&difference, Decimal::max) <= Decimal::ZERO,
            Sense::AtLeast => self.end_by_bounds(&difference, Decimal::min) >= Decimal::ZERO,
            Sense::Equal => difference.is_zero(),
        };
        if !implied {
            let rhs = (-difference.constant).normalize();
            let terms = difference.terms.into_iter().map(|(column, k)| (column, k.normalize()));
            self.program.row(family, name.into(), terms, sense, rhs);
        }
    }

    /// The largest or smallest value of an expression by the bounds of its columns alone: what the program itself knows.
    fn end_by_bounds(&self, expression: &Expression, end: fn(Decimal, Decimal) -> Decimal) -> Decimal {
        let own = |(column, coefficient): &(usize, Decimal)| {
            let Column { lower, upper, .. } = &self.program.columns[*column];
            end(*coefficient * *lower, *coefficient * *upper)
        };
        expression.constant + expression.terms.iter().map(own).sum::<Decimal>()
    }

    /// `left` against `bound` where the gate is one. Where it is zero the columns that `gated` names are zero, and the row says
    /// no more than the bounds of the others: the tightest big-M there is.
    pub(super) fn gated(
        &mut self,
        family: Family,
        name: String,
        left: Expression,
        (bound, amount): (Bound, Decimal),
        gate: &Expression,
        gated: impl Fn(usize) -> bool,
    ) {
        let others = left.over(|column| !gated(column));
        let closed = Expression::from(Decimal::ONE) - gate.clone();
        match bound {
            Bound::AtMost => {
                let slack = self.highest(&others);
                self.at_most(family, name, left, gate.clone() * amount + closed * slack);
            }
            Bound::AtLeast => {
                let slack = self.lowest(&others);
                self.at_least(family, name, left, gate.clone() * amount + closed * slack);
            }
        }
    }

    /// Lines take part only where the gate is open: through their claims where they have them, else through what is
    /// admitted.
    pub(super) fn link(
        &mut self,
        family: Family,
        at: usize,
        lines: &[usize],
        gate: &Expression,
        label: &str,
    ) {
        for line in lines {
            let LineColumns { claim, admitted } = self.columns[at].lines[*line];
            let data = &self.applications[at].lines[*line];
            let name = self.name(at, family, &[label, data.expense.as_str(), data.item.as_str()]);
            let most = self.reach[at].entry(*line);
            match claim {
                Some(claim) => self.at_most(family, name, Expression::column(claim), gate.clone()),
                None => self.at_most(family, name, Expression::column(admitted), gate.clone() * most),
            }
        }
    }
}

/// `word[a,b,...]`.
pub(super) fn named(word: &str, parts: &[&str]) -> String {
    listed(word, parts.iter().copied())
}

fn listed<'p>(word: &str, parts: impl Iterator<Item = &'p str> + Clone) -> String {
    let length: usize = parts.clone().map(|part| part.len() + 1).sum();
    let mut name = String::with_capacity(word.len() + length + 2);
    name.push_str(word);
    name.push('[');
    for (nth, part) in parts.enumerate() {
        if nth > 0 {
            name.push(',');
        }
        name.push_str(part);
    }
    name.push(']');
    name
}
