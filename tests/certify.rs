//! Five small grant models on which a trusted solver said "optimal" and was wrong by hundreds to thousands of euro; the tree must prove
//! the true optimum to the cent on each.
//!
//! Optima: full enumeration, confirmed by two other solvers where tried. An instance is `items measures pool`, then a row
//! `cap min_spend share` for each measure, then a row `amount is_consultancy rate_1 .. rate_m` (-1: not compatible) for each item. An item goes whole to at
//! most one measure; a used measure spends at least its minimum; consultancy is at most the share of the other spend; the grant is the
//! lesser of cap and sum of rate x amount, no less; the grants together stay within the pool.
//! The .mps beside each instance is the model the solver was wrong on, to try other solvers with.

use grantfolio::money::Money;
use grantfolio::program::{Column, ColumnKey, Kind, Program, Sense};
use grantfolio::rounding::Rounding;
use grantfolio::solve::{Limits, Outcome, backends, tree};
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

struct Instance {
    pool: Decimal,
    measures: Vec<Measure>,
    items: Vec<Item>,
}

struct Measure {
    cap: Decimal,
    least: Decimal,
    share: Decimal,
}

struct Item {
    amount: Decimal,
    consultancy: bool,
    rates: Vec<Option<Decimal>>,
}

/// The program of an instance, and the columns of its claims by item and measure.
struct Model {
    program: Program,
    claims: Vec<Vec<Option<usize>>>,
}

