//! Pages of the documentation that are made of tables in the code, so that neither can move alone: the formats of portfolio files from the
//! field table, the problems from the table of codes. `tests/pages.rs` holds the files in `docs/` against them.

use std::fmt::Write as _;

use crate::load::LARGEST_FILE;
use crate::load::codes::{self, Code};
use crate::load::fields::{Bounds, FILES, Field, FileFields, Kind, SCENARIOS, Word};
use crate::portfolio::CATEGORIES;

const GENERATED: &str =
    "<!-- Generated from the code: `UPDATE_GOLDEN=1 cargo test --test pages` writes this page. -->\n";

/// `docs/file-formats.md`.
pub fn file_formats() -> String {
    let mut page = format!("# File formats\n\n{GENERATED}\n{FORMATS}");
    let _ =
        write!(page, "\nA file may have {} MiB, a row 1 MiB.\n\n{SETTINGS}", LARGEST_FILE / (1024 * 1024));
    for file in &FILES {
        page.push_str(&columns(file));
    }
    page.push_str(&columns(&SCENARIOS));
    page.push_str("\nIt is no part of a portfolio: [scenarios.md](scenarios.md) tells what its rows do.\n");
    page.push_str(CERTIFICATES);
    page.push_str("\n## Categories\n\n| category | Italian |\n|---|---|\n");
    for category in CATEGORIES {
        let _ = writeln!(page, "| `{}` | {} |", category.id, category.italian);
    }
    page
}

