//! Brackets: marginal rates on the sum of a component's items (S9).
//!
//! Sets: bands `i` of a component from `f[i]` to `f[i+1]` with rate `r[i]`. Variables: `s`, the sum of the admitted amounts of the
//! component's items; aid `p`.
//!
//! Where rates fall and less aid could not help, the function is concave and its tangents bound it exactly, `B(f)` being its value at `f`:
//!
//! ```text
//! p <= r[i] s + (B(f[i]) - r[i] f[i])             for every i
//! ```
//!
//! Otherwise the sum is cut into the parts `q[i]` inside the bands. Bands with falling rates form a *run*; binaries `v[j]` say that run `j`
//! is full, of width `w[j]` (where less aid could help every band is a run):
//!
//! ```text
//! sum over i: q[i] = s,   p = sum over i: r[i] q[i]
//! sum over i in run j: q[i] >= w[j] v[j]
//! q[i] <= (f[i+1] - f[i]) v[j]                    for every i in run j + 1
//! ```

use rust_decimal::Decimal;

use super::draft::Draft;
use super::expression::Expression;
use super::reach;
use crate::eligibility::Component;
use crate::measure::Band;
use crate::program::Kind;

const FAMILY: &str = "brackets";

/// A band within reach.
struct Piece {
    from: Decimal,
    to: Decimal,
    rate: Decimal,
}

pub(super) fn payout(
    draft: &mut Draft<'_>,
    at: usize,
    component: &Component,
    bands: &[Band],
    exact: bool,
) -> Expression {
    let most = draft.reach[at].set(&component.of);
    let pieces = pieces(bands, most);
    let sum = draft.sum(at, &component.of);
    if let [only] = &pieces[..] {
        return sum * only.rate;
    }
    let falling = pieces.windows(2).all(|pair| pair[0].rate >= pair[1].rate);
    if falling && !exact {
        tangents(draft, at, component, bands, &pieces, &sum)
    } else {
        runs(draft, at, component, &pieces, &sum, exact)
    }
}

/// The bands up to the most that can be admitted; beyond the last one nothing more is paid.
fn pieces(bands: &[Band], most: Decimal) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut from = Decimal::ZERO;
    for band in bands {
        let to = band.up_to.map_or(most, |end| end.euro().min(most));
        if to > from {
            pieces.push(Piece { from, to, rate: band.rate.value() });
            from = to;
        }
    }
    if most > from {
        pieces.push(Piece { from, to: most, rate: Decimal::ZERO });
    }
    pieces
}

fn tangents(
    draft: &mut Draft<'_>,
    at: usize,
    component: &Component,
    bands: &[Band],
    pieces: &[Piece],
    sum: &Expression,
) -> Expression {
    let rule = component.rule.id.as_str();
    let most = pieces.last().map_or(Decimal::ZERO, |last| reach::brackets(bands, last.to));
    let aid = Expression::column(draft.helper(at, Kind::Real, "aid", rule, most));
    for (number, piece) in pieces.iter().enumerate() {
        let name = draft.name(at, FAMILY, &[rule, &(number + 1).to_string()]);
        let start = reach::brackets(bands, piece.from) - piece.rate * piece.from;
        draft.at_most(FAMILY, name, aid.clone(), sum.clone() * piece.rate + start.into());
    }
    aid
}

fn runs(
    draft: &mut Draft<'_>,
    at: usize,
    component: &Component,
    pieces: &[Piece],
    sum: &Expression,
    exact: bool,
) -> Expression {
    let rule = component.rule.id.as_str();
    let mut whole = Expression::default();
    let mut aid = Expression::default();
    let mut run = (Expression::default(), Decimal::ZERO);
    let mut open: Option<Expression> = None;
    for (number, piece) in pieces.iter().enumerate() {
        let label = format!("{rule},{}", number + 1);
        if number > 0 && (exact || piece.rate > pieces[number - 1].rate) {
            let full = Expression::column(draft.helper(at, Kind::Binary, "full", &label, Decimal::ONE));
            let (filled, width) = std::mem::take(&mut run);
            let name = draft.name(at, FAMILY, &[&label, "full"]);
            draft.at_least(FAMILY, name, filled, full.clone() * width);
            open = Some(full);
        }
        let width = piece.to - piece.from;
        let inside = Expression::column(draft.helper(at, Kind::Real, "inside", &label, width));
        if let Some(open) = &open {
            let name = draft.name(at, FAMILY, &[&label, "open"]);
            draft.at_most(FAMILY, name, inside.clone(), open.clone() * width);
        }
        run.0 += inside.clone();
        run.1 += width;
        whole += inside.clone();
        aid += inside * piece.rate;
    }
    let name = draft.name(at, FAMILY, &[rule, "sum"]);
    draft.equal(FAMILY, name, whole, sum.clone());
    aid
}
