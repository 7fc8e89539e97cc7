//! The aid: components, each of one shape (S9).

use super::conditions;
use super::facts::Scope;
use super::limits::{component, terms};
use super::names::Names;
use super::node::{Node, Table};
use super::numbers::{Unit, number};
use super::rules::rule;
use super::sets;
use super::source::code;
use crate::measure::{Band, Component, Form, Loan, LoanAmount, Premium, Shape};
use crate::money::Money;

const FORMS: [(&str, Form); 3] =
    [("grant", Form::Grant), ("loan", Form::Loan), ("guarantee", Form::Guarantee)];
/// Keys of a loan.
const LOAN: [&str; 4] = ["amount", "at_most", "covers", "at_least"];
/// What decides the amount of a loan.
const AMOUNTS: [(&str, Amount); 3] =
    [("requested", Amount::Requested), ("complement", Amount::Complement), ("chosen", Amount::Chosen)];
const SHAPES: [&str; 7] = ["rate", "brackets", "tiers", "steps", "per_unit", "fixed", "share"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Amount {
    Requested,
    Complement,
    Chosen,
}

/// Reads the `[[aid]]` tables.
pub(super) fn components<'s>(root: &mut Table<'s>, names: &Names<'s>) -> Vec<Component> {
    let nodes = root.tables("aid");
    if nodes.is_empty() {
        root.error(code::MISSING_KEY, "a measure needs at least one [[aid]]");
    }
    nodes.into_iter().enumerate().filter_map(|(index, node)| aid(index, node, names)).collect()
}

fn aid<'s>(index: usize, node: Node<'s>, names: &Names<'s>) -> Option<Component> {
    let mut table = node.table()?;
    let rule = rule(node, &mut table, names);
    let form_node = table.get("form");
    let form = form_node.map_or(Some(Form::Grant), |node| node.word(&FORMS));
    let of_node = table.get("of");
    let given: Vec<Node<'s>> = SHAPES.into_iter().filter_map(|shape| table.get(shape)).collect();
    let of_aid = table.get("of_aid");
    let premiums_node = table.get("premiums");
    let when = conditions::optional(&mut table, "when", Scope::APPLICATION, names);
    let lent = LOAN.map(|key| table.get(key));
    let shape_node = shape_key(form, &given, &lent, &table);
    let is = |shape: &str| shape_node.is_some_and(|node| node.key() == shape);
    if let Some(node) = premiums_node.filter(|_| shape_node.is_some() && !is("rate")) {
        node.error(code::COMBINATION, "'premiums' go with 'rate' only");
    }
    if is("share") {
        if let Some(node) = of_node {
            node.error(code::COMBINATION, "a share is of aid: write 'of_aid' in place of 'of'");
        }
    } else if shape_node.is_some() {
        if of_node.is_none() {
            table.error(code::MISSING_KEY, "the key 'of' is missing");
        }
        if let Some(node) = of_aid {
            node.error(code::COMBINATION, "'of_aid' goes with 'share' only");
        }
    }
    let of = of_node.map_or(Some(Vec::new()), |node| sets::items(node, names));
    let shape = if form == Some(Form::Loan) {
        if of_node.is_none() {
            table.error(code::MISSING_KEY, "the key 'of' is missing");
        }
        loan(lent, &table, names).map(Shape::Loan)
    } else {
        shape_node.and_then(|node| shape(node, index, premiums_node, of_aid, &table, names))
    };
    table.finish_rule(rule.as_ref().and_then(|rule| rule.doubt.as_ref()));
    Some(Component { rule: rule?, form: form?, of: of?, shape: shape?, when: when? })
}

/// The one key that says how a component is computed; a loan has none but keys of its own.
fn shape_key<'s>(
    form: Option<Form>,
    given: &[Node<'s>],
    lent: &[Option<Node<'s>>],
    table: &Table<'s>,
) -> Option<Node<'s>> {
    if form == Some(Form::Loan) {
        for node in given {
            let message = format!("'{}' is no key of a loan: 'amount' says how much is lent", node.key());
            node.error(code::COMBINATION, message);
        }
        return None;
    }
    for node in lent.iter().flatten() {
        let message = format!("'{}' is a key of a loan", node.key());
        node.error_with_help(
            code::COMBINATION,
            message,
            "write form = \"loan\", or put a bound on aid into a [[limit]]",
        );
    }
    if let [node] = given {
        return Some(*node);
    }
    table.error(code::COMBINATION, format!("a component has exactly one of {}", SHAPES.join(", ")));
    None
}

/// How much is lent.
fn loan<'s>(
    [amount, at_most, covers, at_least]: [Option<Node<'s>>; 4],
    table: &Table<'s>,
    names: &Names<'s>,
) -> Option<Loan> {
    let Some(amount) = amount else {
        table.error(code::MISSING_KEY, "the key 'amount' is missing");
        return None;
    };
    let word = amount.word(&AMOUNTS)?;
    let goes_with = |node: Option<Node<'s>>, wanted: Amount, name: &str| match node {
        Some(node) if word != wanted => {
            let message = format!("'{}' goes with amount = \"{name}\"", node.key());
            node.error(code::COMBINATION, message);
        }
        None if word == wanted => {
            let key = if wanted == Amount::Chosen { "at_least" } else { "covers" };
            amount.error(code::MISSING_KEY, format!("the key '{key}' is missing"));
        }
        _ => {}
    };
    goes_with(covers, Amount::Complement, "complement");
    goes_with(at_least, Amount::Chosen, "chosen");
    if word == Amount::Chosen && at_most.is_none() {
        amount.error(code::MISSING_KEY, "the key 'at_most' is missing");
        return None;
    }
    let terms = |node: Node<'s>| terms(node, Scope::APPLICATION, names);
    let at_most = at_most.map_or(Some(Vec::new()), terms);
    let covers = covers.map(terms);
    let at_least = at_least.map(|node| number(node, Unit::Euro, Scope::APPLICATION, names));
    let amount = match word {
        Amount::Requested => LoanAmount::Requested,
        Amount::Complement => LoanAmount::Complement(covers??),
        Amount::Chosen => LoanAmount::Chosen(at_least??),
    };
    Some(Loan { amount, at_most: at_most? })
}

