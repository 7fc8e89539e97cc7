//! An exact upper bound on what an application can be granted, whatever is claimed.

use std::borrow::Cow;

use super::aid::{cap, caps_are_nested, compute};
use super::{loan, sum};
use crate::eligibility::{Application, Payout};
use crate::measure::Form;
use crate::money::Money;
use crate::rounding::Rounding;

/// No claims within the bases give a larger grant.
///
/// Cost limits are forgotten and everything is admitted: components grow with what is admitted, but for tiers, which are bounded by their
/// best band, and so do the right-hand sides of caps; caps that cross each other are forgotten too. The largest loan makes the most of grants that
/// are a share of it, and no cap counts it, nor a guarantee. The result is rounded up to a cent.
pub fn upper_bound(application: &Application) -> Money {
    let mut amounts = application.full_claims();
    for derived in &application.derived {
        amounts.push(Rounding::Down.cents(derived.rate * sum(&amounts, &derived.of).euro()));
    }
    // Most applications need no change, and a copy of one is the larger part of the work.
    let mut relaxed = Cow::Borrowed(application);
    for (at, component) in application.components.iter().enumerate() {
        if let Payout::Tiers(bands) = &component.payout {
            let total = sum(&amounts, &component.of);
            let best = bands.iter().map(|band| band.rate.of(band.up_to.map_or(total, |end| end.min(total))));
            relaxed.to_mut().components[at].payout = Payout::Fixed(best.max().unwrap_or_default());
        }
    }
    if !caps_are_nested(application) {
        relaxed.to_mut().aid_limits.clear();
    }
    let computed = compute(&relaxed, &amounts, loan::most(&relaxed, &amounts));
    let capped = cap(&relaxed, &amounts, computed.only_grants(&relaxed));
    Rounding::Up.cents(capped.of_form(&relaxed, Form::Grant))
}
