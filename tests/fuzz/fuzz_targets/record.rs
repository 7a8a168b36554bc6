//! The door of the fuzzer to `targets/record.rs`.

#![no_main]

#[path = "../targets/mod.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::record::run(data));
