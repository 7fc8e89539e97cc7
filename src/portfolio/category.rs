//! The neutral vocabulary of cost kinds. Each measure maps its own headings to these words.

/// A kind of cost, with its Italian name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Category {
    /// The word used in files.
    pub id: &'static str,
    /// The Italian name, also accepted in files.
    pub italian: &'static str,
}

const fn kind(id: &'static str, italian: &'static str) -> Category {
    Category { id, italian }
}

/// Every category, by field: assets, software and rights, works and premises, services, people, energy.
pub const CATEGORIES: &[Category] = &[
    kind("machinery", "macchinari e impianti"),
    kind("equipment", "attrezzature"),
    kind("hardware", "hardware"),
    kind("furniture", "arredi"),
    kind("vehicles", "veicoli"),
    kind("materials", "materiali e forniture"),
    kind("prototypes", "prototipi"),
    kind("software", "software e licenze"),
    kind("cloud", "servizi cloud e saas"),
    kind("patents_trademarks", "marchi e brevetti"),
    kind("production_licences", "licenze di produzione"),
    kind("ip_protection", "tutela della proprieta industriale"),
    kind("building_works", "opere murarie e impiantistica"),
    kind("real_estate_purchase", "acquisto di immobili"),
    kind("real_estate_renovation", "ristrutturazione di immobili"),
    kind("rent", "affitti e noleggi"),
    kind("consultancy", "consulenza"),
    kind("technical_consultancy", "consulenza tecnica"),
    kind("certification_assistance", "assistenza per certificazioni"),
    kind("legal_tax_advice", "consulenza fiscale finanziaria o giuridica"),
    kind("certification_body", "enti certificatori"),
    kind("environmental_certification", "certificazioni ambientali"),
    kind("technical_certification", "certificazioni tecniche e reach"),
    kind("laboratory_tests", "prove di laboratorio"),
    kind("engineering", "ingegnerizzazione"),
    kind("research_services", "servizi di ricerca"),
    kind("energy_audit", "diagnosi energetiche"),
    kind("life_cycle_analysis", "analisi del ciclo di vita"),
    kind("marketing", "marketing e comunicazione"),
    kind("training", "formazione"),
    kind("compulsory_training", "formazione obbligatoria"),
    kind("staff", "personale"),
    kind("travel", "viaggi e trasferte"),
    kind("home_automation", "domotica e monitoraggio"),
    kind("led_lighting", "illuminazione a led"),
    kind("photovoltaic", "fotovoltaico"),
    kind("solar_thermal", "solare termico"),
    kind("other_renewables", "altre fonti rinnovabili"),
    kind("heat_and_cogeneration", "energia termica frigorifera e cogenerazione"),
    kind("storage_inverters", "accumulo e inverter"),
    kind("boilers_heat_pumps", "caldaie e pompe di calore"),
    kind("other", "altro"),
];

/// The category with this word, English or Italian, in any case.
pub fn category(word: &str) -> Option<Category> {
    let word = word.trim().to_lowercase();
    CATEGORIES.iter().copied().find(|c| c.id == word || c.italian == word)
}
