//! The JSON Schema of measure files against the reader: it takes what the reader takes, and knows the same keys at every place.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use grantfolio::load::measures::{SCHEMA, measure};
use grantfolio::portfolio::CATEGORIES;
use serde_json::Value as Json;
use toml::Value as Toml;

const EVERY_PRIMITIVE: &str = include_str!("data/measures/every-primitive.toml");

fn schema() -> Json {
    serde_json::from_str(SCHEMA).unwrap()
}

/// The schema behind a reference.
fn resolved<'s>(root: &'s Json, schema: &'s Json) -> &'s Json {
    match schema.get("$ref").and_then(Json::as_str) {
        Some(path) => resolved(root, root.pointer(path.strip_prefix('#').unwrap()).unwrap()),
        None => schema,
    }
}

fn is_of_type(value: &Toml, name: &str) -> bool {
    match name {
        // An editor sees a day as the text it is written as.
        "string" => value.is_str() || value.is_datetime(),
        "integer" => value.is_integer(),
        "boolean" => value.is_bool(),
        "array" => value.is_array(),
        "object" => value.is_table(),
        other => panic!("the schema uses the type {other}"),
    }
}

fn same(json: &Json, value: &Toml) -> bool {
    match (json, value) {
        (Json::String(a), Toml::String(b)) => a == b,
        (Json::Number(a), Toml::Integer(b)) => a.as_i64() == Some(*b),
        _ => false,
    }
}

/// Where a value does not fit; just enough of JSON Schema for ours. Patterns and formats are the editor's.
fn misfits(root: &Json, schema: &Json, value: &Toml, path: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut wrong = |what: &str| found.push(format!("{path}: {what}"));
    let empty = serde_json::Map::new();
    let properties = schema.get("properties").and_then(Json::as_object).unwrap_or(&empty);
    let count = |least: &Json| usize::try_from(least.as_u64().unwrap()).unwrap();
    let mut inner = Vec::new();
    for (keyword, rule) in schema.as_object().unwrap() {
        match keyword.as_str() {
            "$ref" => inner.extend(misfits(root, resolved(root, schema), value, path)),
            "type" => {
                let names: Vec<&Json> = rule.as_array().map_or(vec![rule], |names| names.iter().collect());
                if !names.iter().any(|name| is_of_type(value, name.as_str().unwrap())) {
                    wrong("type");
                }
            }
            "enum" if !rule.as_array().unwrap().iter().any(|word| same(word, value)) => wrong("enum"),
            "const" if !same(rule, value) => wrong("const"),
            "anyOf" | "oneOf" => {
                let options = rule.as_array().unwrap().iter();
                let fitting = options.filter(|o| misfits(root, o, value, path).is_empty()).count();
                if fitting == 0 || (keyword == "oneOf" && fitting > 1) {
                    wrong(keyword);
                }
            }
            "required" => {
                for key in rule.as_array().unwrap() {
                    if value.get(key.as_str().unwrap()).is_none() {
                        wrong(&format!("{key} is missing"));
                    }
                }
            }
            // Read below, held above, or the editor's.
            "minProperties" if value.as_table().is_some_and(|t| t.len() < count(rule)) => wrong(keyword),
            "maxProperties" if value.as_table().is_some_and(|t| t.len() > count(rule)) => wrong(keyword),
            "minItems" if value.as_array().is_some_and(|t| t.len() < count(rule)) => wrong(keyword),
            "maxItems" if value.as_array().is_some_and(|t| t.len() > count(rule)) => wrong(keyword),
            "properties"
            | "additionalProperties"
            | "items"
            | "enum"
            | "const"
            | "minProperties"
            | "maxProperties"
            | "minItems"
            | "maxItems"
            | "$schema"
            | "$defs"
            | "title"
            | "description"
            | "pattern"
            | "format"
            | "minLength"
            | "minimum" => {}
            other => panic!("the schema uses {other}, which this test does not know"),
        }
    }
    if let Some(items) = schema.get("items") {
        for (at, part) in value.as_array().into_iter().flatten().enumerate() {
            inner.extend(misfits(root, items, part, &format!("{path}.{at}")));
        }
    }
    for (key, part) in value.as_table().into_iter().flatten() {
        let here = format!("{path}.{key}");
        match (properties.get(key), schema.get("additionalProperties")) {
            (Some(property), _) => inner.extend(misfits(root, property, part, &here)),
            (None, Some(Json::Bool(false))) => inner.push(format!("{here}: unknown key")),
            (None, Some(rest)) => inner.extend(misfits(root, rest, part, &here)),
            (None, None) => {}
        }
    }
    found.extend(inner);
    found
}

