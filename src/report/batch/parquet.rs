//! `results.parquet`: the rows of `results.csv` for tools that read columns, amounts as decimals of two digits.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use ::parquet::basic::{LogicalType, Repetition, Type as Physical};
use ::parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::types::{Type, TypePtr};

use super::manifest::Manifest;
use super::reading::{Reading, Unreadable};
use super::tables::{self, Holds, of_measure};
use crate::money::Money;

/// The name of the file.
pub const FILE: &str = "results.parquet";

/// Rows that are in memory at a time.
const GROUP: usize = 20_000;

/// Digits of the largest amount, and those behind the point.
const DIGITS: (i32, i32) = (18, 2);

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum Unwritten {
    /// The results cannot be read.
    #[error(transparent)]
    Results(#[from] Unreadable),
    /// The file cannot be written.
    #[error("cannot write '{FILE}': {0}")]
    File(#[from] ParquetError),
    /// Nor renamed.
    #[error("cannot write '{FILE}': {0}")]
    Rename(#[from] std::io::Error),
}

/// Writes the file beside `results.csv`, whose name ends in this.
///
/// # Errors
/// See [`Unwritten`].
pub fn write(folder: &Path, suffix: &str, manifest: &Manifest) -> Result<(), Unwritten> {
    let columns = columns(manifest);
    let beside = folder.join(format!("{FILE}.tmp"));
    let file = File::create(&beside)?;
    let mut writer =
        SerializedFileWriter::new(file, schema(&columns)?, Arc::new(WriterProperties::default()))?;
    let reading = Reading::open(&folder.join(format!("results.csv{suffix}")))?;
    let mut cells: Vec<Vec<String>> = vec![Vec::new(); columns.len()];
    let mut failed = None;
    reading
        .each(|row| {
            for (column, cell) in cells.iter_mut().zip(row) {
                column.push(cell.to_owned());
            }
            if cells[0].len() == GROUP {
                flush(&mut writer, &columns, &mut cells).map_err(|error| {
                    let why = error.to_string();
                    failed = Some(error);
                    why
                })?;
            }
            Ok(())
        })
        .or_else(|unreadable| failed.map_or(Err(Unwritten::from(unreadable)), |error| Err(error.into())))?;
    flush(&mut writer, &columns, &mut cells)?;
    writer.close()?;
    fs::rename(beside, folder.join(FILE))?;
    Ok(())
}

/// The columns of `results.csv`.
fn columns(manifest: &Manifest) -> Vec<(String, Holds)> {
    let own = tables::results().into_iter().map(|column| (column.name.to_owned(), column.holds));
    let of_measures = manifest.measures.iter().flat_map(|measure| {
        let [grant, applications] = of_measure(measure);
        [(grant, Holds::Amount), (applications, Holds::Count)]
    });
    own.chain(of_measures).collect()
}

fn schema(columns: &[(String, Holds)]) -> Result<TypePtr, ParquetError> {
    let field = |(name, holds): &(String, Holds)| {
        let (physical, repetition) = match holds {
            Holds::Text => (Physical::BYTE_ARRAY, Repetition::REQUIRED),
            Holds::Amount => (Physical::INT64, Repetition::OPTIONAL),
            Holds::Count => (Physical::INT64, Repetition::REQUIRED),
        };
        let field = Type::primitive_type_builder(name, physical).with_repetition(repetition);
        let field = match holds {
            Holds::Text => field.with_logical_type(Some(LogicalType::String)),
            Holds::Amount => field
                .with_logical_type(Some(LogicalType::decimal(DIGITS.1, DIGITS.0)))
                .with_precision(DIGITS.0)
                .with_scale(DIGITS.1),
            Holds::Count => field,
        };
        field.build().map(Arc::new)
    };
    let fields = columns.iter().map(field).collect::<Result<Vec<_>, _>>()?;
    Type::group_type_builder("results").with_fields(fields).build().map(Arc::new)
}

/// Writes what has gathered as one group of rows.
fn flush(
    writer: &mut SerializedFileWriter<File>,
    columns: &[(String, Holds)],
    cells: &mut [Vec<String>],
) -> Result<(), ParquetError> {
    let mut group = writer.next_row_group()?;
    for ((_, holds), cells) in columns.iter().zip(cells.iter_mut()) {
        let Some(mut column) = group.next_column()? else { break };
        match holds {
            Holds::Text => {
                let values: Vec<ByteArray> =
                    cells.drain(..).map(|cell| ByteArray::from(cell.into_bytes())).collect();
                column.typed::<ByteArrayType>().write_batch(&values, None, None)?;
            }
            Holds::Amount => {
                let amounts: Vec<Option<i64>> =
                    cells.drain(..).map(|cell| cell.parse::<Money>().ok().map(Money::cents)).collect();
                let there: Vec<i16> = amounts.iter().map(|amount| i16::from(amount.is_some())).collect();
                let values: Vec<i64> = amounts.into_iter().flatten().collect();
                column.typed::<Int64Type>().write_batch(&values, Some(&there), None)?;
            }
            Holds::Count => {
                let values: Vec<i64> = cells.drain(..).map(|cell| cell.parse().unwrap_or_default()).collect();
                column.typed::<Int64Type>().write_batch(&values, None, None)?;
            }
        }
        column.close()?;
    }
    group.close()?;
    Ok(())
}
