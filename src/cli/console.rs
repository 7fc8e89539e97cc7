//! Where a command writes, how wide it may write there, and where it may ask.

use std::io::{self, BufRead, Write};

use crate::report::{Language, Page};

/// Standard output and standard error, or what a test puts in their place.
pub struct Console<'a> {
    /// Takes data.
    pub out: &'a mut dyn Write,
    /// Takes messages.
    pub err: &'a mut dyn Write,
    /// Takes answers, where a command asks.
    pub input: &'a mut dyn BufRead,
    /// Whether somebody sits there to answer.
    pub asks: bool,
    /// Columns of text.
    pub width: u16,
    /// The language of tables.
    pub language: Language,
    /// Whether messages may be coloured.
    pub colours: bool,
}

impl Console<'_> {
    /// What tables are set on.
    pub fn page(&self) -> Page {
        Page { width: self.width, language: self.language }
    }

    /// Writes data.
    ///
    /// # Errors
    /// As standard output has it.
    pub fn data(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }

    /// Writes a message; the line is ended if it is not.
    ///
    /// # Errors
    /// As standard error has it.
    pub fn message(&mut self, text: &str) -> io::Result<()> {
        self.err.write_all(text.as_bytes())?;
        if !text.is_empty() && !text.ends_with('\n') {
            self.err.write_all(b"\n")?;
        }
        self.err.flush()
    }
}
