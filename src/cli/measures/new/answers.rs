//! The questions of a simple call, and what their answers mean.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::dates::Span;
use crate::diagnostics::{did_you_mean, meant_or};
use crate::ids::MeasureId;
use crate::money::Money;
use crate::portfolio::{CATEGORIES, Size, category};
use crate::rate::Rate;

/// What a simple call says.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers {
    pub id: String,
    pub name: String,
    pub authority: String,
    pub regime: String,
    pub sizes: Vec<&'static str>,
    pub region: Option<String>,
    pub costs: Vec<&'static str>,
    pub rate: Rate,
    pub minimum: Option<Money>,
    pub cap: Option<Money>,
    pub opens: Option<NaiveDate>,
    pub closes: Option<NaiveDate>,
    pub early_order: &'static str,
    pub pay_by: Option<Term>,
}

/// The last day to pay.
#[derive(Clone, Debug)]
pub(super) enum Term {
    On(NaiveDate),
    /// After the grant, as it stands in a measure file.
    After(String),
}

impl Answers {
    /// No answers yet, for the measure with this id.
    pub fn of(id: &str) -> Result<Self, String> {
        id.parse::<MeasureId>().map_err(|error| error.to_string())?;
        if let Some(sign) = id.chars().find(|sign| matches!(sign, '.' | '/' | '\\' | ':' | '=')) {
            return Err(format!(
                "the measure would be called '{id}', and '{sign}' may not stand in its id; rename the file"
            ));
        }
        Ok(Answers { id: id.to_owned(), ..Answers::default() })
    }
}

/// One question.
pub(super) struct Question {
    /// The option that answers it.
    pub option: &'static str,
    /// The words in which it is asked.
    pub words: &'static str,
    /// What an empty line means; none where an answer is needed.
    pub default: Option<&'static str>,
    /// Takes an answer, or says what is wrong with it.
    pub take: fn(&mut Answers, &str) -> Result<(), String>,
}

const fn question(
    option: &'static str,
    words: &'static str,
    default: Option<&'static str>,
    take: fn(&mut Answers, &str) -> Result<(), String>,
) -> Question {
    Question { option, words, default, take }
}

/// Who, what, how much, limits, dates; in the order they are asked.
pub(super) const QUESTIONS: &[Question] = &[
    question("name", "Name of the call", None, |a, text| set(&mut a.name, words(text))),
    question("authority", "Who grants", None, |a, text| set(&mut a.authority, words(text))),
    question("regime", "State-aid regime", Some("de_minimis:2023/2831"), |a, text| {
        set(&mut a.regime, words(text))
    }),
    question("sizes", "Sizes that may apply", Some("micro, small, medium"), |a, text| {
        set(&mut a.sizes, sizes(text))
    }),
    question("region", "Region of the operating site, or any", Some("any"), |a, text| {
        set(&mut a.region, optional(text, "any", words))
    }),
    question("costs", "Categories of cost, such as machinery, software, consultancy", None, |a, text| {
        set(&mut a.costs, categories(text))
    }),
    question("rate", "Share of the costs that is granted, in per cent", Some("50"), |a, text| {
        set(&mut a.rate, percent(text))
    }),
    question("minimum", "Least admitted cost in euro, or none", Some("none"), |a, text| {
        set(&mut a.minimum, optional(text, "none", euro))
    }),
    question("cap", "Highest grant in euro, or none", Some("none"), |a, text| {
        set(&mut a.cap, optional(text, "none", euro))
    }),
    question(
        "opens",
        "First day to apply, as 2026-01-31, or none while it is not known",
        Some("none"),
        |a, text| set(&mut a.opens, optional(text, "none", day)),
    ),
    question("closes", "Last day to apply, or none", Some("none"), |a, text| {
        let closes = optional(text, "none", day)?;
        if let (Some(first), Some(last)) = (a.opens, closes)
            && last < first
        {
            return Err(format!("{last} lies before the first day, {first}"));
        }
        set(&mut a.closes, Ok(closes))
    }),
    question(
        "early-order",
        "Orders before filing: allowed, line or application",
        Some("application"),
        |a, text| set(&mut a.early_order, one_of(text, &["allowed", "line", "application"])),
    ),
    question(
        "pay-by",
        "Last day to pay: a day, a span after the grant such as 18 months, or none",
        Some("none"),
        |a, text| set(&mut a.pay_by, optional(text, "none", term)),
    ),
];

fn set<T>(place: &mut T, answer: Result<T, String>) -> Result<(), String> {
    *place = answer?;
    Ok(())
}

