//! Who knows whom inside this crate (FE-18): types know nobody, engines know types, plasticity stands apart; and on whom it depends.
#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

/// Folders of `src`, and what none of their files may name.
const APART: [(&str, &[&str]); 6] = [
    ("kernel", &["area", "burst", "cell", "pool", "rule", "store"]),
    ("rule", &["area", "burst", "cell", "kernel", "pool", "store"]),
    ("cell", &["area", "burst", "kernel", "pool", "rule", "store"]),
    ("store", &["burst", "cell", "kernel", "pool", "rule"]),
    ("area", &["burst", "cell", "kernel", "pool", "rule", "store"]),
    ("pool", &["area", "burst", "rule", "store"]),
];

/// Every file below a folder, with its text.
fn files(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Whether a text names a module of the crate in code: `crate::name::` or `name::` inside `use crate::{…}`.
fn names(text: &str, module: &str) -> bool {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let path = format!("{module}::");
    code.into_iter().any(|line| {
        line.match_indices(&path).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let inside_crate = line[..at].ends_with("crate::") || line.trim_start().starts_with(&path);
            inside_crate || matches!(before, Some('{' | ' ')) && line.contains("use crate::{")
        })
    })
}

#[test]
fn fe_18_types_know_no_engine_and_plasticity_stands_apart() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (folder, strangers) in APART {
        let mut found = Vec::new();
        files(&source.join(folder), &mut found);
        assert!(!found.is_empty(), "{folder}");
        for (path, text) in found {
            for stranger in strangers {
                assert!(!names(&text, stranger), "{path} names {stranger}");
            }
        }
    }
}

#[test]
fn fe_15_there_is_no_lock_that_a_burst_could_wait_for() {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    for (path, text) in found {
        for word in ["Mutex", "RwLock", "OnceLock", "Condvar", "UnsafeCell", "RefCell", "sync::atomic"] {
            assert!(!text.contains(word), "{path} names {word}");
        }
    }
}

#[test]
fn fe_17_fe_18_nothing_of_ours_is_needed_and_nothing_needs_an_operating_system() {
    let manifest = include_str!("../Cargo.toml");
    let dependencies = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let names: Vec<_> = dependencies.lines().filter_map(|line| line.split(['.', ' ', '=']).next()).collect();
    let names: Vec<_> = names.into_iter().filter(|name| !name.is_empty() && !name.starts_with('#')).collect();
    assert_eq!(names, ["crc32fast", "libm", "rayon", "thiserror"]);
    assert!(dependencies.lines().any(|line| line.starts_with("rayon") && line.contains("optional = true")));
    assert!(include_str!("../src/lib.rs").lines().any(|line| line == "#![no_std]"));
}
