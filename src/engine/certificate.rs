//! Certificates: the bound of a run with its proof, and the check of both without a solver.
//!
//! The check trusts nothing of the certificate and nothing of the solver: it reads portfolio and measures, finds the groups, makes their programs again, and
//! has [`audit`] follow each proof. What it does rest on is that a program bounds every plan of its group, the contract of [`crate::formulate`], and that the steps between it and
//! what is searched leave bounds valid: applications that can be granted nothing are left out ([`crate::formulate::may_be_granted`]), expenses which are alike are counted as one
//! ([`crate::solve::alike`]), and what is left is made smaller ([`crate::solve::presolve`]).

use std::borrow::Cow;
use std::sync::Arc;

use rayon::prelude::*;

use super::group::Solved;
use super::groups::Grouped;
use super::reduced::Reduced;
use super::{Run, RunError, RunSettings, run};
use crate::allocation::Document;
use crate::audit::{self, Fault, Problem};
use crate::certificate::{Certificate, Group, Narrowed, Prices, Proof, fingerprint};
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::eligibility::{Application, eligibility};
use crate::formulate::formulate;
use crate::load::certificate::codes;
use crate::load::codes::code;
use crate::measure::Measure;
use crate::money::Money;
use crate::portfolio::Portfolio;
use crate::program::Program;
use crate::search::{self, none_above};
use crate::solve::Steps;
use crate::solve::presolve::Presolved;

/// A run as [`optimize`](super::optimize) makes it, with the proof of its bound, which has been checked.
///
/// # Errors
/// See [`RunError`]; a certificate that does not pass its check is a result that does not.
pub fn certified(
    portfolio: &Portfolio,
    measures: &[Measure],
    settings: &RunSettings,
) -> Result<(Run, Certificate), RunError> {
    // Whoever checks it makes the programs with all steps.
    let settings = RunSettings { steps: Steps::default(), ..settings.clone() };
    let (run, found, solved) = run(portfolio, measures, &settings, true)?;
    let certificate = written(&run.document, &found.applications, &solved);
    let Checked { report, .. } =
        check_applications(&found.applications, &run.document, &certificate, "certificate");
    if report.is_empty() { Ok((run, certificate)) } else { Err(RunError::Unverified(report.to_string())) }
}

/// The proof of the bound of a document, from what its groups were solved by.
fn written(document: &Document, applications: &[Application], solved: &[Arc<Solved>]) -> Certificate {
    // The document keeps the bound that decides: the certified one, or what a search has found.
    let evidence = &document.evidence;
    let searched = evidence.certified_bound.is_none() && evidence.searched_optimum.is_some();
    let group = |(members, solved): (Vec<Application>, &Arc<Solved>)| {
        let own = &solved.evidence;
        let searched = own.searched_optimum.filter(|_| searched).map(|optimum| (optimum, Proof::Searched));
        let certified = || own.certified_bound.zip(solved.proven.clone());
        let (bound, proof) =
            searched.or_else(certified).map_or((None, Proof::None), |(bound, proof)| (Some(bound), proof));
        let model = formulate(&members).program;
        let program = fingerprint(Reduced::new(&model, &members, Steps::default()).program());
        Group { applications: names(&members), program, bound, proof }
    };
    Certificate {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        bound: document.upper_bound,
        groups: parts(applications).into_iter().zip(solved).map(group).collect(),
    }
}

/// The groups that applications fall into, as they are planned.
fn parts(applications: &[Application]) -> Vec<Vec<Application>> {
    Grouped::of(applications, Steps::default()).groups
}

/// Applications by project, measure and what is chosen.
fn names(applications: &[Application]) -> Vec<String> {
    let name = |application: &Application| {
        let picks = application.variant.picks.iter().map(|pick| format!(" {}={}", pick.key(), pick.option));
        format!("{}/{}{}", application.project, application.measure, picks.collect::<String>())
    };
    applications.iter().map(name).collect()
}

/// What the check of a certificate has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The groups whose bound follows, by their number from 0.
    pub groups: Vec<(usize, Follows)>,
    /// Everything that does not hold.
    pub report: Report,
}

/// A bound that was found to follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Follows {
    /// The applications of the group.
    pub applications: Vec<String>,
    /// The bound; none where the certificate says that there is none.
    pub bound: Option<Money>,
    /// How it follows.
    pub by: By,
}

