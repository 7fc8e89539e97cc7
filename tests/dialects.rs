//! A table that is written in any dialect the program reads is the same portfolio: whatever parts the cells, the encoding, the decimal mark,
//! the form of days, the language of headers and words, the order of rows and columns.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod common {
    pub mod splitmix;
}

use std::fs;
use std::path::Path;
use std::process::Command;

use common::splitmix::Random;
use grantfolio::load::fields::{Bounds, COMPANIES, EXPENSES, FILES, FileFields, Kind, PROJECTS};
use grantfolio::load::{Memory, Overrides, portfolio};
use grantfolio::portfolio::{CATEGORIES, Portfolio};
use proptest::prelude::*;

/// What a cell means, however it is written.
#[derive(Clone, Debug)]
enum Meaning {
    Text(String),
    /// Hundredths of a number or an amount.
    Hundredths(usize),
    Percent(usize),
    Day(usize, usize, usize),
    Flag(bool),
    List(Vec<&'static str>),
    /// English and Italian.
    Word(&'static str, &'static str),
}

type Row = Vec<Option<Meaning>>;

fn meaning(kind: Kind, random: &mut Random) -> Meaning {
    match kind {
        Kind::Text | Kind::Id => {
            let all = ['a', 'Z', '7', 'è', 'À', ' ', ',', ';', '\t', '"', '\'', '|', '\n', '='];
            let some = if kind == Kind::Id { &all[..6] } else { &all[..] };
            let inner: String = (0..random.below(9)).map(|_| some[random.below(some.len())]).collect();
            Meaning::Text(format!("x{inner}x"))
        }
        Kind::Money(_) | Kind::Number(Bounds::Any | Bounds::NotNegative | Bounds::Positive) => {
            Meaning::Hundredths(1 + random.below(500_000_000))
        }
        Kind::Number(Bounds::Within(..)) => Meaning::Hundredths(100 * (1 + random.below(12))),
        Kind::Share => Meaning::Percent(random.below(101)),
        Kind::Date => Meaning::Day(2020 + random.below(10), 1 + random.below(12), 1 + random.below(28)),
        Kind::Flag => Meaning::Flag(random.below(2) == 1),
        Kind::List => {
            Meaning::List(["4.0", "green", "sud"].into_iter().filter(|_| random.below(2) == 1).collect())
        }
        Kind::Choice(words) => {
            let word = words[random.below(words.len())];
            Meaning::Word(word.english, word.italian[0])
        }
        Kind::Category => {
            let category = CATEGORIES[random.below(CATEGORIES.len())];
            Meaning::Word(category.id, category.italian)
        }
    }
}

/// Rows of every file, with references that hold.
fn tables(random: &mut Random) -> [Vec<Row>; 3] {
    let counts = [1 + random.below(3), 1 + random.below(4), random.below(12)];
    let mut rows = |file: FileFields, count: usize| -> Vec<Row> {
        let cell = |random: &mut Random, field: &grantfolio::load::fields::Field| {
            (field.required || random.below(3) > 0).then(|| meaning(field.kind, random))
        };
        (0..count).map(|_| file.fields.iter().map(|field| cell(random, field)).collect()).collect()
    };
    let mut tables = [rows(COMPANIES, counts[0]), rows(PROJECTS, counts[1]), rows(EXPENSES, counts[2])];
    let text = |text: String| Some(Meaning::Text(text));
    let at = |file: FileFields, name: &str| file.position(name);
    for (number, row) in tables[0].iter_mut().enumerate() {
        row[at(COMPANIES, "company_id")] = text(format!("c{number}"));
    }
    for (number, row) in tables[1].iter_mut().enumerate() {
        row[at(PROJECTS, "project_id")] = text(format!("p{number}"));
        row[at(PROJECTS, "company_id")] = text(format!("c{}", number % counts[0]));
    }
    for (number, row) in tables[2].iter_mut().enumerate() {
        row[at(EXPENSES, "expense_id")] = text(format!("e{number}"));
        row[at(EXPENSES, "project_id")] = text(format!("p{}", number % counts[1]));
        row[at(EXPENSES, "company_id")] = (number % 2 == 1).then(|| Meaning::Text("c0".to_owned()));
        // Totals of invoices must agree: they are not the subject here.
        row[at(EXPENSES, "invoice")] = None;
    }
    tables
}

/// How a file is written.
#[allow(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
#[derive(Clone, Debug)]
struct Dialect {
    delimiter: char,
    comma: bool,
    grouped: bool,
    euro: bool,
    italian: bool,
    days_first: bool,
    percent: bool,
    quoted: bool,
    said: bool,
    end: &'static str,
    /// 0: UTF-8, 1: with its mark, 2: Windows-1252, 3: UTF-16.
    encoding: usize,
}

const PLAIN: Dialect = Dialect {
    delimiter: ',',
    comma: false,
    grouped: false,
    euro: false,
    italian: false,
    days_first: false,
    percent: false,
    quoted: false,
    said: false,
    end: "\n",
    encoding: 0,
};

fn dialect(random: &mut Random) -> Dialect {
    let delimiter = [',', ';', '\t'][random.below(3)];
    let comma = delimiter != ',' && random.below(3) > 0;
    let mut flag = || random.below(2) == 1;
    Dialect {
        delimiter,
        comma,
        grouped: comma && flag(),
        euro: flag(),
        italian: flag(),
        days_first: flag(),
        percent: flag(),
        quoted: flag(),
        said: flag(),
        end: if flag() { "\r\n" } else { "\n" },
        encoding: random.below(4),
    }
}

impl Dialect {
    fn number(&self, hundredths: usize) -> String {
        let mut whole = (hundredths / 100).to_string();
        if self.grouped {
            let mut at = whole.len();
            while at > 3 {
                at -= 3;
                whole.insert(at, '.');
            }
        }
        // Always with decimals: what the mark is must be certain.
        format!("{whole}{}{:02}", if self.comma { ',' } else { '.' }, hundredths % 100)
    }