const FORMATS: &str = "\
A portfolio is a folder with CSV files (companies, projects and expenses; members, prior aids and decisions where there are any) and the settings in
`portfolio.toml`, or [one workbook](#workbooks). Of each file is found, on its own:

| what | which |
|---|---|
| cells are parted by | comma, semicolon or tab, as the header is; Excel's first line `sep=;` is understood |
| encoding | UTF-8 with or without byte order mark, UTF-16 with one, Windows-1252 |
| numbers | `1234.56`; in files parted by semicolon or tab also `1234,56` and `1.234,56`; a euro sign may stand before or behind |
| days | `2026-03-31` or `31/03/2026`: `03/04/2026` is the third of April; years have four digits |
| headers | English or Italian names, in any case, accents and joints (`Data fattura` is `data_fattura`) |
| yes and no | `yes`, `y`, `true`, `1`, `si`, `s`, `vero`; `no`, `n`, `false`, `0`, `falso` |
| lists | words parted by `\\|`, in any order |
| shares | from 0 to 1, or as a percentage: `0.22`, `22%` |

Where a file leaves its numbers or its encoding in doubt, it is refused and the message names the setting that ends the doubt; the setting then holds for all files:

```toml
[files]
decimal = \",\"              # or \".\"
encoding = \"windows-1252\"  # or \"utf-8\": how files are read that are not wholly UTF-8
```

The columns of a file are those below and the [facts that measures declare](measure-language.md#facts); there are no others. A column that is not required
may be absent, and its cells may be empty. Rows may stand in any order; empty rows are passed over. What is wrong is told with a code of [diagnostics.md](diagnostics.md).

## Workbooks

In place of the folder may stand one `.xlsx` workbook. Each file is a sheet of it, named as the file without `.csv`, in English or Italian and in any case; other
sheets are not read. The first row in which something is written is the header.

| cells kept as | are read as |
|---|---|
| text | a cell of a CSV file, by the same rules: where texts have a decimal comma, all texts of the sheet do |
| numbers | the shortest decimal number that stands for what is kept: 0.1 is `0.1`; 0.1 + 0.2 is `0.30000000000000004`, which is no amount |
| days | the day; with an hour it is none |
| yes or no | `true`, `false` |
| the result of a formula | that result; an error such as `#DIV/0!` is a problem of the cell |

The settings stand in a file beside the workbook, `NAME.toml` for `NAME.xlsx`, or in a sheet `portfolio`: a key in the first column, its value in the second, with
the tables of `portfolio.toml` before the key, as in `measures.certifications-2026.filed_on`. What is wrong is told by sheet and cell, as in `expenses!C5`. A
workbook with a password, or in the old format `.xls`, is refused. Large portfolios are read faster from CSV.
";

const CERTIFICATES: &str = "\
\n## Certificates

`optimize --certificate FILE` writes JSON lines; [certificates.md](certificates.md#the-file) has their keys.
";

const SETTINGS: &str = "\
## `portfolio.toml`

```toml
as_of = 2026-01-15            # the day of planning; `--as-of` wins
objective = \"grant\"           # or \"net\", \"expected\"
assume_open = false           # opens what is not open, as a hypothesis

[measures.certifications-2026]
filed_on = 2026-03-02
granted_on = 2026-06-30
reissue = 2026-02-20          # opens the measure that day, as a hypothesis
waiting_list = true           # counts on the waiting list of its pools, as a hypothesis
excluded = false

[pools]
si40-region = \"800000.00\"     # what is assumed to be available, in place of what the measure says
```
";

fn columns(file: &FileFields) -> String {
    let names = listed(file.italian.iter().map(|name| format!("`{name}`")));
    let need = if file.required { "" } else { "need not be there; it " };
    let mut text = format!(
        "\n## `{}`\n\nEach row is {}. The file {need}may also be called {names}.\n\n",
        file.name, file.row
    );
    text.push_str("| column | Italian | holds | example | meaning |\n|---|---|---|---|---|\n");
    for field in file.fields {
        let Field { name, italian, example, meaning, .. } = field;
        let required = if field.required { " (required)" } else { "" };
        let _ = writeln!(
            text,
            "| `{name}`{required} | `{italian}` | {} | `{}` | {meaning} |",
            holds(field.kind),
            example.replace('|', "\\|")
        );
    }
    text
}

fn holds(kind: Kind) -> String {
    match kind {
        Kind::Text => "text".to_owned(),
        Kind::Id => "id".to_owned(),
        Kind::Money(bounds) => format!("euro{}", bounded(bounds)),
        Kind::Number(bounds) => format!("number{}", bounded(bounds)),
        Kind::Share => "share".to_owned(),
        Kind::Date => "day from 1990 to 2100".to_owned(),
        Kind::Flag => "yes or no".to_owned(),
        Kind::List => "list".to_owned(),
        Kind::Choice(words) => listed(words.iter().map(word)),
        Kind::Category => "[category](#categories)".to_owned(),
    }
}

fn bounded(bounds: Bounds) -> String {
    match bounds {
        Bounds::Any => String::new(),
        Bounds::NotNegative => ", not below zero".to_owned(),
        Bounds::Positive => ", above zero".to_owned(),
        Bounds::Within(least, most) => format!(" from {least} to {most}"),
    }
}

fn word(word: &Word) -> String {
    format!("`{}` ({})", word.english, word.italian.join(", "))
}

fn listed(words: impl IntoIterator<Item = impl Into<String>>) -> String {
    words.into_iter().map(Into::into).collect::<Vec<String>>().join(", ")
}

/// `docs/diagnostics.md`.
pub fn diagnostics() -> String {
    let mut page = format!("# Diagnostics\n\n{GENERATED}\n{DIAGNOSTICS}");
    for Code { code, meaning, expects, example, remedy } in codes::every() {
        let mut meaning = (*meaning).to_owned();
        if let Some(first) = meaning.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let _ = write!(
            page,
            "\n## {code}\n\n{meaning}.\n\n```text\n{example}\n```\n\nExpected: {expects}. Remedy: {remedy}.\n"
        );
    }
    page
}

const DIAGNOSTICS: &str = "\
What can be wrong with the files of a portfolio (P), with measure files (M), with both together (E), with scenarios (S), and with certificates (C). Every problem of a load comes in one report, each
with file, line and column, what was found and expected, and what to do. Nothing is computed while an error stands (exit code 2);
a certificate whose proof does not hold ends `verify` with exit code 1.
Of one kind of problem in one file the first thousand are told, the others counted. `tests/bad_input/` has each of them drawn.

`check --format json` gives them to programs, as a list of objects with these keys:

| key | what it holds |
|---|---|
| `code`, `severity` | the code below; `error` or `warning` |
| `message`, `help` | what the tables print: what is wrong, what to do |
| `file`, `line`, `column` | where, counted in characters from 1. A problem of a whole file has line 1 and column 1, or neither where there is no file that can be read |
| `cell` | the cell of a workbook, such as `C5`; then `file` is its sheet, `line` and `column` its row and column |
| `field` | the column, key or setting |
| `found` | the text that stands there, of a missing column or key those that are there instead; null where nothing can be named |
| `expected` | what may stand there, as exactly as the place tells it; else what is expected of every such place, as below |
";
