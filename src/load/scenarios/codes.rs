//! Codes of what can be wrong with scenarios. See [`load::codes`](super::super::codes) for those of a portfolio, which the cells of scenarios can have too.

use super::super::codes::codes;

codes! {
    SYNTAX = "S001": "a file of scenarios is not TOML"
        expects "TOML"
        example "not TOML: unclosed array, expected `]`"
        remedy "mend the line that is shown; texts stand in quotes, lists in brackets";
    UNKNOWN_KEY = "S002": "scenarios have no such key there"
        expects "a key of docs/scenarios.md"
        example "there is no key 'sede' here"
        remedy "correct or delete the key; docs/scenarios.md has all of them";
    BAD_KEY = "S003": "a key of scenarios is missing, or has a value it cannot have"
        expects "a value of the kind that the key takes"
        example "montecarlo.prices.seed must be a whole number, not '\"one\"'"
        remedy "write a value of the kind that is named; docs/scenarios.md shows each";
    TWICE = "S004": "two scenarios would have one name"
        expects "a name of its own, and the rows of a scenario together"
        example "scenario 'dear' is there twice; first at scenarios.csv:2:1"
        remedy "let the rows of a scenario stand together, or give one of the two another name";
    TOO_MANY = "S005": "a sweep has more scenarios than it may"
        expects "as many scenarios as `at_most` says, or fewer"
        example "the grid 'wide' has 9 scenarios, more than its cap of 8"
        remedy "raise `at_most`, or take fewer values";
    CORRELATION = "S006": "no numbers hang together so"
        expects "correlations above -1 and below 1 that can all be true at once"
        example "the correlations of 'prices' cannot all be true at once"
        remedy "bring them nearer to zero: what hangs together with the same hangs together";
    SELECTOR = "S010": "a selector cannot be read, or cannot select there"
        expects "an id, * for all, or conditions such as `size=small; province=CO`"
        example "'CO' is no condition such as size=small"
        remedy "write an id, *, or conditions parted by semicolons";
    NOTHING = "S011": "a selector selects nothing"
        expects "a selector that something meets"
        example "no expense has the id 'e9'"
        remedy "correct the selector: a scenario that changes nothing would pass for one without effect";
    UNKNOWN_FIELD = "S012": "there is no such field"
        expects "a column, key or rule that is there"
        example "expenses.csv has no column 'net_amout'"
        remedy "correct the field; docs/scenarios.md tells what may stand there";
    OPERATION = "S013": "the field does not take the operation"
        expects "an operation that the field takes"
        example "'size' is no number: it cannot be multiplied"
        remedy "numbers take set, add, mul and remove; days set, add and remove; lists set, add and remove; all else set and remove";
    OPERAND = "S014": "the value is not one that the operation takes"
        expects "a value of the kind that the operation takes"
        example "'a lot' is no factor such as 1.10"
        remedy "write numbers with a point before decimals, days as 2026-03-31, spans as 30 days";
    BLANK = "S015": "there is nothing to add to, or to multiply"
        expects "a field that has a value"
        example "'invoice_total' is blank in all that is selected"
        remedy "set it, or select what has a value";
    READING = "S016": "with the value a measure does not read"
        expects "a value that could stand there in the text of the measure"
        example "with this value the measure does not read: '1.5' is more than the whole"
        remedy "write a value that docs/measure-language.md allows there";
}
