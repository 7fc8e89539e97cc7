//! Lines that belong together: those of a lot share its facts, those of an invoice its total (S4).

use std::collections::BTreeMap;

use super::super::codes;
use super::super::place::shown;
use super::Line;
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::ids::{LotId, ProjectId};
use crate::money::Money;
use crate::portfolio::Value;

/// Gives every line of a lot the facts that any line of it states, and complains where two state unlike things.
pub(super) fn share_lot_facts(lines: &mut [Line], lot_facts: &[&str], report: &mut Report) {
    for fact in lot_facts {
        // The first line of each lot that states the fact.
        let mut stated: BTreeMap<(ProjectId, LotId), (Value, Place)> = BTreeMap::new();
        for line in lines.iter() {
            let (Some(lot), Some(value)) = (&line.expense.lot, line.expense.attributes.get(*fact)) else {
                continue;
            };
            let key = (line.expense.project.clone(), lot.clone());
            let (first, place) = stated.entry(key).or_insert_with(|| (value.clone(), line.place(fact)));
            if first != value {
                let place = Place { field: None, ..place.clone() };
                let message = format!(
                    "lot '{lot}' has {fact} '{}' here and '{}' at {place}",
                    shown(&value.to_string()),
                    shown(&first.to_string())
                );
                report.push(
                    Diagnostic::error(codes::UNEQUAL_LOT, line.place(fact), message)
                        .help("a fact of a lot is the same on all its lines: correct it, or make two lots"),
                );
            }
        }
        for line in lines.iter_mut() {
            let Some(lot) = &line.expense.lot else { continue };
            if let Some((value, _)) = stated.get(&(line.expense.project.clone(), lot.clone())) {
                line.expense.attributes.entry((*fact).to_owned()).or_insert_with(|| value.clone());
            }
        }
    }
}

/// What is known of one invoice so far.
#[derive(Default)]
struct Invoice {
    stated: Option<(Money, Place)>,
    lines: Money,
}

/// Complains where lines of one invoice state unlike totals, or sum to more than the total they state.
pub(super) fn check_invoices(lines: &[Line], report: &mut Report) {
    let mut invoices: BTreeMap<_, Invoice> = BTreeMap::new();
    for line in lines {
        let expense = &line.expense;
        if expense.invoice.is_none() {
            if let Some(total) = expense.invoice_total.filter(|total| *total < expense.net_amount) {
                report.push(exceeded(expense.net_amount, total, line.place("invoice_total")));
            }
            continue;
        }
        let invoice = invoices.entry(expense.invoice_key()).or_default();
        invoice.lines += expense.net_amount;
        let Some(total) = expense.invoice_total else { continue };
        match &invoice.stated {
            None => invoice.stated = Some((total, line.place("invoice_total"))),
            Some((first, place)) if *first != total => {
                let place = Place { field: None, ..place.clone() };
                let number = shown(expense.invoice.as_deref().unwrap_or_default());
                let message =
                    format!("invoice '{number}' has the total '{total}' here and '{first}' at {place}");
                report.push(
                    Diagnostic::error(codes::UNEQUAL_INVOICE, line.place("invoice_total"), message)
                        .help("lines with the same supplier, invoice number and year stand on one invoice"),
                );
            }
            Some(_) => {}
        }
    }
    for invoice in invoices.into_values() {
        if let Some((total, place)) = invoice.stated.filter(|(total, _)| invoice.lines > *total) {
            report.push(exceeded(invoice.lines, total, place));
        }
    }
}

fn exceeded(lines: Money, total: Money, place: Place) -> Diagnostic {
    let message = format!("the lines of the invoice sum to '{lines}', more than its total '{total}'");
    Diagnostic::warning(codes::INVOICE_EXCEEDED, place, message)
        .help("the total is net of VAT; leave it empty where all lines are here")
}