fn optional<T>(text: &str, none: &str, read: fn(&str) -> Result<T, String>) -> Result<Option<T>, String> {
    if text.eq_ignore_ascii_case(none) { Ok(None) } else { read(text).map(Some) }
}

fn words(text: &str) -> Result<String, String> {
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err("expected some words on one line".to_owned());
    }
    Ok(text.to_owned())
}

fn one_of(text: &str, known: &[&'static str]) -> Result<&'static str, String> {
    let word = text.to_lowercase();
    known.iter().find(|name| **name == word).copied().ok_or_else(|| {
        let like = did_you_mean(&word, known.iter().copied());
        let like = like.map(|like| format!("; did you mean '{like}'?")).unwrap_or_default();
        format!("'{text}' is none of {}{like}", known.join(", "))
    })
}

/// Words separated by commas, each once.
fn several(
    text: &str,
    read: impl Fn(&str) -> Result<&'static str, String>,
) -> Result<Vec<&'static str>, String> {
    let mut found = Vec::new();
    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let word = read(word)?;
        if !found.contains(&word) {
            found.push(word);
        }
    }
    if found.is_empty() { Err("expected at least one word".to_owned()) } else { Ok(found) }
}

fn sizes(text: &str) -> Result<Vec<&'static str>, String> {
    several(text, |word| one_of(word, &Size::NAMES.map(|(name, _)| name)))
}

fn categories(text: &str) -> Result<Vec<&'static str>, String> {
    several(text, |word| {
        category(word).map(|category| category.id).ok_or_else(|| {
            let known: Vec<&str> = CATEGORIES.iter().flat_map(|c| [c.id, c.italian]).collect();
            let help = meant_or(&word.to_lowercase(), known, || {
                format!("known are {}", CATEGORIES.iter().map(|c| c.id).collect::<Vec<_>>().join(", "))
            });
            format!("'{word}' is no category; {help}")
        })
    })
}

/// A share in per cent: `50`, `37.5`, `37,5 %`.
fn percent(text: &str) -> Result<Rate, String> {
    let plain = text.trim_end_matches('%').trim().replace(',', ".");
    let wrong = || format!("'{text}' is not a share in per cent such as 50 or 37.5, above 0 and at most 100");
    let digits = plain.chars().all(|c| c.is_ascii_digit() || c == '.');
    let number = Decimal::from_str_exact(&plain).ok().filter(|_| digits).ok_or_else(wrong)?;
    if number.is_zero() || number > Decimal::ONE_HUNDRED {
        return Err(wrong());
    }
    Rate::new((number / Decimal::ONE_HUNDRED).normalize()).map_err(|_| wrong())
}

fn euro(text: &str) -> Result<Money, String> {
    let wrong = || {
        format!(
            "'{text}' is not an amount above zero such as 50000 or 50000.00, without signs between thousands"
        )
    };
    let amount: Money = text.parse().map_err(|_| wrong())?;
    if amount.is_positive() { Ok(amount) } else { Err(wrong()) }
}

fn day(text: &str) -> Result<NaiveDate, String> {
    // Four digits of the year: the form in which measure files write days.
    let read = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|day| day.to_string() == text);
    read.ok_or_else(|| format!("'{text}' is not a day such as 2026-01-31"))
}

fn term(text: &str) -> Result<Term, String> {
    if let Ok(day) = day(text) {
        return Ok(Term::On(day));
    }
    let span = Some(text).filter(|text| text.len() <= 100).and_then(Span::parse);
    let wrong = || format!("'{text}' is neither a day such as 2026-01-31 nor a span such as 18 months");
    span.map(|_| Term::After(text.to_owned())).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_in_per_cent() {
        for (text, rate) in [("50", "0.5"), ("37,5 %", "0.375"), ("100%", "1"), ("0.5", "0.005")] {
            assert_eq!(percent(text).unwrap(), rate.parse().unwrap(), "{text}");
        }
        for text in ["", "0", "101", "-5", "half", "1e1", "5..0"] {
            assert!(percent(text).is_err(), "{text}");
        }
    }

    #[test]
    fn categories_are_taken_in_both_languages_and_each_once() {
        assert_eq!(categories("Consulenza, software, consultancy").unwrap(), ["consultancy", "software"]);
        assert!(categories("consulenze").unwrap_err().contains("did you mean 'consulenza'"));
        assert!(categories(" , ").is_err());
    }

    #[test]
    fn a_term_is_a_day_or_a_span() {
        assert!(matches!(term("2027-12-31"), Ok(Term::On(_))));
        assert!(matches!(term("18 months"), Ok(Term::After(_))));
        assert!(term("soon").is_err());
        assert!(term("2027-02-29").is_err());
    }
}
