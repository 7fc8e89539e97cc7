//! `results.parquet` read back by the crate that other programs read it with: every cell is that of `results.csv`.

#![cfg(feature = "parquet")]
#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

mod common {
    pub mod batch;
}

use std::fs::{self, File};
use std::path::Path;

use common::batch::{Batch, cell, grantfolio, path};
use grantfolio::money::Money;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

/// A cell as the table has it.
fn written(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Long(number) => number.to_string(),
        Field::Decimal(amount) => {
            assert_eq!((amount.precision(), amount.scale()), (18, 2));
            Money::from_cents(i64::from_be_bytes(amount.data().try_into().unwrap())).to_string()
        }
        other => panic!("{other} is nothing that results hold"),
    }
}

/// Headings and rows.
fn read(file: &Path) -> Vec<Vec<String>> {
    let reader = SerializedFileReader::new(File::open(file).unwrap()).unwrap();
    let columns = reader.metadata().file_metadata().schema_descr().columns().to_vec();
    let mut table = vec![columns.iter().map(|column| column.name().to_owned()).collect::<Vec<_>>()];
    for row in reader.get_row_iter(None).unwrap() {
        table.push(row.unwrap().get_column_iter().map(|(_, field)| written(field)).collect());
    }
    table
}

#[test]
fn every_cell_is_that_of_the_table() {
    // One that costs, one that changes nothing, one without plan (no row), and a name that is more than ASCII.
    let batch = Batch::of(
        "closed,setting,,measures.certifications-2026.excluded,set,true\n\
         così,expense,*,net_amount,mul,1\n\
         forced,decision,decision=force; project_id=monitor; measure=development-2023,,add,\n\
         dearer,expense,*,net_amount,mul,1.10\n",
    );
    let tables = batch.planned("out", &[]);
    let results = &tables[0].1;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(results.as_bytes());
    let expected: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(read(&batch.out("out").join("results.parquet")), expected);
    assert_eq!(cell(results, "così", "difference"), "0.00");
    // Headings and three plans; amounts, counts and words among the columns.
    assert_eq!(expected.len(), 4, "{results}");
}

#[test]
fn shards_together_give_the_file_of_the_single_run() {
    let batch = Batch::many(7);
    batch.planned("single", &[]);
    let shards = ["1/2", "2/2"].map(|shard| {
        let name = shard.replace('/', "-of-");
        batch.planned(&name, &["--shard", shard]);
        batch.out(&name)
    });
    let merged = batch.out("merged");
    let output = grantfolio(&["merge", path(&shards[0]), path(&shards[1]), "--out", path(&merged)]);
    assert_eq!(output.status.code(), Some(0));
    let bytes = |folder: &Path| fs::read(folder.join("results.parquet")).unwrap();
    assert_eq!(bytes(&merged), bytes(&batch.out("single")));
}
