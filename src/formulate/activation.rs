//! Activation: nothing is admitted of what is not claimed, and nothing is claimed where no application is made.
//!
//! Sets: applications `a`, lines `l` of `a`, lots `k` of `a`. Variables: admitted `x[l]`, claim `z[l]`, lot `u[k]`,
//! apply `y[a]` (each binary only where a rule needs it), the most `m[l]` that can be admitted of a line.
//!
//! ```text
//! x[l] <= m[l] z[l]                      for every l with a claim
//! z[l] <= u[k],  else  x[l] <= m[l] u[k] for every l of a lot with a binary
//! z[l] <= y[a],  else  x[l] <= m[l] y[a] for every l of other lots
//! u[k] <= y[a]
//! ```
//!
//! All are the disaggregated forms: with them a fraction of `y` allows only that fraction of every line. A decision without effect
//! on the value is not forced down (`y <= sum z`); the rules that could use an empty application force it themselves.

use super::draft::Draft;
use super::expression::Expression;

const FAMILY: &str = "activation";

pub(super) fn rows(draft: &mut Draft<'_>, at: usize) {
    let application = &draft.applications[at];
    for (line, data) in application.lines.iter().enumerate() {
        let columns = draft.columns[at].lines[line];
        if let Some(claim) = columns.claim {
            let name = draft.name(at, FAMILY, &["line", data.expense.as_str(), data.item.as_str()]);
            let most = draft.reach[at].entry(line);
            let (admitted, claim) = (Expression::column(columns.admitted), Expression::column(claim));
            draft.at_most(FAMILY, name, admitted, claim * most);
        }
    }
    for (lot, id) in application.lots.iter().enumerate() {
        let lines: Vec<usize> =
            (0..application.lines.len()).filter(|line| application.lines[*line].lot == lot).collect();
        let gate = draft.gate(at, Some(lot));
        draft.link(FAMILY, at, &lines, &gate, "part");
        if let Some(lot) = draft.columns[at].lots[lot] {
            let id = id.as_ref().map_or("-", |id| id.as_str());
            let name = draft.name(at, FAMILY, &["lot", id]);
            let made = draft.made(at);
            draft.at_most(FAMILY, name, Expression::column(lot), made);
        }
    }
}
