//! The files of a portfolio, with every column they may have.

use super::{Bounds, Field, FileFields, Kind, Word};

const fn word(english: &'static str, italian: &'static [&'static str]) -> Word {
    Word { english, italian }
}

/// Words for [`Size`](crate::portfolio::Size).
pub const SIZES: &[Word] = &[
    word("micro", &["microimpresa"]),
    word("small", &["piccola"]),
    word("medium", &["media"]),
    word("midcap", &["mid cap"]),
    word("large", &["grande"]),
];

/// Words for [`State`](crate::portfolio::State).
pub const STATES: &[Word] = &[
    word("quote", &["preventivo"]),
    word("ordered", &["ordinata", "ordinato"]),
    word("invoiced", &["fatturata", "fatturato"]),
    word("paid", &["pagata", "pagato"]),
];

const fn required(
    name: &'static str,
    italian: &'static str,
    kind: Kind,
    example: &'static str,
    meaning: &'static str,
) -> Field {
    Field { name, italian, kind, required: true, meaning, example }
}

const fn optional(
    name: &'static str,
    italian: &'static str,
    kind: Kind,
    example: &'static str,
    meaning: &'static str,
) -> Field {
    Field { required: false, ..required(name, italian, kind, example, meaning) }
}

const AMOUNT: Kind = Kind::Money(Bounds::NotNegative);
const QUANTITY: Kind = Kind::Number(Bounds::NotNegative);

/// `companies.csv`: the clients.
pub const COMPANIES: FileFields = FileFields {
    name: "companies.csv",
    italian: &["imprese.csv", "aziende.csv"],
    required: true,
    row: "a company",
    fields: &[
        required("company_id", "id_impresa", Kind::Id, "rossi", "its id, used in the other files"),
        optional(
            "name",
            "denominazione",
            Kind::Text,
            "Rossi Meccanica srl",
            "its name; the id where not given",
        ),
        optional(
            "undertaking",
            "impresa_unica",
            Kind::Id,
            "gruppo-rossi",
            "the single undertaking that companies linked by control form; the company itself where not given",
        ),
        optional(
            "size",
            "dimensione",
            Kind::Choice(SIZES),
            "small",
            "size class; derived from headcount and amounts of the whole undertaking where not given",
        ),
        optional("headcount", "ula", QUANTITY, "23.5", "annual work units"),
        optional("turnover", "fatturato", AMOUNT, "3200000.00", "annual turnover"),
        optional("balance_sheet", "totale_bilancio", AMOUNT, "2100000.00", "balance sheet total"),
        optional("region", "regione", Kind::Text, "Lombardia", "region of the operating site"),
        optional("province", "provincia", Kind::Text, "MI", "province code of the operating site"),
        optional("municipality", "comune", Kind::Text, "Milano", "municipality of the operating site"),
        optional("ateco", "codice_ateco", Kind::Text, "28.41", "activity code, compared by its beginning"),
        optional(
            "vat_deductible_share",
            "quota_iva_detraibile",
            Kind::Share,
            "1",
            "share of VAT the company recovers; 1 where not given",
        ),
        optional(
            "fiscal_year_end",
            "chiusura_esercizio",
            Kind::Date,
            "2025-12-31",
            "last day of the fiscal year, of any year",
        ),
        optional(
            "filed_balance_sheets",
            "bilanci_depositati",
            QUANTITY,
            "5",
            "balance sheets or tax returns filed so far",
        ),
        optional(
            "credit_class",
            "classe_di_merito",
            Kind::Number(Bounds::Within(1, 12)),
            "3",
            "class of the guarantee fund's credit scoring",
        ),
    ],
};

/// `projects.csv`: what the companies invest in.
pub const PROJECTS: FileFields = FileFields {
    name: "projects.csv",
    italian: &["progetti.csv"],
    required: true,
    row: "a project: one investment of one lead company",
    fields: &[
        required("project_id", "id_progetto", Kind::Id, "linea-2", "its id, used in the other files"),
        required("company_id", "id_impresa", Kind::Id, "rossi", "the lead company: it applies"),
        optional("name", "titolo", Kind::Text, "Seconda linea", "its name; the id where not given"),
        optional(
            "region",
            "regione",
            Kind::Text,
            "Lombardia",
            "region of the site; the company's where not given",
        ),
        optional(
            "province",
            "provincia",
            Kind::Text,
            "MI",
            "province code of the site; the company's where not given",
        ),
        optional(
            "municipality",
            "comune",
            Kind::Text,
            "Milano",
            "municipality of the site; the company's where not given",
        ),
        optional("aid_area", "zona_aiuti", Kind::Text, "107.3.c", "zone of the regional aid map"),
        optional(
            "score",
            "punteggio",
            Kind::Number(Bounds::NotNegative),
            "72",
            "expected score of a ranked call",
        ),
        optional(
            "success_probability",
            "probabilita_di_successo",
            Kind::Share,
            "0.8",
            "probability that an application succeeds; 1 where not given",
        ),
        optional("loan_amount", "importo_finanziamento", AMOUNT, "100000.00", "loan asked for"),
        optional("loan_years", "durata_anni", QUANTITY, "5", "length of the loan in years"),
        optional("grace_months", "mesi_preammortamento", QUANTITY, "12", "months before the first repayment"),
    ],
};

/// `expenses.csv`: the lines of cost.
pub const EXPENSES: FileFields = FileFields {
    name: "expenses.csv",
    italian: &["spese.csv"],
    required: true,
    row: "a line of cost, from the first quote to the payment",
    fields: &[
        required("expense_id", "id_spesa", Kind::Id, "e1", "its id"),
        required("project_id", "id_progetto", Kind::Id, "linea-2", "the project it belongs to"),
        optional(
            "company_id",
            "id_impresa",
            Kind::Id,
            "rossi",
            "who pays; the project's lead company where not given",
        ),
        optional(
            "lot",
            "lotto",
            Kind::Id,
            "iso-13485",
            "what it belongs to inside the project: a certificate, a site, a machine",
        ),
        required("category", "tipologia", Kind::Category, "machinery", "the kind of cost"),
        optional("description", "descrizione", Kind::Text, "Tornio CNC", "what it is, for people"),
        optional(
            "state",
            "stato",
            Kind::Choice(STATES),
            "quote",
            "how far it has come; quote where not given",
        ),
        required(
            "net_amount",
            "importo_netto",
            Kind::Money(Bounds::Positive),
            "40000.00",
            "amount net of VAT",
        ),
        optional("vat_rate", "aliquota_iva", Kind::Share, "0.22", "rate of VAT; 0 where not given"),
        optional(
            "supplier",
            "fornitore",
            Kind::Text,
            "Utensili spa",
            "supplier; with invoice and year it tells invoices apart",
        ),
        optional(
            "supplier_kind",
            "tipo_fornitore",
            Kind::Text,
            "university",
            "kind of supplier, in the words of the measures",
        ),
        optional("invoice", "fattura", Kind::Text, "117/A", "number of the invoice"),
        optional(
            "invoice_total",
            "totale_fattura",
            AMOUNT,
            "52000.00",
            "taxable total of the invoice where it has other lines too",
        ),
        optional("invoice_date", "data_fattura", Kind::Date, "2026-03-10", "day of the invoice"),
        optional(
            "order_date",
            "data_ordine",
            Kind::Date,
            "2026-02-01",
            "day of the first legally binding order",
        ),
        optional("payment_date", "data_pagamento", Kind::Date, "2026-04-10", "day of the last payment"),
        optional(
            "payment_method",
            "modalita_pagamento",
            Kind::Text,
            "bank_transfer",
            "how it is paid, in the words of the measures",
        ),
        optional("quantity", "quantita", QUANTITY, "12", "quantity bought"),
        optional("unit", "unita", Kind::Text, "kWh", "unit of the quantity"),
        optional("service_months", "mesi_servizio", QUANTITY, "24", "months of service the amount pays for"),
        optional("tags", "etichette", Kind::List, "green|4.0", "free words that rules may ask for"),
        optional(
            "splittable",
            "frazionabile",
            Kind::Flag,
            "no",
            "whether parts of it may go to several applications, all of them within its net amount; no where not given",
        ),
    ],
};

/// `members.csv`: who else takes part in a project.
pub const MEMBERS: FileFields = FileFields {
    name: "members.csv",
    italian: &["membri.csv", "partner.csv"],
    required: false,
    row: "a member of a partnership; the lead is one and need not be here",
    fields: &[
        required("project_id", "id_progetto", Kind::Id, "linea-2", "the project"),
        required("company_id", "id_impresa", Kind::Id, "rossi", "the company"),
        optional(
            "size",
            "dimensione",
            Kind::Choice(SIZES),
            "small",
            "its size in the partnership; the company's where not given",
        ),
        optional("role", "ruolo", Kind::Text, "partner", "its role, in the words of the measures"),
    ],
};

/// `prior_aids.csv`: aid received before.
pub const PRIOR_AIDS: FileFields = FileFields {
    name: "prior_aids.csv",
    italian: &["aiuti.csv", "aiuti_ricevuti.csv"],
    required: false,
    row: "an aid received before, as in the national register of aid",
    fields: &[
        required(
            "undertaking",
            "impresa_unica",
            Kind::Id,
            "gruppo-rossi",
            "who received it: an undertaking of companies.csv; a company by itself is one",
        ),
        required(
            "granted_on",
            "data_concessione",
            Kind::Date,
            "2024-05-02",
            "the day it was granted, not paid",
        ),
        required(
            "regulation",
            "regolamento",
            Kind::Text,
            "de_minimis:2023/2831",
            "its regulation: family, then article or act",
        ),
        required(
            "aid",
            "importo_aiuto",
            AMOUNT,
            "12500.00",
            "its amount; of a loan or a guarantee the gross grant equivalent",
        ),
        optional(
            "measure",
            "misura",
            Kind::Text,
            "si40-2019",
            "what it was granted under: a measure, or free words",
        ),
        optional("expense_id", "id_spesa", Kind::Id, "e1", "the expense it was for, where that is here"),
    ],
};

/// Words for [`Verb`](crate::portfolio::Verb).
pub const VERBS: &[Word] = &[
    word("force", &["obbliga", "imponi"]),
    word("forbid", &["vieta", "escludi"]),
    word("filed", &["presentata", "presentato"]),
];

/// `decisions.csv`: what is already decided.
pub const DECISIONS: FileFields = FileFields {
    name: "decisions.csv",
    italian: &["decisioni.csv"],
    required: false,
    row: "a decision in force: about an application, an expense in it, or an option of a choice",
    fields: &[
        required(
            "decision",
            "decisione",
            Kind::Choice(VERBS),
            "force",
            "what is decided: it must be, it must not be, or the application is filed",
        ),
        required("project_id", "id_progetto", Kind::Id, "linea-2", "the project"),
        required("measure", "misura", Kind::Id, "si40-2019", "the measure"),
        optional(
            "expense_id",
            "id_spesa",
            Kind::Id,
            "e1",
            "the expense; the whole application where not given",
        ),
        optional("cost_item", "voce", Kind::Id, "a", "the cost item the expense goes under"),
        optional(
            "choice",
            "scelta",
            Kind::Id,
            "regime",
            "the choice, as results call it: regime, regime:group",
        ),
        optional("option", "opzione", Kind::Id, "gber", "the option of the choice"),
        optional(
            "filed_on",
            "presentata_il",
            Kind::Date,
            "2026-03-02",
            "the day the application was filed, with filed",
        ),
    ],
};

/// Every file with columns, in the order in which they rest on each other.
pub const FILES: [FileFields; 6] = [COMPANIES, PROJECTS, EXPENSES, MEMBERS, PRIOR_AIDS, DECISIONS];

/// Words for [`Target`](crate::scenario::Target).
pub const TARGETS: &[Word] = &[
    word("company", &["impresa"]),
    word("project", &["progetto"]),
    word("expense", &["spesa"]),
    word("member", &["membro"]),
    word("prior_aid", &["aiuto"]),
    word("decision", &["decisione"]),
    word("setting", &["impostazione"]),
    word("pool", &["dotazione"]),
    word("measure", &["misura"]),
];

/// Words for [`Op`](crate::scenario::Op).
pub const OPS: &[Word] = &[
    word("set", &["imposta"]),
    word("add", &["aggiungi", "somma"]),
    word("mul", &["moltiplica"]),
    word("remove", &["togli", "elimina"]),
];

/// `scenarios.csv`: what could be otherwise. It is no part of a portfolio.
pub const SCENARIOS: FileFields = FileFields {
    name: "scenarios.csv",
    italian: &["scenari.csv"],
    required: false,
    row: "a change; the rows of a scenario stand together, and apply in their order",
    fields: &[
        required("scenario", "nome_scenario", Kind::Text, "quotes-up", "the name of the scenario"),
        required("target", "oggetto", Kind::Choice(TARGETS), "expense", "what is changed"),
        optional(
            "selector",
            "selettore",
            Kind::Text,
            "state=quote; net_amount>=10000",
            "which of them: an id, * for all, or conditions",
        ),
        optional(
            "field",
            "campo",
            Kind::Text,
            "net_amount",
            "the column, key or rule; empty where whole rows are added or removed",
        ),
        required("op", "operazione", Kind::Choice(OPS), "mul", "how it is changed"),
        optional("value", "valore", Kind::Text, "1.10", "the value, with a point before decimals"),
    ],
};
