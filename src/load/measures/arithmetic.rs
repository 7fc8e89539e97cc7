//! Arithmetic of literals, for the expected figures of worked cases: apart from the engine, exact, and small.
//!
//! ```text
//! sum     = product { ("+" | "-") product }
//! product = factor { ("*" | "/") factor }
//! factor  = "-" factor | number | "(" sum ")" | name "(" sum { "," sum } ")"
//! name    = "min" | "max" | "floor" | "round"
//! ```
//!
//! `floor` cuts down to cents, `round` rounds to cents with half a cent going up. Everything in between is a fraction of
//! integers, so division is exact: `1 / 3 * 3` is 1. Only the figure that comes out must be a decimal; one that is not, such as
//! `1 / 3`, is refused, since nobody could say which cents are meant: it wants `floor` or `round`.

mod fraction;

use rust_decimal::Decimal;

use fraction::{Fraction, too_large};

/// Deepest nesting of parentheses and signs.
const DEEPEST: usize = 50;
/// Most decimals of a number.
const MOST_DECIMALS: usize = 9;

/// The value of an expression such as `0.50 * (40000 + floor(10000 / 3))`.
///
/// # Errors
/// A sentence that says what is wrong with the text, or that the figure is no decimal or too large.
///
/// ```
/// use grantfolio::load::measures::arithmetic::evaluate;
/// assert_eq!(evaluate("floor(0.25 * 100.03)"), Ok("25.00".parse()?));
/// assert!(evaluate("1 / 3").is_err());
/// # Ok::<(), rust_decimal::Error>(())
/// ```
pub fn evaluate(text: &str) -> Result<Decimal, String> {
    let mut parser = Parser { text, rest: text, depth: 0 };
    let value = parser.sum()?;
    match parser.peek() {
        None => value.decimal(),
        Some(found) => Err(parser.unexpected(found, "an operator or the end")),
    }
}

