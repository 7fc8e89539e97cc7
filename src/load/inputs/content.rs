//! What inputs hold and what edits change, as keys of it and for people.

use super::settings::as_toml;
use super::{Edits, FILES, Inputs, RowId, Rows, key};
use crate::fingerprint::Fingerprint;

/// What edits make of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The file.
    pub file: &'static str,
    /// What names the row.
    pub row: String,
    /// The column; none where the row is added or removed.
    pub column: Option<String>,
    /// What was there.
    pub before: String,
    /// What is there then.
    pub after: String,
}

impl Inputs {
    /// A key of everything that is held: rows, settings, texts of measures. Inputs of one key give the same figures.
    pub fn fingerprint(&self) -> String {
        let mut fingerprint = Fingerprint::new();
        for (file, table) in self.tables.iter().enumerate() {
            fingerprint.put(FILES[file].name);
            for row in &table.rows {
                row.cells.iter().for_each(|cell| fingerprint.put(cell));
            }
        }
        fingerprint.put(as_toml(&self.settings));
        for (id, written) in &self.catalogue.measures {
            fingerprint.put(id.as_str());
            fingerprint.put(&written.text);
        }
        for (name, text) in &self.catalogue.shared_texts {
            fingerprint.put(name);
            fingerprint.put(text);
        }
        fingerprint.hex()
    }

    /// What edits make of the cells, row by row; settings and measures are not among them.
    pub fn differences(&self, edits: &Edits) -> Vec<Difference> {
        let mut differences = Vec::new();
        let mut put = |file: usize, row: String, column: Option<String>, before: &str, after: &str| {
            let (before, after) = (before.to_owned(), after.to_owned());
            differences.push(Difference { file: FILES[file].name, row, column, before, after });
        };
        for id @ (file, number) in edits.rows() {
            let before = self.tables[file].rows.get(number);
            let Some(after) = edits.row(id, before) else { continue };
            let Some(before) = before else {
                put(file, key(file, &after), None, "", "added");
                continue;
            };
            let columns = self.schemas.0[file].all();
            for (column, (was, is)) in columns.iter().zip(before.cells.iter().zip(&after.cells)) {
                if was != is {
                    put(file, key(file, before), Some(column.name.clone()), was, is);
                }
            }
        }
        for (file, number) in edits.removed() {
            if let Some(row) = self.tables[file].rows.get(number) {
                put(file, key(file, row), None, "", "removed");
            }
        }
        differences
    }
}

impl Edits {
    /// The cells of changed rows among these: with the rows themselves and [`Edits::beyond_rows`], all that is read of them.
    pub fn within(&self, rows: &Rows) -> Vec<(RowId, &[String])> {
        let is_there = |(file, number): RowId| match rows {
            Rows::All => true,
            Rows::Some(numbers) => numbers[file].binary_search(&number).is_ok(),
        };
        self.changed_cells().filter(|(id, _)| is_there(*id)).collect()
    }
}
