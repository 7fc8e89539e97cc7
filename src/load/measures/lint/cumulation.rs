//! Clauses on other aid that never count, for one above fits whatever they fit (S13).

use super::Places;
use crate::load::measures::source::code;
use crate::measure::{Cumulation, Measure, OtherAid};

/// Reports every clause that one above it covers.
pub(super) fn unreachable(measure: &Measure, places: &Places<'_, '_>) {
    for (index, clause) in measure.cumulation.iter().enumerate() {
        let above = measure.cumulation[..index].iter().find(|above| covers(above, clause));
        if let Some(above) = above {
            let message = format!("the clause is never reached: '{}' fits all it fits", above.rule.id);
            let help = "the first clause that fits counts: put the narrower one first";
            places.error(&clause.rule, "with", code::UNREACHABLE, &message, help);
        }
    }
}

fn covers(above: &Cumulation, clause: &Cumulation) -> bool {
    above.scope == clause.scope
        && (above.when.is_always() || above.when == clause.when)
        && above.from.is_none_or(|from| clause.from.is_some_and(|later| later >= from))
        && covers_aid(&above.with, &clause.with)
}

/// Whether the first fits whatever aid the second fits. An empty list fits any.
fn covers_aid(above: &OtherAid, aid: &OtherAid) -> bool {
    let within = |above: &[String], words: &[String]| {
        above.is_empty() || (!words.is_empty() && words.iter().all(|word| above.contains(word)))
    };
    let begins = |regime: &String, prefix: &String| {
        regime.strip_prefix(prefix.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    };
    let regimes = above.regimes.is_empty()
        || (!aid.regimes.is_empty()
            && aid.regimes.iter().all(|regime| above.regimes.iter().any(|prefix| begins(regime, prefix))));
    regimes
        && within(&above.fund_sources, &aid.fund_sources)
        && within(&above.measures, &aid.measures)
        && (!above.same_authority || aid.same_authority)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shorter_prefix_covers_a_longer_one() {
        let regimes = |regimes: &[&str]| OtherAid {
            regimes: regimes.iter().map(|regime| (*regime).to_owned()).collect(),
            ..OtherAid::default()
        };
        assert!(covers_aid(&regimes(&["gber"]), &regimes(&["gber:28"])));
        assert!(!covers_aid(&regimes(&["gber:2"]), &regimes(&["gber:28"])));
        assert!(!covers_aid(&regimes(&["gber"]), &regimes(&["gber", "de_minimis"])));
        assert!(!covers_aid(&regimes(&["gber"]), &OtherAid::default()));
        assert!(covers_aid(&OtherAid::default(), &regimes(&["gber"])));
    }
}
