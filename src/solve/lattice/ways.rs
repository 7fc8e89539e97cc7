//! The ways to lose so much in whole steps.

use std::collections::{BTreeMap, BTreeSet};

use super::super::exact::{Domain, Exact, ExactRow};
use super::super::relaxation::Relaxation;
use super::fractions::{Fractions, common};
use crate::program::Sense;

/// Units that coins are counted in, up to which ways are sought.
const MOST_UNITS: i128 = 1 << 18;

/// States met on the way to steps that weigh nothing and make the others whole.
const MOST_MET: usize = 500;

/// Steps of the search for the ways to one sum.
const MOST_STEPS: usize = 20_000;

/// The most units in a cent: what is known of so many steps then fits 128 bits.
const LARGEST: i128 = 1 << 80;

/// Ways are too many to be sought.
#[derive(Debug)]
pub(super) struct TooMany;

/// Where a step is taken: in what a row leaves unused, or off the end of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Row(usize),
    Column(usize),
}

/// A step that costs something.
#[derive(Clone, Debug)]
struct Coin {
    at: Place,
    weight: i128,
    /// By how much the combinations taken in change with it.
    residues: Vec<i128>,
}

/// A combination of rows: so many times each step, all in all `target`, up to whole cents.
#[derive(Clone, Debug)]
pub(super) struct Combination {
    pub of: BTreeMap<usize, i128>,
    residues: BTreeMap<Place, i128>,
    target: i128,
}

impl Combination {
    /// Whether a way of losing keeps it.
    pub fn allows(&self, way: &Way, cent: i128) -> bool {
        let residue = |(at, times): &(Place, i128)| self.residues.get(at).map_or(0, |each| each * times);
        (way.iter().map(residue).sum::<i128>() - self.target).rem_euclid(cent) == 0
    }

    /// Adds a multiple of another; none where it does not fit.
    fn add(&mut self, other: &Combination, times: i128, cent: i128) -> Option<()> {
        for (row, own) in &other.of {
            let sum = self.of.entry(*row).or_default();
            *sum = sum.checked_add(own.checked_mul(times)?)?;
        }
        for (at, own) in &other.residues {
            let sum = self.residues.entry(*at).or_default();
            *sum = sum.checked_add(own.checked_mul(times)?)?.rem_euclid(cent);
        }
        self.target = self.target.checked_add(other.target.checked_mul(times)?)?.rem_euclid(cent);
        Some(())
    }
}

/// What combinations lack, and the state before with the step that was taken from there.
type Met = (Vec<i128>, Option<(usize, usize)>);

/// How often each step is taken.
pub(super) type Way = Vec<(Place, i128)>;

/// The identity over a box. Figures are in units of a cent over the denominator.
pub(super) struct Ways<'a> {
    exact: &'a Exact,
    domain: &'a Domain,
    /// One cent.
    pub cent: i128,
    /// What the box is worth where nothing is lost.
    value: i128,
    /// What weighs something, the heaviest first.
    coins: Vec<Coin>,
    /// What the combinations taken in come to.
    targets: Vec<i128>,
    /// Whether the bound has a column at the upper end of its range.
    is_at_upper: Vec<bool>,
}

impl<'a> Ways<'a> {
    /// Of these multipliers; none where the argument says nothing.
    pub fn new(exact: &'a Exact, domain: &'a Domain, prices: &Fractions) -> Option<Self> {
        let cent = exact.cent.checked_mul(prices.over).filter(|cent| *cent <= LARGEST)?;
        let mut reduced = Vec::with_capacity(exact.columns.len());
        for own in &exact.columns {
            // What a point is worth is to be whole cents.
            let is_whole = own.objective == 0 || own.objective.checked_mul(own.step?)? % exact.cent == 0;
            if exact.finer > 0 || !is_whole {
                return None;
            }
            reduced.push(own.objective.checked_mul(prices.over)?);
        }
        let is_at_upper = Vec::new();
        let mut ways =
            Ways { exact, domain, cent, value: 0, coins: Vec::new(), targets: Vec::new(), is_at_upper };
        for &(number, multiplier) in &prices.of {
            let row = &exact.rows[number];
            ways.value = ways.value.checked_add(multiplier.checked_mul(row.rhs)?)?;
            for &(column, coefficient) in &row.terms {
                reduced[column] = reduced[column].checked_sub(multiplier.checked_mul(coefficient)?)?;
            }
            let lost = match row.sense {
                Sense::AtMost => multiplier,
                Sense::AtLeast => -multiplier,
                Sense::Equal => continue,
            };
            if lost < 0 {
                return None;
            }
            let (step, rest) = ways.unused(row)?;
            ways.value = ways.value.checked_sub(lost.checked_mul(rest)?)?;
            ways.push(Place::Row(number), lost.checked_mul(step)?);
        }
        for (column, &reduced) in reduced.iter().enumerate() {
            let end = if reduced > 0 { domain.upper[column] } else { domain.lower[column] };
            ways.value = ways.value.checked_add(reduced.checked_mul(end)?)?;
            if reduced != 0 && !domain.is_fixed(column) {
                ways.push(Place::Column(column), reduced.abs().checked_mul(exact.columns[column].step?)?);
            }
            ways.is_at_upper.push(reduced > 0);
        }
        ways.coins.sort_by_key(|coin| (std::cmp::Reverse(coin.weight), coin.at));
        Some(ways)
    }