impl Instance {
    fn read(name: &str) -> Self {
        let path = format!("{}/tests/data/instances/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("the instance is in the repository");
        let mut lines = text.lines().map(|line| {
            line.split_whitespace()
                .map(|word| word.parse::<Decimal>().expect("a decimal"))
                .collect::<Vec<_>>()
        });
        let head = lines.next().expect("a head line");
        let measures: usize = head[1].try_into().expect("a number of measures");
        let measure = |row: Vec<Decimal>| Measure { cap: row[0], least: row[1], share: row[2] };
        let item = |row: Vec<Decimal>| Item {
            amount: row[0],
            consultancy: row[1] == Decimal::ONE,
            rates: row[2..].iter().map(|&rate| (rate >= Decimal::ZERO).then_some(rate)).collect(),
        };
        let measures = lines.by_ref().take(measures).map(measure).collect();
        Instance { pool: head[2], measures, items: lines.map(item).collect() }
    }

    fn model(&self) -> Model {
        let mut program = Program::default();
        let column = |program: &mut Program, key, name: String, kind, upper, objective| {
            program.column(Column { key, name: name.into(), kind, lower: Decimal::ZERO, upper, objective })
        };
        let (zero, one) = (Decimal::ZERO, Decimal::ONE);
        let mut claims = vec![vec![None; self.measures.len()]; self.items.len()];
        let mut grants = Vec::new();
        for (j, measure) in self.measures.iter().enumerate() {
            let application = j;
            let key = ColumnKey::Apply { application };
            let apply = column(&mut program, key, format!("apply[{j}]"), Kind::Binary, one, zero);
            let mut spend = vec![(apply, -measure.least)];
            let mut ratio = Vec::new();
            let mut aid = Vec::new();
            for (i, item) in self.items.iter().enumerate() {
                let Some(rate) = item.rates[j] else { continue };
                let key = ColumnKey::Claim { application, line: i };
                let claim = column(&mut program, key, format!("claim[{i},{j}]"), Kind::Binary, one, zero);
                claims[i][j] = Some(claim);
                let name = format!("switch[{i},{j}]");
                program.row("switch", name.into(), [(claim, one), (apply, -one)], Sense::AtMost, zero);
                spend.push((claim, item.amount));
                ratio
                    .push((claim, if item.consultancy { item.amount } else { -measure.share * item.amount }));
                aid.push((claim, rate * item.amount));
            }
            let largest: Decimal = aid.iter().map(|(_, aid)| *aid).sum();
            let upper = measure.cap.min(largest);
            let key = ColumnKey::Grant { application };
            let grant = column(&mut program, key, format!("grant[{j}]"), Kind::Cents, upper, one);
            grants.push((grant, one));
            program.row("minimum", format!("minimum[{j}]").into(), spend, Sense::AtLeast, zero);
            program.row("consultancy", format!("consultancy[{j}]").into(), ratio, Sense::AtMost, zero);
            let over = |sign: Decimal| {
                aid.iter().map(|&(c, a)| (c, sign * a)).chain([(grant, -sign)]).collect::<Vec<_>>()
            };
            program.row("aid", format!("aid[{j}]").into(), over(-one), Sense::AtMost, zero);
            program.row(
                "cap",
                format!("cap[{j}]").into(),
                [(grant, one), (apply, -upper)],
                Sense::AtMost,
                zero,
            );
            // The grant is not less than the lesser of both: capped, or the whole sum.
            let mut sum = over(one);
            if largest > measure.cap {
                let key = ColumnKey::Helper { application: Some(j), number: j };
                let capped = column(&mut program, key, format!("capped[{j}]"), Kind::Binary, one, zero);
                let name = format!("capped[{j}]");
                program.row(
                    "capped",
                    name.into(),
                    [(grant, one), (capped, -measure.cap)],
                    Sense::AtLeast,
                    zero,
                );
                sum.push((capped, measure.cap - largest));
            }
            program.row("whole", format!("whole[{j}]").into(), sum, Sense::AtMost, zero);
        }
        for (i, claims) in claims.iter().enumerate() {
            let terms = claims.iter().flatten().map(|&claim| (claim, one));
            program.row("once", format!("once[{i}]").into(), terms, Sense::AtMost, one);
        }
        program.row("pool", "pool".into(), grants, Sense::AtMost, self.pool);
        Model { program, claims }
    }

    /// What the plan nearest to a point is worth, if it keeps the rules.
    fn settle(&self, claims: &[Vec<Option<usize>>], point: &[f64]) -> Option<Money> {
        let mut total = Decimal::ZERO;
        for (j, measure) in self.measures.iter().enumerate() {
            let (mut consultancy, mut others, mut aid) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
            for (item, claims) in self.items.iter().zip(claims) {
                if let (Some(claim), Some(rate)) = (claims[j], item.rates[j])
                    && point[claim] > 0.5
                {
                    *(if item.consultancy { &mut consultancy } else { &mut others }) += item.amount;
                    aid += rate * item.amount;
                }
            }
            let spend = consultancy + others;
            if spend.is_zero() {
                continue;
            }
            if spend < measure.least || consultancy > measure.share * others {
                return None;
            }
            total += aid.min(measure.cap);
        }
        (total <= self.pool).then(|| Rounding::Down.cents(total))
    }
}

const OPTIMA: [(&str, Decimal); 5] = [
    ("inst_12_3_713", dec!(76990.66)),
    ("inst_9_3_5051", dec!(112274.90)),
    ("inst_9_3_753", dec!(44179.50)),
    ("inst_9_3_6129", dec!(65985.68)),
    ("inst_12_3_47", dec!(162158.32)),
];

#[test]
fn the_tree_proves_the_true_optimum_where_solvers_were_wrong() {
    for (name, optimum) in OPTIMA {
        let instance = Instance::read(name);
        let Model { program, claims } = instance.model();
        let mut best = Money::ZERO;
        let started = std::time::Instant::now();
        let proof = tree::certify(&program, None, &Limits::default(), &mut |point| {
            let worth = instance.settle(&claims, point)?;
            best = best.max(worth);
            Some(worth)
        });
        let (rows, columns) = (program.rows.len(), program.columns.len());
        println!("{name}: {rows} rows, {columns} columns, {} nodes, {:?}", proof.nodes, started.elapsed());
        let optimum = Money::from_euro(optimum).unwrap();
        assert_eq!((best, proof.bound, proof.closed), (optimum, Some(optimum), true), "{name}");
    }
}

#[test]
fn what_a_solver_proposes_is_a_plan_but_not_always_the_best() {
    for backend in backends() {
        for (name, optimum) in OPTIMA {
            let instance = Instance::read(name);
            let Model { program, claims } = instance.model();
            let outcome = backend.solve(&program, &Limits::default());
            let Outcome::Point { values, claims_optimal, .. } = outcome else {
                panic!("{name}: {outcome:?}")
            };
            let worth = instance.settle(&claims, &values).expect("a point close enough to a plan").euro();
            println!(
                "{name}: {} proposes {worth}, says optimal: {claims_optimal}, is {optimum}",
                backend.name()
            );
            assert!(worth <= optimum);
        }
    }
}
