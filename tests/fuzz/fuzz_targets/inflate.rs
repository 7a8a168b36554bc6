//! The door of the fuzzer to `targets/inflate.rs`.

#![no_main]

#[path = "../targets/mod.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::inflate::run(data));
