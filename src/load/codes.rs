//! Codes of the problems a portfolio may have: one code for each kind of problem, with what it means and what to do.
//!
//! Codes are stable: a code is never given another meaning. `docs/diagnostics.md` is generated from this table and from those of the measure files,
//! [`measures::codes`](super::measures::codes), of scenarios, [`scenarios::codes`](super::scenarios::codes), and of certificates,
//! [`certificate::codes`](super::certificate::codes).

use crate::diagnostics::Diagnostic;

/// What the documentation says of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Such as `P012`.
    pub code: &'static str,
    /// What kind of problem it is.
    pub meaning: &'static str,
    /// What is expected in its place, where the message does not say better.
    pub expects: &'static str,
    /// A message that bears it.
    pub example: &'static str,
    /// What to do, where the message does not say better.
    pub remedy: &'static str,
}

/// A table of codes: a constant for each, and all of them.
macro_rules! codes {
    ($($name:ident = $code:literal: $meaning:literal expects $expects:literal example $example:literal remedy $remedy:literal;)*) => {
        $(#[doc = $meaning] pub const $name: &str = $code;)*

        /// Every code, in order.
        pub const ALL: &[$crate::load::codes::Code] = &[$($crate::load::codes::Code {
            code: $code,
            meaning: $meaning,
            expects: $expects,
            example: $example,
            remedy: $remedy,
        }),*];
    };
}
pub(super) use codes;

codes! {
    UNREADABLE = "P001": "the file or folder cannot be read"
        expects "a file or folder that may be read"
        example "'expenses.csv' is not a file"
        remedy "check that it is there, is a file (or, for a portfolio, a folder) and may be read";
    TOO_LARGE = "P002": "the file is larger than the program takes"
        expects "a file of at most 256 MiB"
        example "'expenses.csv' is larger than 256 MiB"
        remedy "divide the portfolio into several folders";
    NOT_UTF8 = "P003": "a byte is no character of the encodings the program reads"
        expects "text in UTF-8 or Windows-1252"
        example "byte 0x8f is neither UTF-8 nor Windows-1252 text"
        remedy "save the file as UTF-8 (in Excel: 'CSV UTF-8')";
    MISSING_FILE = "P004": "the portfolio lacks a file"
        expects "a file of each kind: companies.csv, projects.csv, expenses.csv"
        example "projects.csv is not there"
        remedy "add the file, or rename the one that is meant";
    NOT_READ = "P005": "a file of the folder looks like an input and is not read"
        expects "no other file that may be taken for an input"
        example "'expenses (1).csv' is not read; expenses.csv is"
        remedy "delete or rename it if it is an old copy";
    EMPTY_FILE = "P006": "the file has no header"
        expects "a first line that names the columns"
        example "the file is empty"
        remedy "its first line must name its columns";
    NOT_TEXT = "P007": "the file is no text"
        expects "text"
        example "byte 0x00 does not occur in text"
        remedy "save the sheet as text: in Excel as 'CSV UTF-8'";
    TWO_FILES = "P008": "a file is there under its English and under an Italian name"
        expects "one file of each kind"
        example "expenses.csv and spese.csv are both there, and mean the same"
        remedy "delete or rename one of the two";
    AMBIGUOUS_ENCODING = "P009": "some bytes of the file are UTF-8 and others cannot be"
        expects "one encoding in all of the file"
        example "byte 0xe8 is not UTF-8 text, but the 'è' of the file is: two encodings in one file"
        remedy "save the file as UTF-8, or say `encoding = \"windows-1252\"` under `[files]` in portfolio.toml";
    DELIMITER = "P010": "nothing tells what parts the cells"
        expects "cells parted by one of ',', ';' and tab"
        example "the header is parted both by ';' and by ','"
        remedy "part all cells of the file by one of ',', ';' and tab";
    UNKNOWN_COLUMN = "P011": "no column has this name"
        expects "a column of docs/file-formats.md, or a fact that a measure declares"
        example "expenses.csv has no column 'net_amout'"
        remedy "correct the name; delete the column; or declare it as a `[[fact]]` of a measure";
    DUPLICATE_COLUMN = "P012": "two columns of the file mean the same"
        expects "every column once"
        example "columns 'size' and 'Dimensione' both mean 'size'"
        remedy "delete or rename one of the two";
    MISSING_COLUMN = "P013": "a required column is missing"
        expects "every required column"
        example "column 'net_amount' is missing"
        remedy "add the column";
    CELL_COUNT = "P014": "a row has more or fewer cells than the header"
        expects "as many cells as the header has"
        example "the row has 10 cells, the header 11"
        remedy "a cell that contains the delimiter must stand in double quotes";
    QUOTES = "P015": "the quotes of a cell do not match"
        expects "a quoted cell that ends with its quotes"
        example "a quoted cell never ends"
        remedy "a quoted cell ends with its quotes; a quote inside it is written twice";
    AMBIGUOUS_DECIMAL = "P016": "nothing tells whether the file's numbers have a decimal point or a decimal comma"
        expects "numbers that can have one decimal mark only"
        example "'1.234' may be a fraction or thousands"
        remedy "say `decimal = \",\"` or `decimal = \".\"` under `[files]` in portfolio.toml";
    MIXED_DECIMAL = "P017": "the file has numbers with a decimal point and numbers with a decimal comma"
        expects "one decimal mark in all numbers"
        example "'12.5' and '12,5' (line 2) cannot have the same decimal mark"
        remedy "write all numbers of the file alike, with the point or with the comma";
    TOO_MANY_COLUMNS = "P018": "the header has far more columns than there can be"
        expects "at most 1000 columns"
        example "the header has 1000002 columns, more than 1000"
        remedy "keep the columns that the program reads; every row must be a line of its own";
    LONG_ROW = "P019": "a row is longer than a row can be"
        expects "a row of at most 1024 KiB"
        example "the row is longer than 1024 KiB"
        remedy "every row of the sheet must be a line of its own";
    EMPTY_CELL = "P020": "a required cell is empty"
        expects "a value"
        example "'net_amount' is empty"
        remedy "every row needs a value there";
    NOT_AN_ID = "P021": "the cell is not an id"
        expects "a short name such as 'rossi' or 'linea-2'"
        example "the id '*' contains '*', which means every one"
        remedy "an id is a short name such as 'rossi' or 'linea-2'";
    NOT_MONEY = "P022": "the cell is not an amount of money"
        expects "an amount of euro with at most two decimals"
        example "'1.2.3' is not an amount such as 1234.56"
        remedy "write digits, with at most two decimals: 1234.56, or 1.234,56 where the file has decimal commas";
    NOT_A_NUMBER = "P023": "the cell is not a number"
        expects "a number"
        example "'72 points' is not a number such as 1234.56"
        remedy "write digits only; a unit has its own column or none";
    NOT_A_SHARE = "P024": "the cell is not a share from 0 to 1"
        expects "a share from 0 to 1, or a percentage"
        example "'22' is above 1; a share goes from 0 to 1"
        remedy "write 22 % as 0.22 or as 22%";
    NOT_A_DATE = "P025": "the cell is not a day"
        expects "a day such as 2026-03-31, or 31/03/2026"
        example "'03/25/2026' is not a day"
        remedy "write it as 2026-03-31, or as 31/03/2026 with the day first";
    NOT_A_FLAG = "P026": "the cell is neither yes nor no"
        expects "'yes' or 'no'"
        example "'perhaps' is neither yes nor no"
        remedy "write 'yes' or 'no' ('si' or 'no')";
    UNKNOWN_WORD = "P027": "the cell is none of the words the column takes"
        expects "a word that the column takes"
        example "'payed' is no state"
        remedy "write one of the words of the column";
    UNKNOWN_CATEGORY = "P028": "no category has this name"
        expects "a category of docs/file-formats.md"
        example "'machinary' is no category"
        remedy "take a category of the list, or 'other'";
    OUT_OF_BOUNDS = "P029": "the number or day lies outside what the column takes"
        expects "a value within the bounds of the column"
        example "'0.00' must be above zero"
        remedy "correct the cell: a digit or a sign may be wrong";
    DUPLICATE_ID = "P030": "an id is given twice"
        expects "an id of its own"
        example "expense 'e1' is there twice; first at expenses.csv:2:1"
        remedy "give one of the two another id, or delete it";
    UNKNOWN_REFERENCE = "P031": "what the cell refers to does not exist"
        expects "an id that is there"
        example "projects.csv has no project 'lime'"
        remedy "correct the reference, or add what it means";
    UNEQUAL_LOT = "P032": "lines of one lot disagree on a fact of the lot"
        expects "one value in all lines of the lot"
        example "lot 'iso' has path 'IATF 16949' here and 'ISO 13485' at expenses.csv:4:90"
        remedy "a fact of a lot is the same on all its lines: correct it, or make two lots";
    UNEQUAL_INVOICE = "P033": "lines of one invoice disagree on its total"
        expects "one total in all lines of the invoice"
        example "invoice '7' has the total '300.00' here and '12500.10' at expenses.csv:4:54"
        remedy "lines with the same supplier, invoice number and year stand on one invoice";
    DECISION = "P034": "a decision lacks something, or says what does not go together"
        expects "a decision that is complete"
        example "'choice' without 'option'"
        remedy "complete the row, or delete it";
    CONTRADICTION = "P035": "two decisions cannot both be kept"
        expects "decisions that can all be kept"
        example "'forbid line / grant' contradicts the decision at decisions.csv:2:1"
        remedy "delete one of the two rows";
    STATE_AND_DATES = "P040": "the state of an expense and its dates do not go together"
        expects "the date that goes with the state"
        example "the expense is ordered and has no order_date"
        remedy "give the date, or correct the state";
    SIZE = "P041": "the size given is not the one that headcount and amounts give, or the figures of a linked company are missing"
        expects "the size that headcount and amounts give"
        example "the size given is medium, headcount and amounts give small"
        remedy "the size given counts; linked companies may explain it";
    INVOICE_EXCEEDED = "P042": "the lines of an invoice sum to more than its total"
        expects "lines that sum to the total or less"
        example "the lines of the invoice sum to '12500.10', more than its total '12000.00'"
        remedy "the total is net of VAT; leave it empty where all lines are here";
    LATER_AID = "P043": "an aid received before is granted after the day of planning"
        expects "a day that is past"
        example "the aid is granted on '2026-05-02', after the day of planning"
        remedy "it counts from that day on; correct the day if it is past";
    STRANGER = "P044": "a company pays for a project of which it is neither the lead nor a member"
        expects "the lead, or a company that members.csv names for the project"
        example "'gamma' pays for 'line' and is neither its lead nor a member of it"
        remedy "name it in members.csv, or correct the company; what it pays counts as that of a member";
    SETTINGS_SYNTAX = "P050": "the settings in portfolio.toml are not TOML"
        expects "TOML"
        example "not TOML: invalid date, expected day"
        remedy "a value follows `=`; texts stand in quotes, days do not";
    UNKNOWN_KEY = "P051": "the settings in portfolio.toml have no such key"
        expects "a key of portfolio.toml"
        example "portfolio.toml has no key 'as_off' here"
        remedy "correct or delete the key";
    BAD_SETTING = "P052": "a setting has a value it cannot have"
        expects "a value of the kind that the setting takes"
        example "assume_open must be true or false, not '\"yes\"'"
        remedy "write a value of the kind that is named";
    NO_DAY_OF_PLANNING = "P053": "nothing says on which day the planning stands"
        expects "a day of planning"
        example "portfolio.toml has no as_of, the day of planning"
        remedy "write `as_of = 2026-01-15` into portfolio.toml, or give `--as-of 2026-01-15`";
    FACT_CONFLICT = "P060": "measures declare a column in ways that do not go together"
        expects "one declaration, the same in all measures"
        example "facts 'rating' and 'Rating' would be one column"
        remedy "change the `[[fact]]` in one of the measures";
    WORKBOOK = "P070": "the workbook cannot be read"
        expects "an .xlsx workbook without a password"
        example "the workbook is protected by a password, or is in the old format .xls"
        remedy "save it from Excel or LibreOffice as .xlsx, without a password";
    CELL_ERROR = "P071": "a cell of a sheet holds the error of a formula"
        expects "a value"
        example "the formula of the cell ends in '#DIV/0!'"
        remedy "correct the formula, or write the value";
    INSTANCE = "P080": "a line of a file of instances for `bench` cannot be read"
        expects "an instance as docs/benchmarks.md describes it"
        example "the row of a measure, 'cap minimum share', has 3 numbers, not 2"
        remedy "correct the line; docs/benchmarks.md describes both forms";
}

/// Codes of what portfolio and measures do not allow together, found when each expense is held against each measure.
pub mod together {
    codes! {
        FITS_SEVERAL = "E001": "an expense fits several cost items of a measure, and nobody may choose between them"
            expects "one cost item, or items between which the applicant may choose"
            example "expense 'e2' fits the cost items 'a' and 'b' of measure 'grant'"
            remedy "make the conditions of the items exclude each other, or say `applicant_may_choose = true` in each";
        TOO_MANY_CHOICES = "E002": "a project has too many ways to choose in a measure"
            expects "at most 64 combinations of options"
            example "project 'line' has 128 ways to choose in measure 'grant', more than 64"
            remedy "take the choice for the application or for groups of items, or decide some of it in decisions.csv";
    }
}

/// The code of every problem an input can have.
pub fn every() -> impl Iterator<Item = &'static Code> {
    let of_portfolio = ALL.iter().chain(super::measures::codes::ALL).chain(together::ALL);
    of_portfolio.chain(super::scenarios::codes::ALL).chain(super::certificate::codes::ALL)
}

/// What there is to say of a code.
pub fn code(code: &str) -> Option<&'static Code> {
    every().find(|known| known.code == code)
}

/// A problem that says what was expected and what to do: where it does not itself, in the words of its kind.
pub(crate) fn completed(problem: Diagnostic) -> Diagnostic {
    let Some(known) = code(problem.code) else { return problem };
    Diagnostic {
        expected: problem.expected.or_else(|| Some(known.expects.to_owned())),
        help: problem.help.or_else(|| Some(known.remedy.to_owned())),
        ..problem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        let (scenarios, certificates) =
            (super::super::scenarios::codes::ALL, super::super::certificate::codes::ALL);
        for table in [ALL, super::super::measures::codes::ALL, together::ALL, scenarios, certificates] {
            assert!(table.windows(2).all(|pair| pair[0].code < pair[1].code));
        }
    }
}
