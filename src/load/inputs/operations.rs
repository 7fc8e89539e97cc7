//! What becomes of a cell: set, added to, multiplied, emptied.

use chrono::{Days, Months, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

use super::conditions::number;
use super::problem;
use crate::dates::Span;
use crate::diagnostics::Diagnostic;
use crate::load::cells::typed;
use crate::load::codes as load_codes;
use crate::load::columns::Column;
use crate::load::fields::Kind;
use crate::load::place::shown;
use crate::load::scenarios::codes;
use crate::load::values::{DecimalMark, MOST_DECIMALS, list};
use crate::rounding::Rounding;
use crate::scenario::{Op, Override, Part};

/// The cell as the override leaves it. Amounts are rounded to the cent, other numbers to nine decimals, half up.
pub(super) fn changed(column: &Column, before: &str, it: &Override) -> Result<String, Diagnostic> {
    match (it.op, column.kind) {
        (Op::Set, _) => set(column, &it.value, it),
        (Op::Remove, Kind::List) if !it.value.is_empty() => {
            let gone = list(&set(column, &it.value, it)?);
            let mut words = list(before);
            words.retain(|word| !gone.contains(word));
            Ok(words.join("|"))
        }
        (Op::Remove, _) => removed(column, it),
        (Op::Add, Kind::List) => {
            let more = set(column, &it.value, it)?;
            Ok(list(&format!("{before}|{more}")).join("|"))
        }
        (Op::Add, Kind::Date) => {
            let day = before.parse().ok().and_then(|day| later(day, &it.value)).ok_or_else(|| no_span(it))?;
            set(column, &day.to_string(), it)
        }
        (Op::Add | Op::Mul, kind) if kind.is_numeric() => {
            let sum = computed(before, it)?;
            let text = match kind {
                Kind::Money(_) => Rounding::HalfUp.cents(sum).to_string(),
                _ => rounded(sum).to_string(),
            };
            set(column, &text, it)
        }
        (Op::Add | Op::Mul, _) => Err(no_number(&column.name, it)),
    }
}

fn set(column: &Column, value: &str, it: &Override) -> Result<String, Diagnostic> {
    if value.is_empty() {
        let message = format!("there is no value for '{}'", column.name);
        return Err(problem(codes::OPERAND, it.place(Part::Value), message, "")
            .help("give the value; `remove` leaves a field empty"));
    }
    let cell = typed(value.into(), column, Some(DecimalMark::Point)).map_err(|problem| {
        let found = problem.at(value, it.place(Part::Value));
        let numeric = [load_codes::NOT_MONEY, load_codes::NOT_A_NUMBER, load_codes::NOT_A_SHARE];
        if numeric.contains(&found.code) && value.contains(',') {
            return found
                .help("numbers of scenarios have a point before decimals and none between thousands");
        }
        if value == it.value {
            return found;
        }
        // What is computed stands nowhere: say how it came about.
        let message = format!("{} after '{} {}'", found.message, it.op.name(), shown(&it.value));
        Diagnostic { message, ..found }
    })?;
    Ok(cell.map(|cell| cell.written()).unwrap_or_default())
}

fn removed(column: &Column, it: &Override) -> Result<String, Diagnostic> {
    if !it.value.is_empty() {
        let message = format!("'{}' is no list: nothing can be taken out of it", column.name);
        return Err(problem(codes::OPERATION, it.place(Part::Value), message, &it.value)
            .help("leave the value empty to empty the field"));
    }
    if column.required {
        let message = format!("'{}' must have a value: it cannot be removed", column.name);
        return Err(problem(codes::OPERATION, it.place(Part::Field), message, &it.field)
            .help("set another; whole rows are removed with an empty field"));
    }
    Ok(String::new())
}

/// The sum or product of a number and the value.
pub(super) fn computed(before: &str, it: &Override) -> Result<Decimal, Diagnostic> {
    let operand = number(&it.value).ok_or_else(|| {
        let kind = if it.op == Op::Mul { "factor such as 1.10" } else { "number such as -250.00" };
        let message = format!("'{}' is no {kind}", shown(&it.value));
        problem(codes::OPERAND, it.place(Part::Value), message, &it.value)
    })?;
    let before = Decimal::from_str_exact(before).ok();
    let result = match it.op {
        Op::Mul => before.and_then(|before| before.checked_mul(operand)),
        _ => before.and_then(|before| before.checked_add(operand)),
    };
    result.ok_or_else(|| {
        let message = format!("'{} {}' leads beyond every number", it.op.name(), shown(&it.value));
        problem(codes::OPERAND, it.place(Part::Value), message, &it.value)
    })
}

/// A number with as many decimals as any may have.
pub(super) fn rounded(number: Decimal) -> Decimal {
    number.round_dp_with_strategy(MOST_DECIMALS, RoundingStrategy::MidpointAwayFromZero).normalize()
}

/// A day this span later; with a minus, earlier.
pub(super) fn later(day: NaiveDate, span: &str) -> Option<NaiveDate> {
    match span.trim().strip_prefix('-') {
        None => Span::parse(span).map(|span| span.after(day)),
        Some(span) => {
            let span = Span::parse(span)?;
            day.checked_sub_months(Months::new(span.months))?
                .checked_sub_days(Days::new(u64::from(span.days)))
        }
    }
}

pub(super) fn no_span(it: &Override) -> Diagnostic {
    let message = format!("'{}' is no span such as 30 days, 2 months or -1 month", shown(&it.value));
    problem(codes::OPERAND, it.place(Part::Value), message, &it.value)
}

/// What is added to or multiplied, and is neither number nor day.
pub(super) fn no_number(name: &str, it: &Override) -> Diagnostic {
    let (what, done) =
        if it.op == Op::Mul { ("number", "multiplied") } else { ("number or day", "added to") };
    let message = format!("'{}' is no {what}: it cannot be {done}", shown(name));
    problem(codes::OPERATION, it.place(Part::Op), message, it.op.name())
}

/// What is added to or multiplied, and stands nowhere.
pub(super) fn all_blank(name: &str, it: &Override) -> Diagnostic {
    let message = format!("'{}' is blank in all that is selected", shown(name));
    problem(codes::BLANK, it.place(Part::Field), message, &it.field)
}