/// How a bound follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// By a tree of so many nodes.
    Tree {
        /// Nodes.
        nodes: usize,
    },
    /// By steps to what can be worth more than a plan, and by a tree of so many nodes over what is left.
    Narrowed {
        /// Steps.
        steps: usize,
        /// Nodes.
        nodes: usize,
    },
    /// By prices, and by trees of so many nodes in all over so many blocks.
    Prices {
        /// Blocks.
        blocks: usize,
        /// Nodes.
        nodes: usize,
    },
    /// By a search over every plan, done again.
    Search,
    /// There is no bound to follow.
    Nothing,
}

/// Checks that the bound of a document follows from a certificate, which is called `file` in what is told of it.
///
/// # Errors
/// Portfolio and measures do not fit together.
pub fn check(
    portfolio: &Portfolio,
    measures: &[Measure],
    document: &Document,
    certificate: &Certificate,
    file: &str,
) -> Result<Checked, Report> {
    let found = eligibility(portfolio, measures)?;
    Ok(check_applications(&found.applications, document, certificate, file))
}

fn check_applications(
    applications: &[Application],
    document: &Document,
    certificate: &Certificate,
    file: &str,
) -> Checked {
    let parts = parts(applications);
    let mut report = Report::new();
    if certificate.groups.len() != parts.len() {
        let count = |count: usize| format!("{count} group{}", if count == 1 { "" } else { "s" });
        let (found, expected) = (count(certificate.groups.len()), parts.len());
        let message = format!("the certificate has {found}, the portfolio {expected}");
        report.push(told(codes::OTHER_APPLICATIONS, file, 1, message).found(found).expected(count(expected)));
        return Checked { groups: Vec::new(), report };
    }
    let mut lines = Vec::with_capacity(parts.len());
    let mut line = 2;
    for group in &certificate.groups {
        lines.push(line);
        line += height(&group.proof);
    }
    let together = parts.par_iter().zip(&certificate.groups).zip(&lines);
    let checked: Vec<Result<Follows, Diagnostic>> = together
        .map(|((members, group), line)| of_group(members, group).map_err(|wrong| wrong.told(file, *line)))
        .collect();
    let mut groups = Vec::new();
    for (number, checked) in checked.into_iter().enumerate() {
        match checked {
            Ok(follows) => groups.push((number, follows)),
            Err(problem) => report.push(problem),
        }
    }
    for problem in sums(document, certificate, file) {
        report.push(problem);
    }
    Checked { groups, report }
}

/// Lines of a group.
fn height(proof: &Proof) -> usize {
    match proof {
        Proof::Tree(nodes) => 1 + nodes.len(),
        Proof::Narrowed(of) => 1 + of.steps.len() + of.nodes.len(),
        Proof::Prices(prices) => 1 + prices.blocks.iter().map(|block| 1 + block.nodes.len()).sum::<usize>(),
        Proof::Searched | Proof::None => 1,
    }
}

/// Why the bound of a group does not follow, and how many lines below the first of the group that is seen.
struct Wrong {
    code: &'static str,
    below: usize,
    message: String,
    found: Option<String>,
    expected: Option<String>,
}

impl Wrong {
    fn new(code: &'static str, message: impl Into<String>) -> Wrong {
        Wrong { code, below: 0, message: message.into(), found: None, expected: None }
    }

    fn told(self, file: &str, line: usize) -> Diagnostic {
        let problem = told(self.code, file, line + self.below, self.message);
        Diagnostic {
            found: self.found.or(problem.found.clone()),
            expected: self.expected.or(problem.expected.clone()),
            ..problem
        }
    }
}

fn of_group(members: &[Application], group: &Group) -> Result<Follows, Wrong> {
    let applications = names(members);
    if applications != group.applications {
        let (found, expected) = (group.applications.join(", "), applications.join(", "));
        let message = format!("the group is of other applications: '{found}' in the place of '{expected}'");
        let wrong = Wrong::new(codes::OTHER_APPLICATIONS, message);
        return Err(Wrong { found: Some(found), expected: Some(expected), ..wrong });
    }
    let model = formulate(members).program;
    let reduced = Reduced::new(&model, members, Steps::default());
    let program = reduced.program();
    let expected = fingerprint(program);
    if expected != group.program {
        let found = Some(group.program.clone());
        let message = format!(
            "the proof is about another program: its fingerprint is '{}', not '{expected}'",
            group.program
        );
        return Err(Wrong { found, expected: Some(expected), ..Wrong::new(codes::OTHER_PROGRAM, message) });
    }
    let by = match (&group.proof, group.bound) {
        (Proof::Tree(nodes), Some(bound)) => {
            audit::tree(program, nodes, bound).map_err(|fault| of_fault(&fault, |_| 0))?;
            By::Tree { nodes: nodes.len() }
        }
        (Proof::Narrowed(of), Some(bound)) => {
            narrowed(program, of, bound)?;
            By::Narrowed { steps: of.steps.len(), nodes: of.nodes.len() }
        }
        (Proof::Prices(prices), Some(bound)) => {
            audit::prices(program, prices, bound)
                .map_err(|fault| of_fault(&fault, |block| above(prices, block)))?;
            let nodes = prices.blocks.iter().map(|block| block.nodes.len()).sum();
            By::Prices { blocks: prices.blocks.len(), nodes }
        }
        (Proof::Searched, Some(bound)) => match none_above(members, bound, search::Limits::default()) {
            Some(true) => By::Search,
            Some(false) => {
                return Err(Wrong::new(codes::SEARCH, format!("a plan is worth more than {bound}")));
            }
            None => return Err(Wrong::new(codes::SEARCH, "a search of this group does not come to an end")),
        },
        (Proof::None, None) => By::Nothing,
        (Proof::None, Some(_)) => return Err(Wrong::new(codes::NO_PROOF, "a bound without a proof")),
        (_, None) => return Err(Wrong::new(codes::NO_PROOF, "a proof without a bound")),
    };
    Ok(Follows { applications, bound: group.bound, by })
}

