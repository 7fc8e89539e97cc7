//! Italian and English: the words of tables, in one list. Sentences of reasons and doubts stay as the result document holds them.

use std::fmt::Display;

/// The language of tables and of the names of rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Italian.
    It,
    /// English.
    #[default]
    En,
}

impl clap::ValueEnum for Language {
    fn value_variants<'a>() -> &'a [Self] {
        &[Language::It, Language::En]
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(match self {
            Language::It => "it",
            Language::En => "en",
        }))
    }
}

impl Language {
    /// A word or sentence of this list in the language; what is not in the list (an id, say) stays as it is.
    pub fn say(self, english: &str) -> &str {
        match self {
            Language::En => english,
            Language::It => italian(english).unwrap_or(english),
        }
    }

    /// A sentence with `{}` where the value goes.
    pub fn fill(self, english: &str, value: &dyn Display) -> String {
        self.say(english).replacen("{}", &value.to_string(), 1)
    }
}

fn italian(english: &str) -> Option<&'static str> {
    WORDS.iter().find(|(word, _)| *word == english).map(|(_, italian)| *italian)
}

/// English, Italian.
const WORDS: &[(&str, &str)] = &[
    // Batches.
    ("scenarios planned", "scenari pianificati"),
    ("proven optimal", "con ottimo dimostrato"),
    ("without plan", "senza piano"),
    ("cut by a time limit", "interrotti dal limite di tempo"),
    ("different plans", "piani diversi"),
    ("How the grants are distributed", "Come si distribuiscono i contributi"),
    ("base", "base"),
    ("mean", "media"),
    ("standard error", "errore standard"),
    ("least", "minimo"),
    ("most", "massimo"),
    ("regret", "rimpianto"),
    (
        "Regret is what keeping the plan of the base costs in a scenario.",
        "Il rimpianto è quanto costa, in uno scenario, tenere il piano base.",
    ),
    ("The least is granted in '{}'", "Il minimo si ha in '{}'"),
    ("the most in '{}'.", "il massimo in '{}'."),
    ("How measures are used", "Come sono usate le misure"),
    ("used in", "usata in"),
    ("mean grant", "contributo medio"),
    ("What matters", "Che cosa conta"),
    ("No scenario changes the grants.", "Nessuno scenario cambia i contributi."),
    ("what", "che cosa"),
    ("Which assignments stand", "Quali assegnazioni reggono"),
    ("All of them, in every scenario.", "Tutte, in ogni scenario."),
    ("cost item", "voce"),
    ("stands in", "regge in"),
    (
        "All others of the base stand in every scenario.",
        "Tutte le altre della base reggono in ogni scenario.",
    ),
    ("Which plan is the safest", "Quale piano è il più sicuro"),
    ("plan", "piano"),
    ("of the scenario", "dello scenario"),
    ("best in", "migliore in"),
    ("worst", "peggiore"),
    ("largest regret", "rimpianto massimo"),
    ("mean regret", "rimpianto medio"),
    ("least regret", "minimo rimpianto"),
    ("best mean", "media migliore"),
    ("and {} more", "e altre {}"),
    // Headings of columns.
    ("EUR", "EUR"),
    ("about", "di chi"),
    ("admitted", "ammesso"),
    ("authority", "ente"),
    ("category", "categoria"),
    ("claimed", "richiesto"),
    ("closes", "chiude"),
    ("company", "impresa"),
    ("description", "descrizione"),
    ("expense", "spesa"),
    ("expenses", "spese"),
    ("fact", "dato"),
    ("filed", "presentata"),
    ("grant", "contributo"),
    ("granted", "concessa"),
    ("item", "voce"),
    ("limits that bind", "limiti raggiunti"),
    ("lots", "lotti"),
    ("measure", "misura"),
    ("name", "nome"),
    ("net amount", "imponibile"),
    ("opens", "apre"),
    ("part", "quota"),
    ("project", "progetto"),
    ("question", "domanda"),
    ("reason", "motivo"),
    ("region", "regione"),
    ("rule", "regola"),
    ("size", "dimensione"),
    ("source", "fonte"),
    ("state", "stato"),
    ("status", "stato"),
    ("step", "passo"),
    ("type", "tipo"),
    ("version", "versione"),
    ("what happens", "che cosa accade"),
    ("what it asks", "che cosa chiede"),
    ("what it says", "che cosa dice"),
    ("why this size", "perché questa dimensione"),
    ("words of the source", "parole della fonte"),
    ("who belongs to it", "chi vi appartiene"),
    (
        "One client's gain is another's loss: '{}' is used up by",
        "Ciò che guadagna un cliente lo perde l'altro: '{}' è esaurita da",
    ),
    ("chosen", "scelto"),
    ("loan", "finanziamento"),
    ("aid in guarantees", "aiuto nelle garanzie (ESL)"),
    ("ceiling", "massimale"),
    ("of", "di"),
    ("left before", "residuo prima"),
    ("drawn", "assorbito"),
    ("more from", "altro dal"),
    ("Members it counts", "Membri che conta"),
    ("What the applicant chooses", "Che cosa sceglie il richiedente"),
    ("Ceilings over several applications", "Massimali su più domande"),
    ("Together with other aid", "Insieme ad altri aiuti"),
    ("counts on the waiting list (a hypothesis)", "conta sulla lista d'attesa (un'ipotesi)"),
    ("{} available", "{} disponibili"),
    ("member", "membro"),
    ("role", "ruolo"),
    ("undertaking", "impresa unica"),
    ("regulation", "regolamento"),
    ("counts for", "conta per"),
    ("always", "sempre"),
    ("no longer since {}", "non più dal {}"),
    ("until {}", "fino al {}"),
    ("no measure here", "nessuna misura presente"),
    ("decision", "decisione"),
    ("choice", "scelta"),
    ("class", "classe"),
    ("force", "obbligata"),
    ("forbid", "vietata"),
    // Titles.
    ("Aid", "Aiuto"),
    ("Applications", "Domande"),
    ("Budgets", "Dotazioni"),
    ("Costs", "Spese ammissibili"),
    ("Dates of expenses", "Date delle spese"),
    ("Doubts", "Dubbi"),
    ("Doubts: rules that can be read otherwise", "Dubbi: regole che si possono leggere altrimenti"),
    ("Facts it asks for", "Dati che chiede"),
    ("How many, and together with what", "Quanti, e insieme a che cosa"),
    ("Limits", "Limiti"),
    ("Measures that take nothing of this portfolio", "Misure che non prendono nulla di questo portafoglio"),
    ("Portfolio as understood", "Il portafoglio come è stato inteso"),
    ("Questions to be answered", "Domande a cui rispondere"),
    ("Taken for granted, to be checked", "Dato per acquisito, da verificare"),
    ("What ceilings leave", "Che cosa lasciano i massimali"),
    ("What falls on each member", "Che cosa spetta a ogni membro"),
    ("What is chosen and lent", "Che cosa si sceglie e si finanzia"),
    ("What keeps expenses out", "Che cosa esclude le spese"),
    ("When to apply", "Quando fare domanda"),
    ("Where each expense goes", "Dove va ogni spesa"),
    ("Which expense may enter which measure", "Quale spesa può entrare in quale misura"),
    ("Who and what may apply", "Chi e che cosa può fare domanda"),
    ("Why not more", "Perché non di più"),
    // The result.
    ("Total grant", "Contributo totale"),
    ("admitted cost", "spesa ammessa"),
    ("cash after withholding", "incasso netto"),
    ("gap", "scarto"),
    ("grants", "contributi"),
    ("grants less what is withheld on payment", "contributi meno la ritenuta al pagamento"),
    ("grants times the probability of success", "contributi per la probabilità di successo"),
    ("maximised", "massimizzato"),
    ("no plan can exceed", "nessun piano supera"),
    ("no cost item takes such a category", "nessuna voce prende una tale categoria"),
    ("not known: no bound was found", "non noto: nessun limite trovato"),
    ("planned on", "pianificato il"),
    (
        "* hypothetical: the measure is not open and was assumed to open",
        "* ipotesi: la misura non è aperta e si suppone che apra",
    ),
    (
        "No plan keeps the rules and the decisions in force.",
        "Nessun piano rispetta le regole e le decisioni prese.",
    ),
    (
        "No plan was found in the time given; nothing is proven either way.",
        "Nessun piano trovato nel tempo dato; nulla è dimostrato.",
    ),
    (
        "Proven the best: the bound was recomputed exactly, no plan gives a cent more.",
        "Dimostrato il migliore: il limite è stato ricalcolato esattamente, nessun piano dà un centesimo di più.",
    ),
    (
        "The best: an exhaustive exact search and the solver agree to the cent.",
        "Il migliore: una ricerca esaustiva esatta e il risolutore concordano al centesimo.",
    ),
    (
        "A valid plan; the gap below is proven, no plan exceeds this bound.",
        "Un piano valido; lo scarto qui sotto è dimostrato, nessun piano supera questo limite.",
    ),
    (
        "A valid plan; the solver calls it the best, but the gap below is not closed by a proof.",
        "Un piano valido; per il risolutore è il migliore, ma nessuna prova chiude lo scarto qui sotto.",
    ),
    (
        "A valid plan, better than one the solver called the best: its word is not to be trusted here.",
        "Un piano valido, migliore di uno che il risolutore dava per il migliore: qui non ci si può fidare.",
    ),
    (
        "A valid plan, not proven to be the best: the gap below says what could be missing.",
        "Un piano valido, non dimostrato il migliore: lo scarto qui sotto dice quanto potrebbe mancare.",
    ),
    ("the measure as a whole", "la misura nel suo insieme"),
    ("or", "oppure"),
    // What else could be.
    ("What other readings would change", "Che cosa cambierebbe con altre letture"),
    ("What later grants would bring", "Che cosa porterebbero concessioni più tarde"),
    ("What a delay of {} would cost", "Che cosa costerebbe un ritardo di {}"),
    ("difference", "differenza"),
    ("grant then", "contributo allora"),
    ("ledger", "plafond"),
    ("measures", "misure"),
    ("new, {}", "nuova, {}"),
    ("no longer open", "non più aperta"),
    ("no more, {}", "non più, {}"),
    ("not computed", "non calcolato"),
    ("not proven", "non dimostrato"),
    ("not proven: up to {} more", "non dimostrato: fino a {} in più"),
    ("nothing", "nulla"),
    ("reading", "lettura"),
    ("total", "totale"),
    ("what changes", "che cosa cambia"),
    ("whose", "di chi"),
    // Worked examples.
    ("example", "esempio"),
    ("expected", "atteso"),
    ("got", "ottenuto"),
    // The portfolio.
    ("assumed", "supposto"),
    ("hypothesis", "ipotesi"),
    (
        "every measure that is not open opens on the day of planning",
        "ogni misura non aperta apre il giorno della pianificazione",
    ),
    ("left out", "esclusa"),
    ("opens again on {} (a hypothesis)", "riapre il {} (ipotesi)"),
    ("filed on {}", "presentata il {}"),
    ("granted on {}", "concessa il {}"),
    ("{} net of VAT", "{} al netto dell'IVA"),
    ("not known", "non noto"),
    ("as given", "come indicata"),
    ("{} people", "{} addetti"),
    ("turnover {}", "fatturato {}"),
    ("balance sheet {}", "attivo di bilancio {}"),
    ("as given; the figures give {}", "come indicata; dai dati risulta {}"),
    ("together with {}", "insieme a {}"),
    (
        "give the size, or headcount with turnover or balance sheet",
        "indicare la dimensione, o gli addetti con fatturato o attivo",
    ),
    ("micro", "micro"),
    ("small", "piccola"),
    ("medium", "media"),
    ("midcap", "mid-cap"),
    ("large", "grande"),
    ("quote", "preventivo"),
    ("ordered", "ordinata"),
    ("invoiced", "fatturata"),
    ("paid", "pagata"),
    // The matrix.
    (
        "+ the cost items an expense may enter; - the first rule that keeps it out (cost-items: the measure takes no such category)",
        "+ le voci in cui la spesa può entrare; - la prima regola che la esclude (cost-items: la misura non prende la categoria)",
    ),
    ("left out by the settings", "esclusa dalle impostazioni"),
    // Questions and the checklist.
    ("Please give: {}.", "Si prega di indicare: {}."),
    ("Project {}", "Progetto {}"),
    ("Needed for: {}", "Serve per: {}"),
    ("To prepare the applications we need to know:", "Per preparare le domande ci serve sapere:"),
    (
        "Please confirm; until then we take it as in order:",
        "Si prega di confermare; fino ad allora lo diamo per regolare:",
    ),
    ("Nothing is to be asked.", "Non c'è nulla da chiedere."),
    ("(taken as met)", "(dato per soddisfatto)"),
    ("what waits for it", "che cosa lo aspetta"),
    (
        "invoice_date is not known and taken as inside the term",
        "data della fattura non nota, si suppone nel termine",
    ),
    (
        "order_date is not known and taken as inside the term",
        "data dell'ordine non nota, si suppone nel termine",
    ),
    (
        "payment_date is not known and taken as inside the term",
        "data del pagamento non nota, si suppone nel termine",
    ),
    // Reasons that are whole sentences.
    ("the measure is not open on the filing day", "la misura non è aperta il giorno della domanda"),
    ("no rate is foreseen for this case", "nessuna percentuale prevista per questo caso"),
    ("nothing of the amount counts under this item", "nulla dell'importo conta in questa voce"),
    (
        "admissible, but the plan makes no application to this measure",
        "ammissibile, ma il piano non fa domanda a questa misura",
    ),
    (
        "admissible, but claiming it would not raise the total",
        "ammissibile, ma richiederla non alzerebbe il totale",
    ),
    // A measure.
    ("claim", "richiesta"),
    ("any part of an expense", "qualunque parte di una spesa"),
    ("an expense whole or not at all", "una spesa per intero o per nulla"),
    ("money from", "risorse"),
    ("no cost", "non è un costo"),
    ("a cost as far as it cannot be deducted", "un costo per quanto non detraibile"),
    ("regime", "regime"),
    ("VAT", "IVA"),
    ("window", "finestra"),
    ("withheld", "ritenuta"),
    ("{} of the grant on payment", "{} del contributo al pagamento"),
    ("(in doubt, see below)", "(in dubbio, vedi sotto)"),
    ("One of: {}", "Uno tra: {}"),
    // Rules that every measure has.
    ("application window", "finestra di presentazione"),
    ("no order before filing", "nessun ordine prima della domanda"),
    ("kinds of cost taken", "tipi di spesa previsti"),
    ("claimed elsewhere", "richiesta altrove"),
    ("no application made", "nessuna domanda fatta"),
    ("adds nothing", "non aggiunge nulla"),
    ("advised claim", "richiesta consigliata"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_stands_once_and_keeps_its_values() {
        for (at, (english, italian)) in WORDS.iter().enumerate() {
            assert!(WORDS[..at].iter().all(|(other, _)| other != english), "{english} stands twice");
            assert_eq!(english.matches("{}").count(), italian.matches("{}").count(), "{english}");
            assert!(!italian.is_empty(), "{english}");
        }
    }

    #[test]
    fn what_is_not_in_the_list_stays_as_it_is() {
        assert_eq!(Language::It.say("expense"), "spesa");
        assert_eq!(Language::En.say("expense"), "expense");
        assert_eq!(Language::It.say("si40-2019"), "si40-2019");
        assert_eq!(Language::It.fill("filed on {}", &"2026-01-31"), "presentata il 2026-01-31");
    }
}
