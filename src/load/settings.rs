//! `portfolio.toml`: the settings.
//!
//! ```toml
//! as_of = 2026-01-15            # the day of planning; `--as-of` wins
//! objective = "grant"           # or "net", "expected"
//! assume_open = false           # opens what is not open, as a hypothesis
//!
//! [files]
//! decimal = ","                 # or "."; found per file where not given
//! encoding = "windows-1252"     # or "utf-8"; what is not wholly UTF-8 is read so, found per file where not given
//!
//! [measures.certifications-2026]
//! filed_on = 2026-03-02
//! granted_on = 2026-06-30
//! reissue = 2026-02-20          # opens the measure that day, as a hypothesis
//! waiting_list = true           # counts on the waiting list of its pools, as a hypothesis
//! excluded = false
//!
//! [pools]
//! si40-region = "800000.00"     # what is assumed to be available, in place of what the measure says
//! ```

use std::str::FromStr;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::codes;
use super::encoding::Encoding;
use super::place::{Text, like, shown};
use super::values::{self, DecimalMark};
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::ids::{IdError, MeasureId, PoolId};
use crate::money::Money;
use crate::portfolio::{MeasureSettings, Objective, Settings};

/// The name of the file.
pub(super) const FILE: &str = "portfolio.toml";

/// What the file says; the day of planning may still come from elsewhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct SettingsFile {
    /// The day of planning, where given.
    pub as_of: Option<NaiveDate>,
    /// Whether the file means to give it, be it in a way that cannot be read: then its absence is no news.
    pub means_as_of: bool,
    /// Everything else.
    pub settings: Settings,
    /// The decimal mark of all CSV files, where given.
    pub decimal: Option<DecimalMark>,
    /// How CSV files that are not wholly UTF-8 are read, where given.
    pub encoding: Option<Encoding>,
}

/// Reads the file.
pub(super) fn read(text: &Text, report: &mut Report) -> SettingsFile {
    let mut file = SettingsFile::default();
    let mut reader = Reader { text, report };
    let document = match DeTable::parse(&text.content) {
        Ok(document) => document,
        Err(error) => {
            file.means_as_of = true;
            let place = error.span().map_or_else(|| Place::file(&text.file), |span| text.place(span));
            let message = error.message().trim().replace('\n', ", ");
            reader.report.push(Diagnostic::error(
                codes::SETTINGS_SYNTAX,
                place,
                format!("not TOML: {message}"),
            ));
            return file;
        }
    };
    for (key, value) in document.get_ref() {
        match key.get_ref().as_ref() {
            "as_of" => {
                file.means_as_of = true;
                file.as_of = reader.day("as_of", value);
            }
            "objective" => {
                if let Some(objective) = reader.word("objective", value, &Objective::NAMES) {
                    file.settings.objective = objective;
                }
            }
            "assume_open" => file.settings.assume_open = reader.flag("assume_open", value),
            "files" => reader.files(value, &mut file),
            "pools" => reader.pools(value, &mut file.settings),
            "measures" => reader.measures(value, &mut file.settings),
            _ => {
                let meant =
                    reader.unknown(key, &["as_of", "objective", "assume_open", "files", "pools", "measures"]);
                file.means_as_of |= meant == Some("as_of");
            }
        }
    }
    file
}

type Value<'i> = Spanned<DeValue<'i>>;

struct Reader<'r> {
    text: &'r Text,
    report: &'r mut Report,
}

