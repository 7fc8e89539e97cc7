//! Codes of what can be wrong with a measure file. See [`load::codes`](super::super::codes) for those of a portfolio.

use super::super::codes::codes;

codes! {
    SYNTAX = "M001": "the text is not TOML"
        expects "TOML"
        example "invalid basic string, expected '\"'"
        remedy "mend the line that is shown; texts stand in quotes, lists in brackets";
    UNKNOWN_KEY = "M002": "the language has no such key there"
        expects "a key of docs/measure-language.md"
        example "unknown key 'autority'"
        remedy "correct or delete the key; docs/measure-language.md has all of them";
    MISSING_KEY = "M003": "a key that must be there is not"
        expects "the key"
        example "the key 'id' is missing"
        remedy "add the key; docs/measure-language.md shows where";
    TYPE = "M004": "a value of the wrong type, or a float where exactness matters"
        expects "a value of the type that is named"
        example "expected a number as a string or an integer, found the float 50000.5, which is not exact"
        remedy "write a value of that type; texts, amounts and rates stand in quotes, days and whole numbers do not";
    VALUE = "M005": "a value of the right type that means nothing here"
        expects "a value that docs/measure-language.md allows there"
        example "'opened' is none of 'announced', 'open', 'closed'"
        remedy "correct the value; docs/measure-language.md tells what may stand there";
    UNKNOWN_NAME = "M006": "nothing bears this name"
        expects "a name that is defined"
        example "unknown category 'consultansy'"
        remedy "correct the name, or define what it means";
    TAKEN = "M007": "a name is used twice, or is taken"
        expects "a name of its own"
        example "the rule id 'a' is used twice"
        remedy "take another name";
    CYCLE = "M008": "names stand for themselves in the end"
        expects "names that do not stand for themselves"
        example "the class 'little' rests on itself: little -> little"
        remedy "let one of them not mention the next";
    COMBINATION = "M009": "keys that must stand together, or may not"
        expects "keys that go together"
        example "a limit has either 'at_most' or 'at_least'"
        remedy "keep what goes together; docs/measure-language.md tells what does";
    OUT_OF_REACH = "M010": "a fact of a subject that is not known at that place"
        expects "a fact that is at hand"
        example "'expense.category' is not known here: no expense is at hand"
        remedy "use a fact that is at hand there; docs/measure-language.md has the table";
    OVERLAP = "M020": "two items take the same expense, without a choice"
        expects "items that conditions tell apart"
        example "an expense of category 'software' fits both 'a' and 'b'"
        remedy "let conditions under 'when' tell them apart, or write applicant_may_choose = true in both";
    UNREACHABLE = "M021": "a row that no case can reach"
        expects "rows of which each is reached"
        example "row 2 of the table 'rates' is never reached"
        remedy "the first matching row counts: put the narrower row first";
    MEANINGLESS = "M022": "a limit or window that means nothing as it stands"
        expects "a limit or window that something can meet"
        example "the window closes on 2025-12-31, before it opens on 2026-01-01"
        remedy "correct it or take it out; docs/measure-language.md tells what it may be";
    DIVERGES = "M023": "trims that would cut for ever"
        expects "trims that end"
        example "the sum is limited to itself or more, which cuts nothing"
        remedy "lower the rates, or make one of the limits reject";
    NOT_RISING = "M024": "bands or steps that do not rise"
        expects "rising bands or steps"
        example "the step begins at '10000.00', not above the one before"
        remedy "put them in rising order";
    CONTRADICTION = "M025": "two declarations of one fact contradict each other"
        expects "one declaration, the same in all measures"
        example "the fact 'rating' has the type 'text' here and 'flag' in DIR/measures/grant.toml"
        remedy "a portfolio has one column for it: give one of the facts another name, or declare them alike";
    CHOICE = "M026": "a choice that cannot be made as it stands"
        expects "groups that are apart, at least two options, at most 64 combinations"
        example "the groups 'works' and 'plants' both have the item 'b'"
        remedy "let groups be apart, give two options at least, and keep the combinations at 64 at most";
    LOAN = "M027": "loans and guarantees that do not go together with the rest"
        expects "at most one loan, and trims that have a grant to cut"
        example "the trim has no grant among its components: loans and guarantees are never cut"
        remedy "correct it or take it out; docs/measure-language.md tells what may be";
    LEDGER = "M028": "a ledger that holds nothing"
        expects "a ceiling and components that are aid"
        example "the ledger 'empty' has no ceiling: no [[ledger.period]]"
        remedy "give it a ceiling and components that are aid, or take it out";
    READING = "M029": "a doubt whose other reading is no measure"
        expects "a value that could stand under the key"
        example "with this reading the measure does not read: 'trimm' is none of 'trim', 'reject', 'drop'"
        remedy "write what could stand under the key, or leave 'key' out: then alternatives are words";
    UNUSED = "M030": "something that has no use"
        expects "a use"
        example "the set 'never' is never used"
        remedy "remove it, or name it where it is meant";
    NO_REFERENCE = "M031": "a rule quotes nothing although there is a source"
        expects "the words of the source"
        example "the rule 'window' quotes nothing from the source"
        remedy "quote the words it rests on under 'ref'";
    UNUSUAL = "M032": "something unusual that may be meant"
        expects "what is usual"
        example "under GBER an order before the application ends the incentive effect of the whole project (art. 6)"
        remedy "check it against the call";
    QUOTE = "M033": "a quotation that does not stand in the source"
        expects "at least five words of the source, as they stand there"
        example "'the quick brown fox jumps' does not stand in '002_74c74a2ba7c5f6ff.txt'"
        remedy "quote the words as they stand in the text";
    UNREADABLE = "M040": "a folder or file of measures cannot be read"
        expects "a folder or file that may be read"
        example "cannot be read: No such file or directory (os error 2)"
        remedy "check that it is there, is text in UTF-8 and may be read";
}
