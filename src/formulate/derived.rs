//! Derived items: at most their rate on what is admitted of their set (S7).
//!
//! Sets: derived items `k` of an application, their entries `of[k]`. Variables: admitted `x[e]`, derived `d[k]`; rate `r[k]`.
//!
//! ```text
//! d[k] <= r[k] sum over e in of[k]: x[e]
//! ```
//!
//! The other direction, needed only where a smaller derived item could help, is in `no_dodging`.

use super::draft::Draft;
use super::expression::Expression;

const FAMILY: &str = "derived";

pub(super) fn rows(draft: &mut Draft<'_>, at: usize) {
    for (number, derived) in draft.applications[at].derived.iter().enumerate() {
        let column = Expression::column(draft.columns[at].derived[number]);
        let most = draft.sum(at, &derived.of) * derived.rate;
        let name = draft.name(at, FAMILY, &[derived.item.as_str()]);
        draft.at_most(FAMILY, name, column, most);
    }
}
