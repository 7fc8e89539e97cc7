//! The regional aid map: which municipalities lie in an aided area (S1).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::fields::folded;
use crate::portfolio::{Company, Project};

/// `municipality,province,zone,source`; a municipality outside has the zone `none`. A row for `*` is about every municipality of the province that has
/// no row of its own.
const MAP: &str = include_str!("../../measures/shared/aided-areas.csv");
/// Every other municipality of a province.
const OTHERS: &str = "*";

/// Zones by province and municipality, names as they are compared.
static ZONES: LazyLock<BTreeMap<String, BTreeMap<String, &str>>> = LazyLock::new(|| {
    let mut zones: BTreeMap<String, BTreeMap<String, &str>> = BTreeMap::new();
    for row in MAP.lines().skip(1) {
        let mut cells = row.split(',').map(str::trim);
        if let (Some(municipality), Some(province), Some(zone)) = (cells.next(), cells.next(), cells.next()) {
            zones.entry(folded(province)).or_default().insert(folded(municipality), zone);
        }
    }
    zones
});

/// Gives every project without an aid area that of its place, where the map tells.
pub(super) fn derive(projects: &mut [Project], companies: &[Company]) {
    for project in projects.iter_mut().filter(|project| project.aid_area.is_none()) {
        let company = companies.iter().find(|company| company.id == project.company);
        let of_project = (project.municipality.as_deref(), project.province.as_deref());
        // A municipality and a province of unlike places would be no place.
        let (municipality, province) = match (of_project, company) {
            ((None, None), Some(company)) => (company.municipality.as_deref(), company.province.as_deref()),
            _ => of_project,
        };
        project.aid_area = province.and_then(|province| zone(municipality, province)).map(str::to_owned);
    }
}

/// The zone of a place; nothing where the map does not tell: it has no row for the municipality, and none for the rest of the province.
fn zone(municipality: Option<&str>, province: &str) -> Option<&'static str> {
    // A province is known by its code: another word may mean one that is listed.
    if province.trim().chars().count() != 2 {
        return None;
    }
    let municipalities = ZONES.get(&folded(province))?;
    let own = municipality.and_then(|municipality| municipalities.get(&folded(municipality)));
    own.or_else(|| municipalities.get(OTHERS)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_has_four_cells_a_row_and_codes_of_provinces() {
        assert_eq!(MAP.lines().next(), Some("municipality,province,zone,source"));
        for row in MAP.lines().skip(1) {
            let cells: Vec<&str> = row.split(',').collect();
            assert!(
                cells.len() == 4 && cells[1].len() == 2 && cells.iter().all(|cell| !cell.is_empty()),
                "{row}"
            );
        }
    }

    #[test]
    fn a_municipality_not_listed_is_unknown_unless_a_row_speaks_for_the_rest_of_its_province() {
        assert_eq!(zone(Some("VIGEVANO"), "pv"), Some("criterion_1"));
        assert_eq!(zone(Some("Cantu"), "CO"), Some("criterion_1"));
        assert_eq!(zone(Some("Pavia"), "PV"), Some("none"));
        assert_eq!(zone(Some("Mortara"), "PV"), None);
        assert_eq!(zone(None, "PV"), None);
        assert_eq!(zone(Some("Milano"), "MI"), Some("none"));
        assert_eq!(zone(None, "LC"), Some("none"));
        assert_eq!(zone(Some("Milano"), "Milano"), None);
        // A province of which the map says nothing may lie inside.
        assert_eq!(zone(Some("Napoli"), "NA"), None);
    }
}
