//! Lines that belong together: those of a lot share its facts, those of an invoice its total (S4).

use std::collections::BTreeMap;

use super::super::codes;
use super::super::fields::EXPENSES;
use super::super::place::shown;
use super::{INVOICE_TOTAL, Lines};
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::ids::{LotId, ProjectId};
use crate::money::Money;
use crate::portfolio::Value;

/// Gives every line of a lot the facts that any line of it states, and complains where two state unlike things.
pub(super) fn share_lot_facts(lines: &mut Lines, lot_facts: &[&str], report: &mut Report) {
    for fact in lot_facts {
        let Some(column) = lines.records.position(fact) else { continue };
        // The first line of each lot that states the fact.
        let mut stated: BTreeMap<(ProjectId, LotId), (Value, usize)> = BTreeMap::new();
        for (expense, row) in lines.iter() {
            let (Some(lot), Some(value)) = (&expense.lot, expense.attributes.get(*fact)) else { continue };
            let key = (expense.project.clone(), lot.clone());
            let (first, first_row) = stated.entry(key).or_insert_with(|| (value.clone(), row));
            if first != value {
                let place = Place { field: None, ..lines.records.place(*first_row, column) };
                let message = format!(
                    "lot '{lot}' has {fact} '{}' here and '{}' at {place}",
                    shown(&value.to_string()),
                    shown(&first.to_string())
                );
                report.push(
                    Diagnostic::error(codes::UNEQUAL_LOT, lines.records.place(row, column), message)
                        .found(shown(&value.to_string()))
                        .expected(format!("'{}', as in the first line", shown(&first.to_string())))
                        .help("a fact of a lot is the same on all its lines: correct it, or make two lots"),
                );
            }
        }
        for expense in &mut lines.expenses {
            let Some(lot) = &expense.lot else { continue };
            if let Some((value, _)) = stated.get(&(expense.project.clone(), lot.clone())) {
                expense.attributes.entry((*fact).to_owned()).or_insert_with(|| value.clone());
            }
        }
    }
}

/// What is known of one invoice so far.
struct Invoice {
    total: Money,
    row: usize,
    lines: Money,
}

/// Complains where lines of one invoice state unlike totals, or sum to more than the total they state.
pub(super) fn check_invoices(lines: &Lines, report: &mut Report) {
    if lines.records.position(EXPENSES.fields[INVOICE_TOTAL].name).is_none() {
        return;
    }
    let place = |row| lines.records.place(row, INVOICE_TOTAL);
    let mut stated: BTreeMap<_, Invoice> = BTreeMap::new();
    for (expense, row) in lines.iter() {
        let Some(total) = expense.invoice_total else { continue };
        let Some(key) = expense.invoice_key() else {
            if total < expense.net_amount {
                report.push(exceeded(expense.net_amount, total, place(row)));
            }
            continue;
        };
        let number = key.1;
        let first = stated.entry(key).or_insert(Invoice { total, row, lines: Money::ZERO });
        if first.total != total {
            let at = Place { field: None, ..place(first.row) };
            let message = format!(
                "invoice '{}' has the total '{total}' here and '{}' at {at}",
                shown(number),
                first.total
            );
            report.push(
                Diagnostic::error(codes::UNEQUAL_INVOICE, place(row), message)
                    .found(total.to_string())
                    .expected(format!("'{}', as in the first line", first.total))
                    .help("lines with the same supplier, invoice number and year stand on one invoice"),
            );
        }
    }
    if stated.is_empty() {
        return;
    }
    for (expense, _) in lines.iter() {
        if let Some(invoice) = expense.invoice_key().and_then(|key| stated.get_mut(&key)) {
            invoice.lines += expense.net_amount;
        }
    }
    for invoice in stated.into_values().filter(|invoice| invoice.lines > invoice.total) {
        report.push(exceeded(invoice.lines, invoice.total, place(invoice.row)));
    }
}

fn exceeded(lines: Money, total: Money, place: Place) -> Diagnostic {
    let message = format!("the lines of the invoice sum to '{lines}', more than its total '{total}'");
    Diagnostic::warning(codes::INVOICE_EXCEEDED, place, message)
        .found(lines.to_string())
        .expected(format!("'{total}' or less"))
        .help("the total is net of VAT; leave it empty where all lines are here")
}
