//! Codes of the problems a portfolio may have, with their meaning: one code for each kind of problem.
//!
//! Codes are stable: a code is never given another meaning. The documentation is generated from [`MEANINGS`].

macro_rules! codes {
    ($($name:ident = $code:literal: $meaning:literal;)*) => {
        $(#[doc = $meaning] pub const $name: &str = $code;)*

        /// Every code with its meaning, in order.
        pub const MEANINGS: &[(&str, &str)] = &[$(($code, $meaning)),*];
    };
}

codes! {
    UNREADABLE = "P001": "the file or folder cannot be read";
    TOO_LARGE = "P002": "the file is larger than the program takes";
    NOT_UTF8 = "P003": "the file is not UTF-8 text";
    MISSING_FILE = "P004": "the portfolio lacks a file";
    NOT_READ = "P005": "a file of the folder looks like an input and is not read";
    EMPTY_FILE = "P006": "the file has no header";
    DELIMITER = "P010": "the header mixes delimiters";
    UNKNOWN_COLUMN = "P011": "no column has this name";
    DUPLICATE_COLUMN = "P012": "two columns of the file mean the same";
    MISSING_COLUMN = "P013": "a required column is missing";
    CELL_COUNT = "P014": "a row has more or fewer cells than the header";
    QUOTES = "P015": "the quotes of a cell do not match";
    AMBIGUOUS_DECIMAL = "P016": "nothing tells whether the file's numbers have a decimal point or a decimal comma";
    MIXED_DECIMAL = "P017": "the file has numbers with a decimal point and numbers with a decimal comma";
    EMPTY_CELL = "P020": "a required cell is empty";
    NOT_AN_ID = "P021": "the cell is not an id";
    NOT_MONEY = "P022": "the cell is not an amount of money";
    NOT_A_NUMBER = "P023": "the cell is not a number";
    NOT_A_SHARE = "P024": "the cell is not a share from 0 to 1";
    NOT_A_DATE = "P025": "the cell is not a day";
    NOT_A_FLAG = "P026": "the cell is neither yes nor no";
    UNKNOWN_WORD = "P027": "the cell is none of the words the column takes";
    UNKNOWN_CATEGORY = "P028": "no category has this name";
    OUT_OF_BOUNDS = "P029": "the number or day lies outside what the column takes";
    DUPLICATE_ID = "P030": "an id is given twice";
    UNKNOWN_REFERENCE = "P031": "what the cell refers to does not exist";
    UNEQUAL_LOT = "P032": "lines of one lot disagree on a fact of the lot";
    UNEQUAL_INVOICE = "P033": "lines of one invoice disagree on its total";
    STATE_AND_DATES = "P040": "the state of an expense and its dates do not go together";
    SIZE = "P041": "the size given is not the one that headcount and amounts give, or the figures of a linked company are missing";
    INVOICE_EXCEEDED = "P042": "the lines of an invoice sum to more than its total";
    SETTINGS_SYNTAX = "P050": "portfolio.toml is not TOML";
    UNKNOWN_KEY = "P051": "portfolio.toml has no such key";
    BAD_SETTING = "P052": "a setting has a value it cannot have";
    NO_DAY_OF_PLANNING = "P053": "nothing says on which day the planning stands";
    FACT_CONFLICT = "P060": "measures declare a column in ways that do not go together";
}

#[cfg(test)]
mod tests {
    use super::MEANINGS;

    #[test]
    fn codes_are_unique_and_in_order() {
        assert!(MEANINGS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
