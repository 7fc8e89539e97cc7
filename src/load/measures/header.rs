//! The header of a measure: what it is, who grants, and how claims, VAT and cents are treated.

use super::node::{Node, Table};
use super::rules;
use super::source::code;
use crate::ids::MeasureId;
use crate::measure::{Claim, Names, Vat};
use crate::rate::Rate;
use crate::rounding::Rounding;

/// The version of the measure language.
pub(super) const FORMAT: u32 = 1;

const CLAIMS: [(&str, Claim); 2] = [("any_part", Claim::AnyPart), ("whole", Claim::Whole)];
const VATS: [(&str, Vat); 2] = [("excluded", Vat::Excluded), ("non_deductible", Vat::NonDeductible)];
const ROUNDINGS: [(&str, Rounding); 4] = [
    ("down", Rounding::Down),
    ("half_up", Rounding::HalfUp),
    ("half_even", Rounding::HalfEven),
    ("up", Rounding::Up),
];

/// What the head of a file says.
pub(super) struct Header {
    pub id: MeasureId,
    pub version: String,
    pub names: Names,
    pub authority: String,
    pub fund_source: Option<String>,
    pub regime: String,
    pub source: Option<String>,
    pub claim: Claim,
    pub vat: Vat,
    pub rounding: Rounding,
    pub withholding: Rate,
}

/// Reads the keys before the first table.
pub(super) fn header(root: &mut Table<'_>) -> Option<Header> {
    if let Some(node) = root.required("format")
        && let Some(format) = node.whole().filter(|format| *format != FORMAT)
    {
        let message = format!("the format {format} is not known");
        node.error_with_help(code::VALUE, message, format!("this version reads format = {FORMAT}"));
    }
    let id = root.required("id").and_then(measure_id);
    let version = root.required("version").and_then(Node::owned_text);
    let names = root.required("name").and_then(rules::names);
    let authority = root.required("authority").and_then(Node::owned_text);
    let fund_source = root.get("fund_source").and_then(Node::owned_text);
    let regime = root.required("regime").and_then(Node::owned_text);
    let source = root.get("source").and_then(Node::owned_text);
    let claim = root.get("claim").and_then(|node| node.word(&CLAIMS)).unwrap_or_default();
    let vat = root.get("vat").and_then(|node| node.word(&VATS)).unwrap_or_default();
    let rounding = root.get("rounding").and_then(|node| node.word(&ROUNDINGS)).unwrap_or_default();
    let withholding = root.get("withholding").and_then(share).unwrap_or_default();
    Some(Header {
        id: id?,
        version: version?,
        names: names?,
        authority: authority?,
        fund_source,
        regime: regime?,
        source,
        claim,
        vat,
        rounding,
        withholding,
    })
}

fn measure_id(node: Node<'_>) -> Option<MeasureId> {
    let id: MeasureId = node.id()?;
    if let Some(sign) = id.as_str().chars().find(|sign| matches!(sign, '.' | '/' | '\\' | ':' | '=')) {
        node.error(code::VALUE, format!("the measure id '{id}' contains '{sign}', which separates names"));
        return None;
    }
    Some(id)
}

/// A rate that is part of a whole.
pub(super) fn share(node: Node<'_>) -> Option<Rate> {
    let rate: Rate = node.parsed()?;
    if rate > Rate::ONE {
        let message = format!("'{}' is more than the whole", rate.value());
        node.error_expecting(code::VALUE, message, "a share from 0 to 1");
        return None;
    }
    Some(rate)
}