fn of_file(text: &str) -> Vec<String> {
    let schema = schema();
    misfits(&schema, &schema, &Toml::Table(text.parse().unwrap()), "")
}

#[test]
fn what_the_reader_takes_fits_the_schema() {
    let none: Vec<String> = Vec::new();
    assert_eq!(of_file(EVERY_PRIMITIVE), none);
    for path in measure_files() {
        assert_eq!(of_file(&std::fs::read_to_string(&path).unwrap()), none, "{}", path.display());
    }
}

/// The measures that come with the program, and the invented ones.
fn measure_files() -> Vec<PathBuf> {
    let folder =
        |name: &str| std::fs::read_dir(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
    let paths = folder("measures").chain(folder("tests/measures")).map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect()
}

#[test]
fn common_mistakes_do_not_fit() {
    for (good, bad) in [
        ("claim = \"any_part\"", "clame = \"any_part\""),
        ("claim = \"any_part\"", "claim = \"some\""),
        ("withholding = \"0.04\"", "withholding = 0.04"),
        ("takes = [\"consultancy\"]", "takes = [\"consultansy\"]"),
        ("of = \"c\"\nper_unit", "of = \"c\"\nfixed = \"1\"\nper_unit"),
        ("effect = \"reject\"", "when = { size = {} }"),
        ("why = \"below the minimum nothing is granted\"\n", ""),
    ] {
        let text = EVERY_PRIMITIVE.replacen(good, bad, 1);
        assert_ne!(text, EVERY_PRIMITIVE, "{good}");
        assert_ne!(of_file(&text), Vec::<String>::new(), "{bad}");
    }
}

/// Every table of the file for which the schema names keys, as a path, with the schema's object for it.
fn tables_with_keys<'s>(
    root: &'s Json,
    schema: &'s Json,
    value: &Toml,
    path: &[String],
    into: &mut Vec<(Vec<String>, &'s Json)>,
) {
    let schema = resolved(root, schema);
    for options in ["anyOf", "oneOf"].iter().filter_map(|key| schema.get(key)?.as_array()) {
        // Options that only ask for a key describe the table at hand, not another.
        let others =
            options.iter().filter(|option| option.get("required").is_none() || option.get("type").is_some());
        for option in others.filter(|option| misfits(root, option, value, "").is_empty()) {
            tables_with_keys(root, option, value, path, into);
        }
    }
    let below = |key: String| [path, &[key]].concat();
    match value {
        Toml::Array(parts) => {
            for (at, part) in parts.iter().enumerate() {
                if let Some(items) = schema.get("items") {
                    tables_with_keys(root, items, part, &below(at.to_string()), into);
                }
            }
        }
        Toml::Table(table) => {
            if schema.get("properties").is_some() {
                into.push((path.to_vec(), schema));
            }
            for (key, part) in table {
                let property = schema.get("properties").and_then(|p| p.get(key));
                if let Some(inner) =
                    property.or_else(|| schema.get("additionalProperties").filter(|s| s.is_object()))
                {
                    tables_with_keys(root, inner, part, &below(key.clone()), into);
                }
            }
        }
        _ => {}
    }
}

fn at<'t>(value: &'t mut Toml, path: &[String]) -> &'t mut Toml {
    path.iter().fold(value, |value, key| match value {
        Toml::Array(parts) => &mut parts[key.parse::<usize>().unwrap()],
        other => other.get_mut(key.as_str()).unwrap(),
    })
}