    fn push(&mut self, at: Place, weight: i128) {
        if weight > 0 {
            self.coins.push(Coin { at, weight, residues: Vec::new() });
        }
    }

    /// The step of what a row leaves unused, and what it leaves unused in any case; none where that may be any number.
    fn unused(&self, row: &ExactRow) -> Option<(i128, i128)> {
        let (mut step, mut rest) = (0, row.rhs);
        for &(column, coefficient) in &row.terms {
            if self.domain.is_fixed(column) {
                rest = rest.checked_sub(coefficient.checked_mul(self.domain.lower[column])?)?;
            } else {
                step = common(step, coefficient.checked_mul(self.exact.columns[column].step?)?);
            }
        }
        let rest = if row.sense == Sense::AtLeast { -rest } else { rest };
        Some((step, if step == 0 { rest } else { rest.rem_euclid(step) }))
    }

    /// Whole cents that no point is worth more than, by the multipliers alone.
    pub fn most(&self) -> Option<i64> {
        i64::try_from(self.value.div_euclid(self.cent)).ok()
    }

    /// What a combination says of the steps; none where that is too large, or of columns of any number.
    pub fn combination(&self, fractions: &Fractions) -> Option<Combination> {
        let mut left: BTreeMap<usize, i128> = BTreeMap::new();
        let mut combination =
            Combination { of: fractions.of.iter().copied().collect(), residues: BTreeMap::new(), target: 0 };
        let mut target: i128 = 0;
        for &(number, multiplier) in &fractions.of {
            let row = &self.exact.rows[number];
            target = target.checked_add(multiplier.checked_mul(row.rhs)?)?;
            for &(column, coefficient) in &row.terms {
                let left = left.entry(column).or_default();
                *left = left.checked_add(multiplier.checked_mul(coefficient)?)?;
            }
            let times = match row.sense {
                Sense::AtMost => multiplier,
                Sense::AtLeast => -multiplier,
                Sense::Equal => continue,
            };
            let (step, rest) = self.unused(row)?;
            target = target.checked_sub(times.checked_mul(rest)?)?;
            let each = times.checked_mul(step)?.rem_euclid(self.cent);
            combination.residues.insert(Place::Row(number), each);
        }
        for (column, left) in left.into_iter().filter(|(_, left)| *left != 0) {
            let is_at_upper = self.is_at_upper[column];
            let end = if is_at_upper { self.domain.upper[column] } else { self.domain.lower[column] };
            target = target.checked_sub(left.checked_mul(end)?)?;
            if !self.domain.is_fixed(column) {
                let each = left.checked_mul(self.exact.columns[column].step?)?;
                let each = if is_at_upper { -each } else { each };
                combination.residues.insert(Place::Column(column), each.rem_euclid(self.cent));
            }
        }
        combination.residues.retain(|_, each| *each != 0);
        combination.target = target.rem_euclid(self.cent);
        Some(combination)
    }

