//! Simulation of the sessionizer: worlds from seeds, a clock that is moved by hand, and oracles.
//!
//! `SIM_SEED=17 cargo test --test sim` replays one seed.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod disk;
mod driver;
mod index;
mod oracles;
mod pipeline;
mod reference;
mod world;

use driver::{Timers, run};
use pipeline::Life;
use world::World;

/// Seeds of a run: 1,000, or the one that is asked for.
#[expect(clippy::disallowed_methods, reason = "a test is told its seed by the environment")]
fn seeds() -> Vec<u64> {
    std::env::var("SIM_SEED").map_or_else(
        |_| (0..1_000).collect(),
        |seed| vec![seed.parse().expect("SIM_SEED is a number")],
    )
}

/// Runs a check for each seed; a failure names the seed.
fn for_each_seed(check: impl Fn(u64) + std::panic::RefUnwindSafe) {
    for seed in seeds() {
        if let Err(panic) = std::panic::catch_unwind(|| check(seed)) {
            eprintln!("replay with SIM_SEED={seed}");
            std::panic::resume_unwind(panic);
        }
    }
}

#[test]
fn sessions_equal_those_of_the_reference() {
    for_each_seed(|seed| {
        let world = World::new(seed);
        let found = run(&world, Timers::OnTime);
        oracles::conservation(&world, &found);
        oracles::limits(&world, &found);
        let expected = reference::sessions(&world);
        oracles::same(&oracles::digest(&found), &expected);
    });
}

#[test]
fn late_timers_change_nothing() {
    for_each_seed(|seed| {
        let world = World::new(seed);
        let on_time = oracles::digest(&run(&world, Timers::OnTime));
        assert_eq!(oracles::digest(&run(&world, Timers::Never)), on_time, "seed {seed}");
    });
}

#[test]
fn order_inside_the_grace_changes_nothing() {
    for_each_seed(|seed| {
        let world = World::new(seed);
        let shuffled = world.shuffled(seed ^ 0x5eed);
        let found = run(&shuffled, Timers::OnTime);
        oracles::conservation(&shuffled, &found);
        let one = oracles::digest(&run(&world, Timers::OnTime));
        oracles::same(&oracles::digest(&found), &one);
    });
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    for_each_seed(|seed| {
        let one = run(&World::new(seed), Timers::OnTime);
        let other = run(&World::new(seed), Timers::OnTime);
        assert_eq!(one, other, "seed {seed}");
    });
}

#[test]
fn anything_in_any_order_is_accounted_for() {
    for_each_seed(|seed| {
        let world = World::new(seed).in_chaos(seed ^ 0xc4a0);
        let found = run(&world, Timers::OnTime);
        oracles::conservation(&world, &found);
        oracles::limits(&world, &found);
    });
}

/// The disk makes these slow: fewer seeds.
fn for_some_seeds(check: impl Fn(u64) + std::panic::RefUnwindSafe) {
    for_each_seed(|seed| {
        if seeds().len() == 1 || seed.is_multiple_of(10) {
            check(seed);
        }
    });
}

#[test]
fn what_is_on_disk_is_what_the_sessionizer_says() {
    for_some_seeds(|seed| {
        pipeline::check(seed, Life::Quiet, false);
    });
}

#[test]
fn after_kills_power_cuts_and_a_failing_disk_only_what_was_not_acknowledged_is_missing() {
    let struck = std::sync::Mutex::new([0; 4]);
    for_some_seeds(|seed| {
        let more = pipeline::check(seed, Life::Hard, false);
        let mut sum = struck.lock().unwrap();
        *sum = std::array::from_fn(|kind| sum[kind] + more[kind]);
    });
    let struck = struck.into_inner().unwrap();
    let is_whole = seeds().len() > 1;
    assert!(!is_whole || struck.iter().all(|count| *count > 10), "faults that struck: {struck:?}");
}

#[test]
fn the_same_seed_leaves_the_same_bytes_in_the_store() {
    for_some_seeds(|seed| {
        if seeds().len() == 1 || seed.is_multiple_of(100) {
            pipeline::check_same_bytes(seed);
        }
    });
}

#[test]
fn the_index_is_a_function_of_the_store() {
    for_some_seeds(|seed| {
        if seeds().len() == 1 || seed.is_multiple_of(100) {
            pipeline::check(seed, Life::Hard, true);
        }
    });
}
