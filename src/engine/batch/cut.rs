//! Which rows of the inputs make which parcel.

use super::parcels::Parcels;
use crate::load::{Inputs, Rows};

/// The rows of the inputs, cut into parcels.
#[derive(Debug, Default)]
pub(super) struct Cut {
    /// By parcel.
    pub(super) rows: Vec<Rows>,
    /// By file and row.
    parcel_of: Vec<Vec<Option<usize>>>,
}

/// Where what a cell names lies.
type Place = fn(&Parcels, &str) -> Option<usize>;

/// By file, in the order of the inputs: the column that says where a row lies.
const COLUMNS: [(&str, Place); 6] = [
    ("company_id", Parcels::company),
    ("project_id", Parcels::project),
    ("project_id", Parcels::project),
    ("project_id", Parcels::project),
    ("undertaking", Parcels::undertaking),
    ("project_id", Parcels::project),
];

impl Cut {
    /// Cuts the inputs that parcels were made from.
    pub(super) fn of(inputs: &Inputs, parcels: &Parcels) -> Cut {
        let mut rows: Vec<[Vec<usize>; 6]> = vec![Default::default(); parcels.count];
        let parcel_of = COLUMNS.iter().enumerate().map(|(file, (column, place))| {
            let of_row = |row: usize| place(parcels, inputs.cell((file, row), column));
            let places: Vec<Option<usize>> = (0..inputs.rows(file)).map(of_row).collect();
            for (row, parcel) in places.iter().enumerate() {
                if let Some(parcel) = parcel {
                    rows[*parcel][file].push(row);
                }
            }
            places
        });
        Cut { parcel_of: parcel_of.collect(), rows: rows.into_iter().map(Rows::Some).collect() }
    }

    /// Where a row lies.
    pub(super) fn parcel_of(&self, (file, row): (usize, usize)) -> Option<usize> {
        *self.parcel_of.get(file)?.get(row)?
    }
}