    /// Combinations of combinations that are whole on all steps that weigh nothing (such steps may be taken any number of times): of each such step Euclid's algorithm leaves one that is not, and
    /// a multiple of that is.
    pub fn whole_on_nothing(&self, mut combinations: Vec<Combination>) -> Vec<Combination> {
        let weighs: BTreeSet<Place> = self.coins.iter().map(|coin| coin.at).collect();
        let cent = self.cent;
        let free =
            |combination: &Combination| combination.residues.keys().copied().find(|at| !weighs.contains(at));
        let mut whole = Vec::new();
        while let Some(at) = combinations.iter().find_map(free) {
            let (mut others, mut touched): (Vec<Combination>, Vec<Combination>) =
                combinations.into_iter().partition(|combination| !combination.residues.contains_key(&at));
            let each = |combination: &Combination| combination.residues.get(&at).copied().unwrap_or(0);
            while touched.len() > 1 {
                touched.sort_by_key(each);
                let least = touched[0].clone();
                let of_least = each(&least);
                let mut still = vec![least.clone()];
                for mut combination in touched.drain(1..) {
                    let times = each(&combination) / of_least;
                    if combination.add(&least, -times, cent).is_none() {
                        continue;
                    }
                    combination.residues.retain(|_, each| *each != 0);
                    let left = if combination.residues.contains_key(&at) { &mut still } else { &mut others };
                    left.push(combination);
                }
                touched = still;
            }
            if let Some(mut last) = touched.pop() {
                let times = cent / common(cent, each(&last));
                let own = last.clone();
                if last.add(&own, times - 1, cent).is_some() {
                    last.residues.retain(|_, each| *each != 0);
                    others.push(last);
                }
            }
            combinations = others;
        }
        for mut combination in combinations {
            self.shorten(&mut combination);
            if combination.target != 0 || !combination.residues.is_empty() {
                whole.push(combination);
            }
        }
        whole
    }

    /// A way with steps that weigh nothing added such that it keeps all combinations, whatever they say of these steps; itself where none is found.
    pub fn balanced(&self, mut way: Way, combinations: &[Combination]) -> Way {
        let weighs: BTreeSet<Place> = self.coins.iter().map(|coin| coin.at).collect();
        let of_free = |combination: &Combination| -> Vec<(Place, i128)> {
            let residues = combination.residues.iter().filter(|(at, _)| !weighs.contains(at));
            residues.map(|(at, each)| (*at, *each)).collect()
        };
        // By what each says of steps that weigh nothing, what is lacking; those that say the same lack the same.
        let lacks: BTreeMap<Vec<(Place, i128)>, i128> = combinations
            .iter()
            .map(|combination| {
                let residue =
                    |(at, times): &(Place, i128)| combination.residues.get(at).map_or(0, |each| each * times);
                let left = combination.target - way.iter().map(residue).sum::<i128>();
                (of_free(combination), left.rem_euclid(self.cent))
            })
            .collect();
        let free: BTreeSet<Place> = lacks.keys().flatten().map(|(at, _)| *at).collect();
        let said = |at: &Place| -> Vec<i128> {
            let of = |own: &Vec<(Place, i128)>| {
                own.iter().find(|(place, _)| place == at).map_or(0, |(_, each)| *each)
            };
            lacks.keys().map(of).collect()
        };
        let mut steps: Vec<(Place, Vec<i128>)> = free.iter().map(|at| (*at, said(at))).collect();
        // One of several that say the same is enough.
        steps.sort_by(|one, other| (&one.1, one.0).cmp(&(&other.1, other.0)));
        steps.dedup_by(|one, other| one.1 == other.1);
        let start: Vec<i128> = lacks.values().copied().collect();
        let mut met: Vec<Met> = vec![(start.clone(), None)];
        let mut known = BTreeSet::from([start]);
        let mut next = 0;
        while next < met.len() && met.len() < MOST_MET {
            if met[next].0.iter().all(|lacking| *lacking == 0) {
                let mut taken: BTreeMap<Place, i128> = BTreeMap::new();
                while let Some((before, step)) = met[next].1 {
                    *taken.entry(steps[step].0).or_default() += 1;
                    next = before;
                }
                way.extend(taken);
                return way;
            }
            for (step, (_, residues)) in steps.iter().enumerate() {
                let lacking = met[next].0.iter().zip(residues);
                // Both are less than a cent.
                let after: Vec<i128> = lacking
                    .map(|(left, each)| if left < each { left - each + self.cent } else { left - each })
                    .collect();
                if known.insert(after.clone()) {
                    met.push((after, Some((next, step))));
                }
            }
            next += 1;
        }
        way
    }

    /// Takes whole steps of rows away: they say nothing up to whole cents.
    fn shorten(&self, combination: &mut Combination) {
        for (row, times) in &mut combination.of {
            let Some((step, _)) = self.unused(&self.exact.rows[*row]) else { continue };
            if step > 0 && self.cent % step == 0 {
                *times = times.rem_euclid(self.cent / step);
            }
        }
        combination.of.retain(|_, times| *times != 0);
    }

    /// Takes in a combination: from now on ways keep it.
    pub fn take(&mut self, combination: &Combination) {
        for coin in &mut self.coins {
            coin.residues.push(combination.residues.get(&coin.at).copied().unwrap_or(0));
        }
        self.targets.push(combination.target);
    }

