//! A box told by what it has narrower than another one.

use super::Domain;

/// Of each column a byte, where the box itself has two numbers of 128 bits: most ends are where the other box has one of its own.
#[derive(Debug)]
pub(super) struct Narrowed {
    /// By column: where the lower end is (two bits), and the upper end.
    ends: Vec<u8>,
    /// Ends elsewhere, in order.
    elsewhere: Vec<i128>,
}

/// At the lower end of the other box, at its upper end, elsewhere.
const LOWER: u8 = 0;
const UPPER: u8 = 1;
const ELSEWHERE: u8 = 2;

impl Narrowed {
    /// A box beside the one it lies in, of as many columns.
    pub fn new(domain: &Domain, whole: &Domain) -> Self {
        let mut elsewhere = Vec::new();
        let ends = domain.lower.iter().zip(&domain.upper).zip(whole.lower.iter().zip(&whole.upper));
        let ends = ends.map(|((&lower, &upper), (&least, &most))| {
            let mut told = |end: i128| match end {
                end if end == least => LOWER,
                end if end == most => UPPER,
                end => {
                    elsewhere.push(end);
                    ELSEWHERE
                }
            };
            told(lower) | told(upper) << 2
        });
        Narrowed { ends: ends.collect(), elsewhere }
    }

    /// The box, by the one it lies in.
    pub fn of(&self, whole: &Domain) -> Domain {
        let mut domain = whole.clone();
        let mut elsewhere = self.elsewhere.iter().copied();
        for (column, told) in self.ends.iter().enumerate() {
            let (least, most) = (whole.lower[column], whole.upper[column]);
            let mut end = |told: u8| match told {
                LOWER => least,
                UPPER => most,
                // As many were kept as are told of.
                _ => elsewhere.next().unwrap_or(least),
            };
            (domain.lower[column], domain.upper[column]) = (end(told & 3), end(told >> 2));
        }
        domain
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_box_is_what_it_was(
            columns in prop::collection::vec(([-3_i128..=3, -3..=3], [-4_i128..=4, -4..=4]), 0..20),
        ) {
            let of = |[one, other]: [i128; 2]| (one.min(other), one.max(other));
            let (whole, domain): (Vec<_>, Vec<_>) =
                columns.into_iter().map(|(whole, own)| (of(whole), of(own))).unzip();
            let ends = |columns: Vec<(i128, i128)>| {
                let (lower, upper) = columns.into_iter().unzip();
                Domain { lower, upper }
            };
            let (whole, domain) = (ends(whole), ends(domain));
            prop_assert_eq!(Narrowed::new(&domain, &whole).of(&whole), domain);
        }
    }
}