#[test]
fn reader_and_schema_know_the_same_keys_at_every_place() {
    const STRANGE: &str = "xqzw_xqzw";
    let schema = schema();
    let file = Toml::Table(EVERY_PRIMITIVE.parse().unwrap());
    let mut places = Vec::new();
    tables_with_keys(&schema, &schema, &file, &[], &mut places);
    places.retain(|(_, object)| is_closed(object));
    let mut met: BTreeSet<String> = BTreeSet::new();
    for (path, object) in places {
        let mut odd = file.clone();
        let table = at(&mut odd, &path).as_table_mut().unwrap();
        table.insert(STRANGE.to_owned(), Toml::Boolean(true));
        let here: BTreeSet<String> = table.keys().cloned().collect();
        let report = measure("odd.toml", &toml::to_string(&odd).unwrap()).unwrap_err();
        let diagnostic = report
            .diagnostics()
            .iter()
            .find(|d| d.message.contains(STRANGE))
            .unwrap_or_else(|| panic!("{path:?}"));
        assert_eq!(diagnostic.code, "M002", "{path:?}");
        // The reader lists the keys it knows: at most twenty, then how many more.
        let help = diagnostic.help.clone().unwrap();
        let list = help.strip_prefix("known here: ").unwrap_or_else(|| panic!("{path:?}: {help}"));
        let (list, more) = match list.strip_suffix(" more").and_then(|list| list.rsplit_once(" and ")) {
            Some((list, more)) => (list, more.parse().unwrap()),
            None => (list, 0),
        };
        let shown: BTreeSet<String> = list.split(", ").map(str::to_owned).collect();
        let known: BTreeSet<String> = object["properties"].as_object().unwrap().keys().cloned().collect();
        assert!(shown.is_subset(&known), "{path:?}: the schema lacks some of {shown:?}");
        assert_eq!(shown.len() + more, known.len(), "{path:?}: the reader lacks some of {known:?}");
        // What is not shown stands in the file, which the reader takes.
        assert!(known.iter().all(|key| shown.contains(key) || here.contains(key)), "{path:?}");
        met.insert(object.to_string());
    }
    let mut every = BTreeMap::new();
    objects_with_keys(&schema, "", &mut every);
    let every: BTreeSet<String> =
        every.into_iter().filter(|(_, (_, object))| is_closed(object)).map(|(text, _)| text).collect();
    assert_eq!(met, every, "tests/data/measures/every-primitive.toml lacks a table of the schema");
}

fn is_closed(object: &Json) -> bool {
    object.get("additionalProperties") == Some(&Json::Bool(false))
}

/// Every object of the schema that names keys, with the place where it stands first.
fn objects_with_keys<'s>(schema: &'s Json, place: &str, into: &mut BTreeMap<String, (String, &'s Json)>) {
    if schema.get("type").is_some() && schema.get("properties").is_some() {
        into.entry(schema.to_string()).or_insert_with(|| (place.to_owned(), schema));
    }
    match schema {
        Json::Object(object) => {
            for (key, part) in object {
                let words = ["$defs", "properties", "items", "anyOf", "additionalProperties"];
                let here =
                    if words.contains(&key.as_str()) { place.to_owned() } else { format!("{place}.{key}") };
                objects_with_keys(part, &here, into);
            }
        }
        Json::Array(parts) => parts.iter().for_each(|part| objects_with_keys(part, place, into)),
        _ => {}
    }
}

/// What every rule has: one thing of the language, wherever it stands.
const OF_EVERY_RULE: [&str; 4] = ["id", "name", "ref", "doubt"];

#[test]
fn no_key_serves_one_measure_only() {
    let schema = schema();
    let mut objects = BTreeMap::new();
    objects_with_keys(&schema, "", &mut objects);
    let name_of = |object: &Json, key: &str| {
        let of_rule =
            object["properties"].get("doubt").is_some() && object["properties"].get("ref").is_some();
        let place = objects[&object.to_string()].0.trim_start_matches('.');
        if of_rule && OF_EVERY_RULE.contains(&key) { format!("rule.{key}") } else { format!("{place}.{key}") }
    };
    let every = objects.values().flat_map(|(_, object)| {
        object["properties"].as_object().unwrap().keys().map(|key| name_of(object, key))
    });
    let mut users: BTreeMap<String, usize> = every.map(|name| (name, 0)).collect();
    for path in measure_files() {
        let file = Toml::Table(std::fs::read_to_string(&path).unwrap().parse().unwrap());
        let mut places = Vec::new();
        tables_with_keys(&schema, &schema, &file, &[], &mut places);
        let used: BTreeSet<String> = places
            .iter()
            .flat_map(|(path, object)| {
                let table = path.iter().fold(&file, |value, key| match value {
                    Toml::Array(parts) => &parts[key.parse::<usize>().unwrap()],
                    other => &other[key.as_str()],
                });
                let keys = table.as_table().unwrap().keys();
                keys.filter(|key| object["properties"].get(key.as_str()).is_some())
                    .map(|key| name_of(object, key))
            })
            .collect();
        for name in used {
            *users.get_mut(&name).unwrap() += 1;
        }
    }
    let seldom: Vec<String> = users
        .iter()
        .filter(|(_, files)| **files < 2)
        .map(|(name, files)| format!("{name}: {files}"))
        .collect();
    assert!(seldom.is_empty(), "keys that fewer than two measures use:\n{}", seldom.join("\n"));
}

#[test]
fn the_schema_knows_every_category() {
    let schema = schema();
    let words = schema.pointer("/$defs/category/enum").unwrap().as_array().unwrap();
    let categories: Vec<&str> = CATEGORIES.iter().map(|category| category.id).collect();
    assert_eq!(words.iter().map(|word| word.as_str().unwrap()).collect::<Vec<_>>(), categories);
}
