//! The measures that come with the program.

/// File name and text of every file in `measures/`, by name.
pub(super) const FILES: &[(&str, &str)] = &[
    ("attraction-2023.toml", include_str!("../../../measures/attraction-2023.toml")),
    ("certifications-2026.toml", include_str!("../../../measures/certifications-2026.toml")),
    ("development-2023.toml", include_str!("../../../measures/development-2023.toml")),
    ("efficient-enterprise-2025.toml", include_str!("../../../measures/efficient-enterprise-2025.toml")),
    ("energy-2023.toml", include_str!("../../../measures/energy-2023.toml")),
    ("si40-2019.toml", include_str!("../../../measures/si40-2019.toml")),
    ("sustainable-production-2024.toml", include_str!("../../../measures/sustainable-production-2024.toml")),
];

/// File name and text of the TOML files in `measures/shared/`.
pub(super) const SHARED: &[(&str, &str)] = &[
    ("ledgers.toml", include_str!("../../../measures/shared/ledgers.toml")),
    ("funds.toml", include_str!("../../../measures/shared/funds.toml")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_in_measures_is_listed() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("measures");
        let mut found: Vec<String> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
            .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
            .collect();
        found.sort();
        let listed: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        assert_eq!(listed, found);
    }
}
