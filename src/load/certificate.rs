//! `optimize --certificate`: a file of JSON lines to a [`Certificate`]. What it says is checked by the engine; here is only whether it is one.

pub mod codes;

use std::path::Path;
use std::str::Lines;

use serde::de::DeserializeOwned;

use super::codes::{UNREADABLE, completed};
use super::encoding::{Encoding, decode};
use super::source::bytes_of;
use crate::certificate::lines::{BlockLine, GroupLine, Head, NAME, ProofLine};
use crate::certificate::{Block, Certificate, FORMAT, Group, Narrowed, Node, Prices, Proof};
use crate::diagnostics::{Diagnostic, Place, Report};

/// Reads a certificate.
///
/// # Errors
/// The file cannot be read, or is no whole certificate.
pub fn certificate(path: &Path) -> Result<Certificate, Report> {
    let name = path.display().to_string();
    let missing = || Diagnostic::error(UNREADABLE, Place::file(&name), format!("'{name}' is not there"));
    let bytes = bytes_of(&name, path).and_then(|bytes| bytes.ok_or_else(missing)).map_err(completed)?;
    let text = decode(&name, bytes, Some(Encoding::Utf8)).map_err(completed)?.content;
    let mut reader = Reader { file: &name, lines: text.lines(), line: 0 };
    Ok(reader.certificate().map_err(completed)?)
}

/// The lines still to be read.
struct Reader<'a> {
    file: &'a str,
    lines: Lines<'a>,
    /// The line read last, from 1.
    line: usize,
}

impl Reader<'_> {
    fn certificate(&mut self) -> Result<Certificate, Diagnostic> {
        let head: Head = self.next("the first line of a certificate")?;
        if head.certificate != NAME {
            let message = format!("not the first line of a certificate: it is one of '{}'", head.certificate);
            return Err(Diagnostic::error(codes::LINE, self.place(None), message).found(head.certificate));
        }
        if head.format != FORMAT {
            let message = format!("the certificate is of format {}, not {FORMAT}", head.format);
            let found = head.format.to_string();
            return Err(Diagnostic::error(codes::VERSION, self.place(None), message).found(found));
        }
        let groups = (1..=head.groups).map(|number| self.group(number)).collect::<Result<_, _>>()?;
        if self.lines.next().is_some() {
            self.line += 1;
            let message = "the certificate goes on after its last group";
            return Err(Diagnostic::error(codes::GOES_ON, self.place(None), message));
        }
        Ok(Certificate { version: head.version, bound: head.bound, groups })
    }

    fn group(&mut self, number: usize) -> Result<Group, Diagnostic> {
        let GroupLine { group, applications, program, bound, proof } = self.next("a group")?;
        self.is_in_turn("group", group, number)?;
        let proof = match proof {
            ProofLine::Tree { nodes } => Proof::Tree(self.nodes(nodes)?),
            ProofLine::Narrowed { steps, nodes } => {
                let steps = (0..steps).map(|_| self.next("a step")).collect::<Result<_, _>>()?;
                Proof::Narrowed(Narrowed { steps, nodes: self.nodes(nodes)? })
            }
            ProofLine::Prices { prices, blocks } => {
                let blocks = (1..=blocks).map(|number| self.block(number)).collect::<Result<_, _>>()?;
                Proof::Prices(Prices { prices, blocks })
            }
            ProofLine::Searched => Proof::Searched,
            ProofLine::None => Proof::None,
        };
        Ok(Group { applications, program, bound, proof })
    }

    fn block(&mut self, number: usize) -> Result<Block, Diagnostic> {
        let BlockLine { block, columns, bound, nodes } = self.next("a block")?;
        self.is_in_turn("block", block, number)?;
        Ok(Block { columns, bound, nodes: self.nodes(nodes)? })
    }

    fn nodes(&mut self, count: usize) -> Result<Vec<Node>, Diagnostic> {
        (0..count).map(|_| self.next("a node")).collect()
    }

    fn is_in_turn(&self, what: &str, found: usize, expected: usize) -> Result<(), Diagnostic> {
        if found == expected {
            return Ok(());
        }
        let message = format!("{what} {found} stands where {what} {expected} is expected");
        let problem = Diagnostic::error(codes::LINE, self.place(None), message);
        Err(problem.found(found.to_string()).expected(expected.to_string()))
    }

    /// The next line, which is expected to be this.
    fn next<T: DeserializeOwned>(&mut self, what: &str) -> Result<T, Diagnostic> {
        let Some(line) = self.lines.next() else {
            let message = format!("the certificate ends where {what} is expected");
            return Err(Diagnostic::error(codes::ENDS, self.place(None), message));
        };
        self.line += 1;
        serde_json::from_str(line).map_err(|error| {
            // What is said of line and column within the line is said by the place.
            let said = error.to_string();
            let said = said.split(" at line ").next().unwrap_or_default();
            let (code, message) = if error.is_eof() {
                (codes::ENDS, format!("the certificate ends where {what} is expected"))
            } else {
                (codes::LINE, format!("not {what}: {said}"))
            };
            Diagnostic::error(code, self.place(Some(error.column())), message)
        })
    }

    fn place(&self, column: Option<usize>) -> Place {
        Place { line: Some(self.line.max(1)), column, ..Place::file(self.file) }
    }
}
