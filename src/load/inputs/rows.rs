//! Overrides of the tables: which rows, and what becomes of them.

use super::conditions::{Test, Tested};
use super::edits::Editing;
use super::operations::{all_blank, changed};
use super::{FILES, key, problem};
use crate::diagnostics::Diagnostic;
use crate::load::cells::typed;
use crate::load::place::{meant, shown};
use crate::load::scenarios::codes;
use crate::load::table::GivenRow;
use crate::load::values::DecimalMark;
use crate::scenario::{Comparison, Condition, Op, Override, Part, Selector};

impl Editing<'_> {
    /// Resolves an override of a table.
    pub(super) fn rows(&mut self, file: usize, it: &Override) -> Result<(), Diagnostic> {
        if !it.field.is_empty() {
            return self.field(file, it);
        }
        if !it.value.is_empty() {
            let message = format!("the value '{}' goes to no field", shown(&it.value));
            return Err(problem(codes::OPERAND, it.place(Part::Value), message, &it.value)
                .help("name the field, or leave the value empty"));
        }
        match it.op {
            Op::Remove => {
                for number in self.selected(file, it)? {
                    self.take_out((file, number));
                }
                Ok(())
            }
            Op::Add => self.add(file, it),
            Op::Set | Op::Mul => {
                let message = format!("'{}' needs a field", it.op.name());
                Err(problem(codes::OPERATION, it.place(Part::Op), message, it.op.name())
                    .help("name the field; without one rows are added or removed"))
            }
        }
    }

    /// Adds the row whose columns the selector gives.
    fn add(&mut self, file: usize, it: &Override) -> Result<(), Diagnostic> {
        let remedy = "give the columns of the new row: `expense_id=e9; project_id=line; ...`";
        let Selector::Where(conditions) = &it.selector else {
            let message = format!("'{}' gives no columns of a row to add", it.selector);
            let found = it.selector.to_string();
            return Err(problem(codes::SELECTOR, it.place(Part::Selector), message, &found).help(remedy));
        };
        let columns = &self.inputs.schemas.0[file];
        let mut cells = vec![String::new(); columns.all().len()];
        for condition in conditions {
            let index = self.column(file, &condition.field, it, Part::Selector)?;
            if condition.comparison != Comparison::Equal {
                let message = format!("'{condition}' gives no value");
                let found = condition.to_string();
                return Err(problem(codes::SELECTOR, it.place(Part::Selector), message, &found).help(remedy));
            }
            let value = condition.value.as_str();
            if value.is_empty() {
                continue;
            }
            let cell = typed(value.into(), &columns.all()[index], Some(DecimalMark::Point));
            let cell = cell.map_err(|problem| problem.at(value, it.place(Part::Selector)))?;
            cells[index] = cell.map(|cell| cell.written()).unwrap_or_default();
        }
        let row = GivenRow { place: it.place(Part::Selector), cells };
        let number = self.next(file);
        self.put((file, number), row, it);
        Ok(())
    }

    /// Changes a column of every row that is selected.
    fn field(&mut self, file: usize, it: &Override) -> Result<(), Diagnostic> {
        let index = self.column(file, &it.field, it, Part::Field)?;
        let inputs = self.inputs;
        let column = &inputs.schemas.0[file].all()[index];
        let mut any = false;
        for number in self.selected(file, it)? {
            let Some(row) = self.row((file, number)) else { continue };
            let before = row.cells[index].as_str();
            // A sum with nothing is no sum.
            let needs_one =
                it.op == Op::Mul || (it.op == Op::Add && column.kind != crate::load::fields::Kind::List);
            if needs_one && before.is_empty() {
                continue;
            }
            any = true;
            let after = changed(column, before, it)?;
            if after != before {
                let mut row = GivenRow::clone(row);
                row.cells[index] = after;
                self.put((file, number), row, it);
            }
        }
        if any { Ok(()) } else { Err(all_blank(&column.name, it)) }
    }

    /// The column with this name.
    fn column(&self, file: usize, name: &str, it: &Override, part: Part) -> Result<usize, Diagnostic> {
        let columns = &self.inputs.schemas.0[file];
        columns.find(name).ok_or_else(|| {
            let message = format!("{} has no column '{}'", columns.file, shown(name));
            let found = problem(codes::UNKNOWN_FIELD, it.place(part), message, name)
                .expected(format!("a column of {}, or a fact that a measure declares", columns.file));
            Diagnostic { help: meant(name, columns.names()), ..found }
        })
    }

    /// The numbers of the rows that are selected: at least one.
    fn selected(&self, file: usize, it: &Override) -> Result<Vec<usize>, Diagnostic> {
        let numbers = match &it.selector {
            Selector::Id(id) => self.named(file, id),
            Selector::All => self.numbers(file),
            Selector::Blank => {
                let message = format!("nothing says which rows of {} are meant", FILES[file].name);
                return Err(problem(codes::SELECTOR, it.place(Part::Selector), message, "")
                    .help("write an id, conditions, or * for all"));
            }
            Selector::Where(conditions) => self.meeting(file, conditions, it)?,
        };
        if !numbers.is_empty() {
            return Ok(numbers);
        }
        let what = it.target.name().replace('_', " ");
        let place = it.place(Part::Selector);
        let found = it.selector.to_string();
        Err(match &it.selector {
            Selector::Id(id) => {
                let message = format!("no {what} has the id '{}'", shown(id));
                let known = self.numbers(file);
                let known: Vec<String> =
                    known.iter().filter_map(|number| Some(key(file, self.row((file, *number))?))).collect();
                let help = meant(id, known.iter().map(String::as_str));
                Diagnostic { help, ..problem(codes::NOTHING, place, message, &found) }
            }
            Selector::All | Selector::Blank => {
                problem(codes::NOTHING, place, format!("{} has no rows", FILES[file].name), &found)
            }
            Selector::Where(_) => {
                problem(codes::NOTHING, place, format!("no {what} meets '{}'", shown(&found)), &found)
            }
        })
    }

    /// The numbers of the rows that a key names now.
    pub(super) fn named(&self, file: usize, name: &str) -> Vec<usize> {
        let is_named = |number: &usize| self.row((file, *number)).is_some_and(|row| key(file, row) == name);
        let before = self.inputs.tables[file].index.get(name).map(Vec::as_slice).unwrap_or_default();
        let mut numbers: Vec<usize> = before.iter().copied().filter(|number| is_named(number)).collect();
        let since = self.changed(file).filter(|number| !before.contains(number));
        numbers.extend(since.filter(|number| is_named(number)));
        numbers
    }

    /// The first of them. Conditions ask for it row by row: where nothing of the file is changed the answer is at hand.
    fn first_named(&self, file: usize, name: &str) -> Option<usize> {
        if self.edits.touches(file) {
            return self.named(file, name).first().copied();
        }
        self.inputs.tables[file].index.get(name)?.first().copied()
    }

    fn meeting(
        &self,
        file: usize,
        conditions: &[Condition],
        it: &Override,
    ) -> Result<Vec<usize>, Diagnostic> {
        let tests = conditions
            .iter()
            .map(|condition| self.test(file, condition, it))
            .collect::<Result<Vec<Test>, Diagnostic>>()?;
        let meets = |number: &usize| {
            self.row((file, *number)).is_some_and(|row| {
                tests.iter().all(|test| {
                    let cell = self.looked_up(file, row, test.of).map(|row| row.cells[test.column].as_str());
                    test.meets(cell.unwrap_or_default())
                })
            })
        };
        Ok(self.numbers(file).into_iter().filter(meets).collect())
    }

    fn test(&self, file: usize, condition: &Condition, it: &Override) -> Result<Test, Diagnostic> {
        let of = Tested::of(file, &condition.field);
        let name = condition.field.split_once('.').filter(|_| of != Tested::Row).map(|(_, name)| name);
        let table = of.file(file);
        let column = self.column(table, name.unwrap_or(&condition.field), it, Part::Selector)?;
        Test::new(of, column, &self.inputs.schemas.0[table].all()[column], condition, it)
    }

    /// The row a condition is about: the row itself, or what it belongs to.
    fn looked_up<'r>(&'r self, file: usize, row: &'r GivenRow, of: Tested) -> Option<&'r GivenRow> {
        let referred = |file: usize, name: &str| {
            let number = self.first_named(file, name)?;
            self.row((file, number)).map(|row| &**row)
        };
        let of_row = |of: Tested| of.reference(file).map(|column| row.cells[column].as_str());
        match of {
            Tested::Row => Some(row),
            Tested::Project => referred(1, of_row(of)?),
            Tested::Company => match of_row(of)? {
                // An expense is paid by the lead of its project where it does not say by whom.
                "" => {
                    let project = self.looked_up(file, row, Tested::Project)?;
                    referred(0, &project.cells[Tested::Company.reference(1)?])
                }
                company => referred(0, company),
            },
        }
    }
}