struct Parser<'t> {
    text: &'t str,
    rest: &'t str,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn take(&mut self, sign: char) -> bool {
        let found = self.peek() == Some(sign);
        if found {
            self.rest = &self.rest[sign.len_utf8()..];
        }
        found
    }

    fn expect(&mut self, sign: char) -> Result<(), String> {
        match self.peek() {
            Some(found) if found == sign => {
                self.take(sign);
                Ok(())
            }
            Some(found) => Err(self.unexpected(found, &format!("'{sign}'"))),
            None => Err(format!("the arithmetic ends where '{sign}' is expected")),
        }
    }

    fn unexpected(&self, found: char, expected: &str) -> String {
        let position = self.text[..self.text.len() - self.rest.len()].chars().count() + 1;
        format!(
            "found '{}' at character {position} of the arithmetic, expected {expected}",
            found.escape_debug()
        )
    }

    fn sum(&mut self) -> Result<Fraction, String> {
        let mut total = self.product()?;
        loop {
            if self.take('+') {
                total = total.plus(self.product()?)?;
            } else if self.take('-') {
                total = total.plus(self.product()?.negated()?)?;
            } else {
                return Ok(total);
            }
        }
    }

    fn product(&mut self) -> Result<Fraction, String> {
        let mut total = self.factor()?;
        loop {
            if self.take('*') {
                total = total.times(self.factor()?)?;
            } else if self.take('/') {
                total = total.times(self.factor()?.inverted()?)?;
            } else {
                return Ok(total);
            }
        }
    }

    fn factor(&mut self) -> Result<Fraction, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("the arithmetic is nested deeper than {DEEPEST}"));
        }
        let value = match self.peek() {
            None => Err("the arithmetic ends where a number is expected".to_owned()),
            Some('-') => {
                self.take('-');
                self.factor()?.negated()
            }
            Some('(') => {
                self.take('(');
                let value = self.sum()?;
                self.expect(')')?;
                Ok(value)
            }
            Some(sign) if sign.is_ascii_digit() => self.number(),
            Some(sign) if sign.is_ascii_alphabetic() => self.function(),
            Some(sign) => Err(self.unexpected(sign, "a number, '(' or a function")),
        }?;
        self.depth -= 1;
        Ok(value)
    }

    /// The longest beginning whose characters all fit.
    fn word(&mut self, fits: impl Fn(char) -> bool) -> &str {
        let end = self.rest.find(|sign: char| !fits(sign)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn number(&mut self) -> Result<Fraction, String> {
        let text = self.word(|sign| sign.is_ascii_digit() || sign == '.');
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        if decimals.is_empty() || decimals.contains('.') || decimals.len() > MOST_DECIMALS || whole.len() > 15
        {
            return Err(format!("'{text}' is not a number such as 0.25"));
        }
        let digits: i128 = format!("{whole}{decimals}").parse().map_err(|_| too_large())?;
        let mut scale: i128 = 1;
        for _ in 0..decimals.len() {
            scale *= 10;
        }
        Fraction::new(digits, scale)
    }

    fn function(&mut self) -> Result<Fraction, String> {
        let name = self.word(|sign| sign.is_ascii_alphanumeric() || sign == '_').to_owned();
        if !matches!(name.as_str(), "min" | "max" | "floor" | "round") {
            return Err(format!(
                "unknown function '{name}' in the arithmetic: known are min, max, floor, round"
            ));
        }
        self.expect('(')?;
        let mut value = self.sum()?;
        let mut arguments = 1;
        while self.take(',') {
            let other = self.sum()?;
            let other_is_less = other.is_less_than(value)?;
            if (name == "min") == other_is_less {
                value = other;
            }
            arguments += 1;
        }
        self.expect(')')?;
        match name.as_str() {
            "floor" | "round" if arguments > 1 => Err(format!("'{name}' takes one number")),
            "floor" => value.in_cents(0),
            "round" => value.in_cents(1),
            _ => Ok(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> String {
        evaluate(text).map_or_else(|problem| problem, |value| value.normalize().to_string())
    }

    #[test]
    fn products_bind_before_sums_and_both_go_from_left_to_right() {
        // 2 + 12 - 1 = 13; (10 - 4) - 3 = 3; (8 / 4) / 2 = 1.
        assert_eq!(value("2 + 3 * 4 - 1"), "13");
        assert_eq!(value("10 - 4 - 3"), "3");
        assert_eq!(value("8/4/2"), "1");
        assert_eq!(value("-(1 + 2) * -2"), "6");
    }

    #[test]
    fn division_is_exact() {
        assert_eq!(value("1 / 3 * 3"), "1");
        // Cut to cents, a third of a euro is 33 cents; three such thirds are 99.
        assert_eq!(value("3 * floor(1 / 3)"), "0.99");
        assert_eq!(value("1 / 8"), "0.125");
        assert!(value("1 / 3").contains("which cents are meant"));
        assert_eq!(value("1 / (2 - 2)"), "a division by zero");
    }

    #[test]
    fn functions_cut_round_and_choose() {
        assert_eq!(value("floor(1.239)"), "1.23");
        assert_eq!(value("floor(-1.231)"), "-1.24");
        assert_eq!(value("round(1.235)"), "1.24");
        assert_eq!(value("round(2 / 3)"), "0.67");
        assert_eq!(value("min(3, 1, 2) + max(3, 1, 4)"), "5");
    }

    #[test]
    fn what_is_no_arithmetic_is_refused() {
        assert_eq!(value("1 + "), "the arithmetic ends where a number is expected");
        assert_eq!(
            value("2 (3)"),
            "found '(' at character 3 of the arithmetic, expected an operator or the end"
        );
        assert_eq!(value("(1"), "the arithmetic ends where ')' is expected");
        assert_eq!(value("1.2.3"), "'1.2.3' is not a number such as 0.25");
        assert_eq!(
            value("sqrt(4)"),
            "unknown function 'sqrt' in the arithmetic: known are min, max, floor, round"
        );
        assert!(value(&"(".repeat(1000)).contains("nested deeper"));
        assert!(value("999999999999999 * ".repeat(5).trim_end_matches(" * ")).contains("beyond"));
    }
}