    fn cell(&self, kind: Kind, meaning: &Meaning) -> String {
        match meaning {
            Meaning::Text(text) => text.clone(),
            Meaning::Hundredths(number) => {
                let euro = if self.euro && matches!(kind, Kind::Money(_)) && self.encoding != 2 {
                    "€ "
                } else {
                    ""
                };
                format!("{euro}{}", self.number(*number))
            }
            Meaning::Percent(percent) if self.percent => format!("{percent}%"),
            Meaning::Percent(percent) => self.number(*percent),
            Meaning::Day(year, month, day) if self.days_first => format!("{day:02}/{month:02}/{year}"),
            Meaning::Day(year, month, day) => format!("{year}-{month:02}-{day:02}"),
            Meaning::Flag(flag) => {
                let words = if self.italian { ["no", "Sì"] } else { ["no", "yes"] };
                words[usize::from(*flag)].to_owned()
            }
            Meaning::List(words) => words.join("|"),
            Meaning::Word(english, italian) => (if self.italian { italian } else { english }).to_string(),
        }
    }

    fn quote(&self, cell: &str) -> String {
        let must = cell.contains([self.delimiter, '"', '\n', '\r', '\t', ';', ',', '=']);
        if must || self.quoted { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
    }

    fn write(&self, file: FileFields, rows: &[Row], columns: &[usize]) -> Vec<u8> {
        let mark = self.delimiter.to_string();
        let field = |at: &usize| &file.fields[*at];
        let header: Vec<String> = columns
            .iter()
            .map(|at| if self.italian { field(at).italian.to_uppercase() } else { field(at).name.to_owned() })
            .collect();
        let mut lines = vec![header.join(&mark)];
        if self.said {
            lines.insert(0, format!("sep={mark}"));
        }
        for row in rows {
            let cell = |at: &usize| row[*at].as_ref().map_or(String::new(), |m| self.cell(field(at).kind, m));
            lines.push(columns.iter().map(|at| self.quote(&cell(at))).collect::<Vec<_>>().join(&mark));
        }
        let text = lines.join(self.end) + self.end;
        match self.encoding {
            0 => text.into_bytes(),
            1 => format!("\u{feff}{text}").into_bytes(),
            // The accents of these texts are those of Latin-1, where code and character agree.
            2 => text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect(),
            _ => [vec![0xff, 0xfe], text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat(),
        }
    }
}

fn load(files: &Memory) -> Portfolio {
    let loaded = portfolio(files, &[], &Overrides::default());
    loaded.unwrap_or_else(|report| panic!("{report}")).0
}

proptest! {
    #[test]
    fn a_table_is_the_same_portfolio_in_every_dialect(seed in any::<u64>()) {
        let random = &mut Random::at(seed);
        let tables = tables(random);
        let settings = Memory::new().with("portfolio.toml", "as_of = 2026-01-15");
        let (mut plain, mut other) = (settings.clone(), settings);
        for (file, rows) in FILES.into_iter().zip(&tables) {
            let mut columns: Vec<usize> = (0..file.fields.len()).collect();
            plain = plain.with(file.name, PLAIN.write(file, rows, &columns));
            let mut rows = rows.clone();
            random.shuffle(&mut rows);
            random.shuffle(&mut columns);
            let name = if random.below(2) == 1 { file.italian[0] } else { file.name };
            other = other.with(name, dialect(random).write(file, &rows, &columns));
        }
        prop_assert_eq!(load(&plain), load(&other));
    }
}

/// A CSV file of commas and points, cut into cells.
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The bytes of the result are the same for shuffled rows, and for semicolons, decimal commas, days first and Windows-1252.
#[test]
fn the_result_of_a_scenario_is_the_same_in_every_dialect() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let optimized = |folder: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_grantfolio"));
        let output =
            command.args(["optimize", folder.to_str().unwrap(), "--format", "json"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let scenario = root.join("scenarios/choice");
    let folder = tempfile::tempdir().unwrap();
    fs::copy(scenario.join("portfolio.toml"), folder.path().join("portfolio.toml")).unwrap();
    for file in FILES.into_iter().filter(|file| scenario.join(file.name).exists()) {
        let mut rows = cells(&fs::read_to_string(scenario.join(file.name)).unwrap());
        let header = rows.remove(0);
        rows.reverse();
        let mut text = format!("sep=;\r\n{}\r\n", header.join(";"));
        for row in &rows {
            let turned = row.iter().zip(&header).map(|(cell, column)| {
                let cell = match file.field(column).map(|field| field.kind) {
                    Some(kind) if kind.is_numeric() => cell.replace('.', ","),
                    Some(Kind::Date) if !cell.is_empty() => {
                        cell.split('-').rev().collect::<Vec<_>>().join("/")
                    }
                    _ => cell.clone(),
                };
                format!("\"{}\"", cell.replace('"', "\"\""))
            });
            text = text + &turned.collect::<Vec<_>>().join(";") + "\r\n";
        }
        let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        fs::write(folder.path().join(file.italian[0]), bytes).unwrap();
    }
    assert_eq!(optimized(&scenario), optimized(folder.path()));
}