impl Reader<'_> {
    fn files(&mut self, value: &Value, file: &mut SettingsFile) {
        for (key, value) in self.table("files", value).into_iter().flatten() {
            match key.get_ref().as_ref() {
                "decimal" => file.decimal = self.word("files.decimal", value, &DecimalMark::NAMES),
                "encoding" => file.encoding = self.word("files.encoding", value, &Encoding::NAMES),
                _ => {
                    self.unknown(key, &["decimal", "encoding"]);
                }
            }
        }
    }

    fn pools(&mut self, value: &Value, settings: &mut Settings) {
        for (key, value) in self.table("pools", value).into_iter().flatten() {
            let Some(id) = self.id::<PoolId>(key, "pools", "the name of a pool") else { continue };
            let text = value.get_ref().as_str();
            let available = text.and_then(|text| text.parse::<Money>().ok()).filter(|m| *m >= Money::ZERO);
            match available {
                Some(available) => drop(settings.pools.insert(id, available)),
                None => self.bad(&format!("pools.{id}"), value, "an amount such as \"1234.56\"", None),
            }
        }
    }

    /// The id that a key is.
    fn id<T: FromStr<Err = IdError>>(
        &mut self,
        key: &Spanned<DeString>,
        field: &str,
        expected: &str,
    ) -> Option<T> {
        let id = key.get_ref().parse();
        id.map_err(|error: IdError| {
            let place = self.place(key, field);
            let problem = Diagnostic::error(codes::BAD_SETTING, place, shown(&error.to_string()));
            self.report.push(problem.found(shown(key.get_ref())).expected(expected));
        })
        .ok()
    }

    fn measures(&mut self, value: &Value, settings: &mut Settings) {
        for (key, value) in self.table("measures", value).into_iter().flatten() {
            let Some(id) = self.id::<MeasureId>(key, "measures", "the id of a measure") else { continue };
            let name = format!("measures.{id}");
            let measure = self.measure(&name, value);
            settings.measures.insert(id, measure);
        }
    }

    fn measure(&mut self, name: &str, value: &Value) -> MeasureSettings {
        let mut measure = MeasureSettings::default();
        for (key, value) in self.table(name, value).into_iter().flatten() {
            let field = format!("{name}.{}", key.get_ref());
            match key.get_ref().as_ref() {
                "filed_on" => measure.filed_on = self.day(&field, value),
                "granted_on" => measure.granted_on = self.day(&field, value),
                "reissue" => measure.reissue = self.day(&field, value),
                "waiting_list" => measure.waiting_list = self.flag(&field, value),
                "excluded" => measure.excluded = self.flag(&field, value),
                _ => {
                    self.unknown(key, &["filed_on", "granted_on", "reissue", "waiting_list", "excluded"]);
                }
            }
        }
        if let (Some(filed), Some(granted)) = (measure.filed_on, measure.granted_on)
            && granted < filed
        {
            let place = self.place(value, &format!("{name}.granted_on"));
            let message = format!("granted_on '{granted}' is before filed_on '{filed}'");
            let problem = Diagnostic::error(codes::BAD_SETTING, place, message)
                .found(granted.to_string())
                .expected(format!("'{filed}' or later"));
            self.report.push(problem);
        }
        measure
    }

    fn table<'v, 'i>(&mut self, field: &str, value: &'v Value<'i>) -> Option<&'v DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.bad(field, value, "a table", None);
        }
        table
    }

    fn day(&mut self, field: &str, value: &Value) -> Option<NaiveDate> {
        let day = match value.get_ref() {
            DeValue::Datetime(moment) if moment.time.is_none() => moment.date.and_then(|date| {
                NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
            }),
            DeValue::String(text) => values::day(text),
            _ => None,
        };
        if day.is_none() {
            self.bad(field, value, "a day such as 2026-03-31", None);
        }
        let outside = day.filter(|day| !values::plausible(*day));
        if let Some(day) = outside {
            let message = format!("'{day}' lies outside 1990 to 2100");
            let place = self.place(value, field);
            let problem = Diagnostic::error(codes::OUT_OF_BOUNDS, place, message)
                .found(day.to_string())
                .expected("a day from 1990 to 2100");
            self.report.push(problem);
        }
        day.filter(|_| outside.is_none())
    }

    fn flag(&mut self, field: &str, value: &Value) -> bool {
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.bad(field, value, "true or false", None);
            false
        })
    }

    fn word<T: Copy>(&mut self, field: &str, value: &Value, words: &[(&'static str, T)]) -> Option<T> {
        let text = value.get_ref().as_str();
        let found = words.iter().find(|(word, _)| Some(*word) == text);
        if found.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let like = text.and_then(|text| like(text, names.iter().copied()));
            let expected: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
            self.bad(field, value, &expected.join(" or "), like);
        }
        found.map(|(_, value)| *value)
    }

    fn bad(&mut self, field: &str, value: &Value, expected: &str, like: Option<&str>) {
        let place = self.place(value, field);
        let found = self.text.content.get(value.span()).unwrap_or_default();
        let message = format!("{field} must be {expected}, not '{}'", shown(found));
        let problem =
            Diagnostic::error(codes::BAD_SETTING, place, message).found(shown(found)).expected(expected);
        self.report.push(match like {
            Some(like) => problem.help(format!("did you mean \"{like}\"?")),
            None => problem,
        });
    }

    /// Complains about a key, and gives the one it was surely meant to be.
    fn unknown<'k>(&mut self, key: &Spanned<DeString>, known: &[&'k str]) -> Option<&'k str> {
        let name = key.get_ref().as_ref();
        let message = format!("{} has no key '{}' here", self.text.file, shown(name));
        let problem = Diagnostic::error(codes::UNKNOWN_KEY, self.place(key, name), message)
            .found(shown(name))
            .expected(format!("one of {}", known.join(", ")));
        let meant = like(name, known.iter().copied());
        self.report.push(match meant {
            Some(like) => problem.help(format!("did you mean '{like}'?")),
            None => problem.help(format!("keys are {}", known.join(", "))),
        });
        meant
    }

    fn place<T>(&self, spanned: &Spanned<T>, field: &str) -> Place {
        Place { field: Some(field.to_owned()), ..self.text.place(spanned.span()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(content: &str) -> (SettingsFile, Vec<String>) {
        let text = Text { file: FILE.to_owned(), content: content.to_owned() };
        let mut report = Report::new();
        let file = read(&text, &mut report);
        (file, report.diagnostics().iter().map(|d| format!("{} {}", d.place, d.message)).collect())
    }

    #[test]
    fn every_key_is_read() {
        let (file, problems) = read_text(
            "as_of = 2026-01-15\nobjective = \"net\"\nassume_open = true\n[files]\ndecimal = \",\"\nencoding = \"windows-1252\"\n\
             [measures.m]\nfiled_on = \"2026-02-01\"\ngranted_on = 2026-05-01\nreissue = 2026-01-20\nwaiting_list = true\nexcluded = true\n\
             [pools]\nregion = \"1000.50\"\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        assert_eq!(file.as_of, day("2026-01-15"));
        assert_eq!(file.decimal, Some(DecimalMark::Comma));
        assert_eq!(file.encoding, Some(Encoding::Windows1252));
        assert_eq!(file.settings.objective, Objective::Net);
        assert!(file.settings.assume_open);
        let expected = MeasureSettings {
            filed_on: day("2026-02-01"),
            granted_on: day("2026-05-01"),
            reissue: day("2026-01-20"),
            waiting_list: true,
            excluded: true,
        };
        let region: PoolId = "region".parse().unwrap();
        assert_eq!(file.settings.pools[&region], Money::from_cents(100_050));
        assert_eq!(file.settings.measures.into_values().collect::<Vec<_>>(), [expected]);
    }

    #[test]
    fn what_is_not_a_setting_is_named_with_its_place() {
        let (_, problems) =
            read_text("as-of = 2026-01-15\nobjective = \"grants\"\n[measures.m]\nfiled_on = 3\n");
        assert_eq!(
            problems,
            [
                "portfolio.toml:1:1 (as-of) portfolio.toml has no key 'as-of' here",
                "portfolio.toml:4:12 (measures.m.filed_on) measures.m.filed_on must be a day such as 2026-03-31, not '3'",
                "portfolio.toml:2:13 (objective) objective must be \"grant\" or \"net\" or \"expected\", not '\"grants\"'",
            ]
        );
    }
}
