//! Replays the corpus of every fuzz target and a fixed number of mutations of it, without a fuzzer.
//!
//! `FUZZ_ROUNDS` multiplies the mutations, `FUZZ_SEED` gives others, `FUZZ_TARGET` picks one target.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod mutate;
mod targets;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use footfall::base::entropy::Entropy;
use mutate::Mutator;
use targets::Target;

/// Mutations of one target in an ordinary run: all of them take some seconds.
const MUTATIONS: [(&str, u64); 5] = [
    ("beacon", 4_000),
    ("inflate", 6_000),
    ("query", 60_000),
    ("record", 30_000),
    ("rules", 1_500),
];
/// Longest mutated input.
const BYTES_MAX: usize = 300_000;

#[expect(clippy::disallowed_methods, reason = "long runs are asked for by the environment")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn number(name: &str, default: u64) -> u64 {
    setting(name).map_or(default, |text| text.parse().unwrap())
}

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(path)
}

/// Corpus of a target by file name: its own folder, and what others keep for it.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let mut folders = vec![folder("fuzz/corpus").join(target)];
    if target == "beacon" {
        folders.extend([folder("golden/beacons/v1"), folder("golden/beacons/hostile")]);
    }
    let mut files = Vec::new();
    for folder in folders {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            files.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    files.sort();
    assert!(!files.is_empty(), "{target} has no corpus");
    files
}

/// Runs one input; a panic keeps it as a file and names it.
fn try_one(target: (&str, Target), name: &str, input: &[u8]) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| target.1(input))) {
        let path = std::env::temp_dir().join(format!("footfall-fuzz-{}", target.0));
        fs::write(&path, input).unwrap();
        eprintln!("{} fails on {name}; the input is in {}", target.0, path.display());
        std::panic::resume_unwind(panic);
    }
}

#[test]
fn every_corpus_file_keeps_every_promise() {
    for target in targets::ALL {
        for (name, input) in corpus(target.0) {
            try_one(target, &name, &input);
        }
    }
}

#[test]
fn mutations_of_the_corpus_keep_every_promise() {
    let (rounds, seed) = (number("FUZZ_ROUNDS", 1), number("FUZZ_SEED", 1));
    let only = setting("FUZZ_TARGET");
    let is_wanted = |name: &str| only.as_ref().is_none_or(|only| only == name);
    for target in targets::ALL.into_iter().filter(|(name, _)| is_wanted(name)) {
        let inputs: Vec<Vec<u8>> = corpus(target.0).into_iter().map(|(_, input)| input).collect();
        let count = MUTATIONS.iter().find(|(name, _)| *name == target.0).unwrap().1;
        let mut mutator = Mutator::new(Entropy::seeded(seed), &inputs, BYTES_MAX);
        for round in 0..count * rounds {
            let input = mutator.next();
            try_one(target, &format!("mutation {round} of seed {seed}"), &input);
        }
    }
}
