//! The door of the fuzzer to `targets/rules.rs`.

#![no_main]

#[path = "../targets/mod.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::rules::run(data));
