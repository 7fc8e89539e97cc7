//! The measure file that the answers make, with comments that say what to look at next.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use super::answers::{Answers, Term};
use crate::money::Money;

/// The text of the file.
pub(super) fn file(answers: &Answers) -> String {
    let mut text = header(answers);
    text.push_str(&window(answers));
    text.push_str(&requirements(answers));
    text.push_str(&costs(answers));
    text.push_str(&limits(answers));
    text.push_str(&aid(answers));
    text.push_str(&example(answers));
    text
}

/// A string of TOML.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn list(words: &[&str]) -> String {
    format!("[{}]", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", "))
}

fn header(a: &Answers) -> String {
    let (id, name, authority, regime) =
        (quoted(&a.id), quoted(&a.name), quoted(&a.authority), quoted(&a.regime));
    format!(
        "\
# A first draft: docs/measure-language.md explains every key. Give each rule the words of the call it rests on: ref = \"...\".
# Where the call is silent or contradictory say so: doubt = {{ why = \"...\", alternatives = [\"...\"] }}.

format = 1
id = {id}
version = \"1\"
name = {{ it = {name}, en = {name} }}
authority = {authority}
regime = {regime}
# source = \"call.txt\"       # the text that `ref`s quote
claim = \"any_part\"          # or \"whole\": an expense is claimed whole or not at all
vat = \"excluded\"            # or \"non_deductible\": VAT that is not recovered is a cost
# withholding = \"0.04\"      # share of the grant withheld on payment
"
    )
}

fn window(a: &Answers) -> String {
    let mut text = "\n[window]\n".to_owned();
    let status = if a.opens.is_some() { "open" } else { "announced" };
    let _ = writeln!(text, "status = \"{status}\"             # announced, open, closed");
    for (key, day) in [("opens", a.opens), ("closes", a.closes)] {
        if let Some(day) = day {
            let _ = writeln!(text, "{key} = {day}");
        }
    }
    let _ = writeln!(text, "granted_after = \"3 months\"    # an estimate");
    let _ = writeln!(text, "early_order = \"{}\"", a.early_order);
    text
}

fn requirements(a: &Answers) -> String {
    let mut text = format!(
        "\n# Who may apply.\n[[requirement]]\nid = \"size\"\nmust = {{ size = {} }}\n",
        list(&a.sizes)
    );
    if let Some(region) = &a.region {
        let _ = write!(
            text,
            "\n[[requirement]]\nid = \"place\"\nsubject = \"project\"\nmust = {{ region = {} }}\n",
            quoted(region)
        );
    }
    text.push_str("# What only the client knows is a fact of its own, with a question:\n");
    text.push_str("# [[fact]]\n# subject = \"company\"\n# name = \"in_good_order\"\n# type = \"flag\"\n");
    text.push_str("# question = \"Are social contributions in order (DURC)?\"\n#\n");
    text.push_str("# [[requirement]]\n# id = \"good-order\"\n# must = { in_good_order = true }\n# unknown = \"assume\"\n");
    match &a.pay_by {
        Some(Term::On(day)) => {
            let _ = write!(
                text,
                "\n[[expense_date]]\nid = \"paid-in-time\"\nfield = \"payment_date\"\nuntil = {day}\n"
            );
        }
        Some(Term::After(span)) => {
            let _ = write!(
                text,
                "\n[[expense_date]]\nid = \"paid-in-time\"\nfield = \"payment_date\"\nuntil = \"granted_on + {span}\"\n"
            );
        }
        None => {}
    }
    text
}

fn costs(a: &Answers) -> String {
    format!(
        "\n# What is paid. Costs with a limit or a rate of their own go into a cost item of their own.\n\
         [[cost_item]]\nid = \"costs\"\ntakes = {}\n",
        list(&a.costs)
    )
}

fn limits(a: &Answers) -> String {
    let mut text = String::new();
    if let Some(minimum) = a.minimum {
        let _ = write!(
            text,
            "\n# Below the least cost the application is rejected.\n[[limit]]\nid = \"minimum\"\nof = \"cost:costs\"\n\
             at_least = {{ euro = \"{minimum}\" }}\neffect = \"reject\"\n"
        );
    }
    if let Some(cap) = a.cap {
        let _ = write!(
            text,
            "\n# The grant is cut to the highest.\n[[limit]]\nid = \"cap\"\nof = \"aid:grant\"\n\
             at_most = {{ euro = \"{cap}\" }}\neffect = \"trim\"\n"
        );
    }
    text
}

fn aid(a: &Answers) -> String {
    format!(
        "\n# How much.\n[[aid]]\nid = \"grant\"\nof = \"costs\"\nrate = \"{}\"\n",
        a.rate.value().normalize()
    )
}

/// An expense well above the minimum, and the grant as arithmetic.
fn example(a: &Answers) -> String {
    let amount = a.minimum.unwrap_or(Money::ZERO).max(Money::from_cents(1_000_000));
    let share = format!("{} * {}", a.rate.value().normalize(), plain(amount));
    let grant = match a.cap {
        Some(cap) => format!("floor(min({share}, {}))", plain(cap)),
        None => format!("floor({share})"),
    };
    let (size, category) = (a.sizes.first().unwrap_or(&"small"), a.costs.first().unwrap_or(&"other"));
    let region = a.region.as_ref().map(|region| format!(", region = {}", quoted(region))).unwrap_or_default();
    format!(
        "\n# A worked case, run by `grantfolio measures test`: write some for each limit, with figures worked by hand.\n\
         [[example]]\nid = \"plain\"\nwhy = \"one expense of EUR {amount}\"\n\
         company = {{ size = \"{size}\"{region} }}\n\
         expenses = [\n  {{ expense_id = \"e1\", category = \"{category}\", net_amount = \"{amount}\" }},\n]\n\
         admitted = \"{}\"\ngrant = \"{grant}\"\n",
        plain(amount)
    )
}

/// An amount as a literal of arithmetic.
fn plain(amount: Money) -> Decimal {
    amount.euro().normalize()
}
