//! An expense: one line of cost, from the first quote to the payment.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::value::Value;
use crate::ids::{CompanyId, ExpenseId, LotId, ProjectId};
use crate::money::Money;
use crate::rate::Rate;

/// How far an expense has come (S5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// A quote: nothing is signed.
    #[default]
    Quote,
    /// Ordered: the commitment is made.
    Ordered,
    /// Invoiced.
    Invoiced,
    /// Paid.
    Paid,
}

impl State {
    /// Every state with the word files use.
    pub const NAMES: [(&'static str, State); 4] = [
        ("quote", State::Quote),
        ("ordered", State::Ordered),
        ("invoiced", State::Invoiced),
        ("paid", State::Paid),
    ];

    /// The word files use.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, state)| *state == self).map_or("", |(name, _)| name)
    }
}

/// One line of cost and its facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Expense {
    /// Its id.
    pub id: ExpenseId,
    /// The project it belongs to.
    pub project: ProjectId,
    /// Who pays; the project's lead by default.
    pub company: CompanyId,
    /// What it belongs to inside the project.
    pub lot: Option<LotId>,
    /// A word of [`CATEGORIES`](super::CATEGORIES).
    pub category: String,
    /// What it is, for people.
    pub description: String,
    /// How far it has come.
    pub state: State,
    /// Amount net of VAT; above zero.
    pub net_amount: Money,
    /// VAT rate, such as 0.22; zero where not given.
    pub vat_rate: Rate,
    /// Supplier.
    pub supplier: Option<String>,
    /// Kind of supplier, in the words of the measures.
    pub supplier_kind: Option<String>,
    /// Invoice number.
    pub invoice: Option<String>,
    /// Taxable total of the invoice, where it has other lines too.
    pub invoice_total: Option<Money>,
    /// Date of the invoice.
    pub invoice_date: Option<NaiveDate>,
    /// Date of the first legally binding order.
    pub order_date: Option<NaiveDate>,
    /// Date of the (last) payment.
    pub payment_date: Option<NaiveDate>,
    /// How it is paid: `bank_transfer`, `card`, `cash`, ...
    pub payment_method: Option<String>,
    /// Quantity bought, in `unit`.
    pub quantity: Option<Decimal>,
    /// Unit of the quantity.
    pub unit: Option<String>,
    /// Months of service the amount pays for.
    pub service_months: Option<Decimal>,
    /// Free words rules may ask for.
    pub tags: Vec<String>,
    /// Whether parts of it may go to several applications (S6).
    pub splittable: bool,
    /// Facts that measures declare, of the expense and of its lot.
    pub attributes: BTreeMap<String, Value>,
}

impl Expense {
    /// Names of the facts every expense has; others are attributes. `invoice_total` is the total of S4.
    pub const FACTS: [&'static str; 14] = [
        "expense_id",
        "category",
        "state",
        "net_amount",
        "supplier",
        "supplier_kind",
        "invoice_total",
        "invoice_date",
        "order_date",
        "payment_date",
        "payment_method",
        "quantity",
        "unit",
        "service_months",
    ];

    /// An expense of which only the essentials are known.
    pub fn new(
        id: ExpenseId,
        project: ProjectId,
        company: CompanyId,
        category: &str,
        net_amount: Money,
    ) -> Self {
        Expense {
            id,
            project,
            company,
            lot: None,
            category: category.to_owned(),
            description: String::new(),
            state: State::Quote,
            net_amount,
            vat_rate: Rate::ZERO,
            supplier: None,
            supplier_kind: None,
            invoice: None,
            invoice_total: None,
            invoice_date: None,
            order_date: None,
            payment_date: None,
            payment_method: None,
            quantity: None,
            unit: None,
            service_months: None,
            tags: Vec::new(),
            splittable: false,
            attributes: BTreeMap::new(),
        }
    }

    /// What makes two lines stand on one invoice: supplier, number, year (S4).
    pub fn invoice_key(&self) -> Option<(Option<&str>, &str, Option<i32>)> {
        let number = self.invoice.as_deref()?;
        Some((self.supplier.as_deref(), number, self.invoice_date.map(|d| d.year())))
    }

    /// The value of a fact, if known. `invoice_total` needs the other lines and comes from
    /// [`Facts`](crate::measure::Facts); `tags` is always known.
    pub fn fact(&self, name: &str) -> Option<Value> {
        let text = |t: &Option<String>| t.clone().map(Value::Text);
        match name {
            "expense_id" => Some(Value::text(self.id.as_str())),
            "category" => Some(Value::text(&self.category)),
            "state" => Some(Value::text(self.state.name())),
            "net_amount" => Some(Value::Number(self.net_amount.euro())),
            "supplier" => text(&self.supplier),
            "supplier_kind" => text(&self.supplier_kind),
            "invoice_date" => self.invoice_date.map(Value::Day),
            "order_date" => self.order_date.map(Value::Day),
            "payment_date" => self.payment_date.map(Value::Day),
            "payment_method" => text(&self.payment_method),
            "quantity" => self.quantity.map(Value::Number),
            "unit" => text(&self.unit),
            "service_months" => self.service_months.map(Value::Number),
            "tags" => Some(Value::List(self.tags.clone())),
            _ => self.attributes.get(name).cloned(),
        }
    }
}
