//! Companions: items that are dropped unless so much is admitted elsewhere (S7).
//!
//! Sets: companions `c` with lines `items[c]`, entries `with[c]`, amount `n[c]`. Variables: admitted `x[e]`, claim `z[l]`, binary `w[c]`.
//!
//! ```text
//! z[l] <= w[c],  else  x[l] <= m[l] w[c]          for every l in items[c]
//! sum over e in with[c]: x[e] >= n[c] w[c]
//! ```

use rust_decimal::Decimal;

use super::draft::Draft;
use super::expression::Expression;
use crate::program::Kind;

const FAMILY: &str = "companion";

pub(super) fn rows(draft: &mut Draft<'_>, at: usize) {
    for companion in &draft.applications[at].companions {
        let lines: Vec<usize> =
            companion.items.iter().copied().filter(|e| *e < draft.columns[at].lines.len()).collect();
        if lines.is_empty() || companion.at_least <= Decimal::ZERO {
            continue;
        }
        let rule = companion.rule.id.as_str();
        let gate = Expression::column(draft.helper(at, Kind::Binary, "accompanied", rule, Decimal::ONE));
        draft.link(FAMILY, at, &lines, &gate, rule);
        let name = draft.name(at, FAMILY, &[rule]);
        let with = draft.sum(at, &companion.with);
        draft.at_least(FAMILY, name, with, gate * companion.at_least);
    }
}
