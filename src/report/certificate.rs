//! `optimize --certificate`: a certificate as JSON lines. `load::certificate` reads them back.

use serde::Serialize;

use crate::certificate::lines::{BlockLine, GroupLine, Head, NAME, ProofLine};
use crate::certificate::{Certificate, FORMAT, Node, Proof};

/// The file of a certificate. Equal certificates give equal bytes.
pub fn lines(certificate: &Certificate) -> String {
    let mut text = String::new();
    let head = Head {
        certificate: NAME.to_owned(),
        format: FORMAT,
        version: certificate.version.clone(),
        bound: certificate.bound,
        groups: certificate.groups.len(),
    };
    push(&mut text, &head);
    for (number, group) in certificate.groups.iter().enumerate() {
        let proof = match &group.proof {
            Proof::Tree(nodes) => ProofLine::Tree { nodes: nodes.len() },
            Proof::Narrowed(of) => ProofLine::Narrowed { steps: of.steps.len(), nodes: of.nodes.len() },
            Proof::Prices(of) => ProofLine::Prices { prices: of.prices.clone(), blocks: of.blocks.len() },
            Proof::Searched => ProofLine::Searched,
            Proof::None => ProofLine::None,
        };
        let line = GroupLine {
            group: number + 1,
            applications: group.applications.clone(),
            program: group.program.clone(),
            bound: group.bound,
            proof,
        };
        push(&mut text, &line);
        match &group.proof {
            Proof::Tree(nodes) => push_nodes(&mut text, nodes),
            Proof::Narrowed(of) => {
                of.steps.iter().for_each(|step| push(&mut text, step));
                push_nodes(&mut text, &of.nodes);
            }
            Proof::Prices(of) => {
                for (number, block) in of.blocks.iter().enumerate() {
                    let line = BlockLine {
                        block: number + 1,
                        columns: block.columns.clone(),
                        bound: block.bound,
                        nodes: block.nodes.len(),
                    };
                    push(&mut text, &line);
                    push_nodes(&mut text, &block.nodes);
                }
            }
            Proof::Searched | Proof::None => {}
        }
    }
    text
}

fn push_nodes(text: &mut String, nodes: &[Node]) {
    for node in nodes {
        push(text, node);
    }
}

fn push(text: &mut String, line: &impl Serialize) {
    // Serialising to memory fails only for maps with keys other than text; lines have none.
    text.push_str(&serde_json::to_string(line).expect("plain data with text keys"));
    text.push('\n');
}