/// Follows the steps of a proof about a program to what is left of it, and the tree over that.
fn narrowed(program: &Program, of: &Narrowed, bound: Money) -> Result<(), Wrong> {
    let mut left = Cow::Borrowed(program);
    for (number, step) in of.steps.iter().enumerate() {
        let fault = |problem: Problem| of_fault(&Fault { block: None, node: Some(number), problem }, |_| 0);
        audit::narrowing(&left, step, bound).map_err(fault)?;
        // The columns are there: they were looked at.
        let smaller = Presolved::within(&left, &step.left, Steps::default());
        left = smaller.map_or(left, |smaller| Cow::Owned(smaller.program));
    }
    audit::tree(&left, &of.nodes, bound).map_err(|fault| {
        let wrong = of_fault(&fault, |_| 0);
        Wrong { below: wrong.below + of.steps.len(), ..wrong }
    })
}

/// Lines of a group before the nodes of this block, less one.
fn above(prices: &Prices, block: usize) -> usize {
    block + 1 + prices.blocks[..block].iter().map(|block| block.nodes.len()).sum::<usize>()
}

fn of_fault(fault: &Fault, above: impl Fn(usize) -> usize) -> Wrong {
    let code = match &fault.problem {
        Problem::Above { .. } | Problem::Sum { .. } | Problem::NotEmpty => codes::ABOVE,
        Problem::Ends | Problem::GoesOn => codes::SHAPE,
        _ => codes::STEP,
    };
    let below = fault.block.map_or(0, above) + fault.node.map_or(0, |node| node + 1);
    let (found, expected) = match &fault.problem {
        Problem::Above { follows, claimed } => (Some(follows.clone()), Some(claimed.clone())),
        Problem::Sum { follows, claimed } => (Some(follows.clone()), Some(claimed.to_string())),
        _ => (None, None),
    };
    Wrong { below, found, expected, ..Wrong::new(code, fault.problem.to_string()) }
}

/// Where the bounds of the groups, of the certificate and of the document are not one.
fn sums(document: &Document, certificate: &Certificate, file: &str) -> Vec<Diagnostic> {
    let said =
        |bound: Option<i128>| bound.map_or_else(|| "no bound".to_owned(), |cents| audit::euro(cents, 2));
    let cents = |bound: Option<Money>| bound.map(|bound| i128::from(bound.cents()));
    let sum: Option<i128> = certificate.groups.iter().map(|group| cents(group.bound)).sum();
    let whole = cents(certificate.bound);
    let mut problems = Vec::new();
    if sum != whole {
        let message =
            format!("the bounds of the groups come to {}, the certificate says {}", said(sum), said(whole));
        problems.push(told(codes::SUM, file, 1, message).found(said(whole)).expected(said(sum)));
    }
    let published = cents(document.upper_bound);
    if whole != published {
        let message =
            format!("the certificate is of the bound {}, the result says {}", said(whole), said(published));
        problems.push(told(codes::SUM, file, 1, message).found(said(whole)).expected(said(published)));
    }
    problems
}

/// A problem with what is to be done about its kind.
fn told(of: &'static str, file: &str, line: usize, message: impl Into<String>) -> Diagnostic {
    let place = Place { line: Some(line), ..Place::file(file) };
    let problem = Diagnostic::error(of, place, message);
    match code(of) {
        Some(known) => problem.expected(known.expects).help(known.remedy),
        None => problem,
    }
}