fn shape<'s>(
    node: Node<'s>,
    index: usize,
    premiums: Option<Node<'s>>,
    of_aid: Option<Node<'s>>,
    table: &Table<'s>,
    names: &Names<'s>,
) -> Option<Shape> {
    match node.key() {
        "rate" => {
            let rate = number(node, Unit::Rate, Scope::LINE, names);
            let premiums = premiums.map_or(Some(Vec::new()), |node| {
                let read: Vec<_> = node.one_or_many()?.into_iter().map(|node| premium(node, names)).collect();
                read.into_iter().collect()
            });
            Some(Shape::Rate { rate: rate?, premiums: premiums? })
        }
        "brackets" => bands(node).map(Shape::Brackets),
        "tiers" => bands(node).map(Shape::Tiers),
        "steps" => steps(node).map(Shape::Steps),
        "per_unit" => number(node, Unit::Plain, Scope::LINE, names).map(Shape::PerUnit),
        "fixed" => number(node, Unit::Euro, Scope::APPLICATION, names).map(Shape::Fixed),
        _ => {
            let rate = number(node, Unit::Rate, Scope::APPLICATION, names);
            if of_aid.is_none() {
                table.error(code::MISSING_KEY, "the key 'of_aid' is missing");
            }
            let components = earlier(of_aid?, index, names);
            Some(Shape::Share { components: components?, rate: rate? })
        }
    }
}

/// Components that come before this one.
fn earlier(node: Node<'_>, index: usize, names: &Names<'_>) -> Option<Vec<usize>> {
    let mut components: Vec<usize> = Vec::new();
    for node in node.one_or_many()? {
        let id = node.text()?;
        let found = component(node, id, names)?;
        if found >= index {
            let message = format!("the component '{id}' does not come before this one");
            node.error_with_help(
                code::CYCLE,
                message,
                "a share is of earlier components: change their order in the file",
            );
            return None;
        }
        components.push(found);
    }
    components.sort_unstable();
    components.dedup();
    Some(components)
}

fn premium<'s>(node: Node<'s>, names: &Names<'s>) -> Option<Premium> {
    let mut table = node.table()?;
    let rule = rule(node, &mut table, names);
    let points = table.required("points").and_then(|node| number(node, Unit::Rate, Scope::LINE, names));
    let when = table.required("when").and_then(|node| conditions::condition(node, Scope::LINE, names));
    table.finish_rule(rule.as_ref().and_then(|rule| rule.doubt.as_ref()));
    Some(Premium { rule: rule?, points: points?, when: when? })
}

/// Bands in rising order; only the last may be open above.
fn bands(node: Node<'_>) -> Option<Vec<Band>> {
    let nodes = node.list()?;
    if nodes.is_empty() {
        node.error(code::VALUE, "an empty list of bands");
        return None;
    }
    let last = nodes.len() - 1;
    let mut bands: Vec<Band> = Vec::new();
    for (index, node) in nodes.into_iter().enumerate() {
        let mut table = node.table()?;
        let up_to_node = table.get("up_to");
        let up_to = up_to_node.and_then(Node::parsed::<Money>);
        let rate = table.required("rate").and_then(Node::parsed);
        table.finish();
        if up_to_node.is_some() && up_to.is_none() {
            return None;
        }
        if up_to.is_none() && index < last {
            node.error(code::NOT_RISING, "only the last band may be without 'up_to'");
            return None;
        }
        let below = bands.last().and_then(|band| band.up_to).unwrap_or(Money::ZERO);
        if let (Some(up_to), Some(node)) = (up_to, up_to_node)
            && up_to <= below
        {
            node.error(
                code::NOT_RISING,
                format!("the band ends at '{up_to}', not above '{below}' where it begins"),
            );
        }
        bands.push(Band { up_to, rate: rate? });
    }
    Some(bands)
}

/// Steps in rising order of their thresholds and amounts.
fn steps(node: Node<'_>) -> Option<Vec<(Money, Money)>> {
    let mut steps: Vec<(Money, Money)> = Vec::new();
    for node in node.one_or_many()? {
        let mut table = node.table()?;
        let from_node = table.required("from");
        let from = from_node.and_then(Node::parsed::<Money>);
        let amount_node = table.required("amount");
        let amount = amount_node.and_then(Node::parsed::<Money>);
        table.finish();
        let (from, amount) = (from?, amount?);
        let (below, less) = steps.last().copied().unwrap_or((-Money::CENT, -Money::CENT));
        if let Some(node) = from_node.filter(|_| from <= below) {
            node.error(code::NOT_RISING, format!("the step begins at '{from}', not above the one before"));
        }
        if let Some(node) = amount_node.filter(|_| amount <= less) {
            node.error(code::NOT_RISING, format!("the step gives '{amount}', not more than the one before"));
        }
        steps.push((from, amount));
    }
    Some(steps)
}