    /// A way to be worth so many cents that keeps the combinations taken in; none where there is none.
    pub fn to(&self, cents: i64) -> Result<Option<Way>, TooMany> {
        let worth = i128::from(cents).checked_mul(self.cent).ok_or(TooMany)?;
        let lost = self.value.checked_sub(worth).filter(|lost| *lost >= 0).ok_or(TooMany)?;
        let mut coins: Vec<&Coin> = self.coins.iter().filter(|coin| coin.weight <= lost).collect();
        // One of several that say the same is enough.
        coins.sort_by(|one, other| (other.weight, &one.residues).cmp(&(one.weight, &other.residues)));
        coins.dedup_by(|one, other| one.weight == other.weight && one.residues == other.residues);
        let unit = coins.iter().fold(0, |unit, coin| common(unit, coin.weight));
        if lost == 0 {
            return Ok(self.targets.iter().all(|target| *target == 0).then(Vec::new));
        }
        if unit == 0 || lost % unit != 0 {
            return Ok(None);
        }
        let sum = usize::try_from(lost / unit).ok().filter(|_| lost / unit <= MOST_UNITS).ok_or(TooMany)?;
        let weights: Option<Vec<usize>> =
            coins.iter().map(|coin| usize::try_from(coin.weight / unit).ok()).collect();
        let weights = weights.ok_or(TooMany)?;
        let mut search = Search {
            coins: &coins,
            reached: reached(&weights, sum),
            weights,
            cent: self.cent,
            steps: 0,
            way: Vec::new(),
        };
        let found = search.find(0, sum, self.targets.clone())?;
        Ok(found.then_some(search.way))
    }

    /// The point where the vertex comes to when these steps are taken.
    #[allow(clippy::cast_precision_loss, reason = "a proposal")]
    pub fn point(&self, relaxation: &Relaxation<'_>, way: &Way) -> Option<Vec<f64>> {
        let mut rows = Vec::new();
        let mut columns = Vec::new();
        for &(at, times) in way {
            match at {
                Place::Row(number) => {
                    let row = &self.exact.rows[number];
                    let (step, rest) = self.unused(row)?;
                    let unused = (rest + step * times) as f64 / self.exact.cent as f64 / 100.0;
                    rows.push((number, if row.sense == Sense::AtLeast { -unused } else { unused }));
                }
                Place::Column(column) => {
                    let off = self.exact.euro(self.exact.step(column) * times);
                    columns.push((column, if self.is_at_upper[column] { -off } else { off }));
                }
            }
        }
        relaxation.moved(&rows, &columns)
    }
}

/// By coin: which sums it and those after it come to.
fn reached(weights: &[usize], sum: usize) -> Vec<Vec<bool>> {
    let mut reached = vec![Vec::new(); weights.len() + 1];
    let mut last = vec![false; sum + 1];
    last[0] = true;
    for (at, &weight) in weights.iter().enumerate().rev() {
        let mut with = last.clone();
        for sum in weight..with.len() {
            with[sum] |= with[sum - weight];
        }
        reached[at + 1] = std::mem::replace(&mut last, with);
    }
    reached[0] = last;
    reached
}

struct Search<'a> {
    coins: &'a [&'a Coin],
    weights: Vec<usize>,
    reached: Vec<Vec<bool>>,
    cent: i128,
    steps: usize,
    way: Way,
}

impl Search<'_> {
    /// Whether coins from this one on come to a sum and to the targets; if so, they stand in `way`.
    fn find(&mut self, at: usize, sum: usize, mut targets: Vec<i128>) -> Result<bool, TooMany> {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return Err(TooMany);
        }
        if !self.reached[at][sum] {
            return Ok(false);
        }
        let (Some(coin), Some(&weight)) = (self.coins.get(at), self.weights.get(at)) else {
            return Ok(targets.iter().all(|target| *target == 0));
        };
        let most = sum / weight;
        if most == 0 {
            return self.find(at + 1, sum, targets);
        }
        // Many of the heaviest first: a way of few steps ends near the vertex, where rows leave room for it.
        for (target, residue) in targets.iter_mut().zip(&coin.residues) {
            *target = (*target - residue * most as i128).rem_euclid(self.cent);
        }
        for times in (0..=most).rev() {
            if self.find(at + 1, sum - times * weight, targets.clone())? {
                if times > 0 {
                    self.way.push((coin.at, times as i128));
                }
                return Ok(true);
            }
            for (target, residue) in targets.iter_mut().zip(&coin.residues) {
                *target += residue;
                if *target >= self.cent {
                    *target -= self.cent;
                }
            }
        }
        Ok(false)
    }
}
