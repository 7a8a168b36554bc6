//! Steps of ingest, one by one. `cargo bench --bench micro`; `-- decode` for one of them.
//!
//! Budgets on one core of a small server, for the 2 KB beacon of `sample.rs` (two actions, eight resources). All steps
//! together leave room for 16,000 beacons in a CPU-second, 62 µs each, with HTTP and the sync of the journal in it:
//!
//! | step | budget |
//! |---|---|
//! | decode a beacon | 12 µs |
//! | enrich it | 15 µs |
//! | batch of 512, for each beacon: sessionizer, counters, rows | 25 µs |
//! | encode an action | 6 µs |
//! | encode its resources | 8 µs |

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

#[path = "sample.rs"]
mod sample;

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use footfall::base::entropy::Entropy;
use footfall::base::id::{ApplicationId, BeaconId, VisitorId};
use footfall::base::time::Timestamp;
use footfall::engine::pipeline::Envelope;
use footfall::engine::pipeline::batch::Batch;
use footfall::engine::pipeline::state::State;
use footfall::engine::rules;
use footfall::logic::enrich::{Applications, ClientCache, Enricher, RequestFacts};
use footfall::model::application::{Application, SessionRules};
use footfall::model::beacon::Beacon;
use footfall::model::session::SessionInput;
use footfall::store::codec::Encoder;
use footfall::wire::beacon::{decode, encode};

const NOW: Timestamp = Timestamp(sample::SENT + 100);
const AGENT: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36";
const BATCH: usize = 512;
const VISITORS: usize = 64;

struct Bench {
    enricher: Enricher,
    applications: Applications,
    cache: ClientCache,
}

impl Bench {
    fn new() -> Self {
        let shop = Application::new(ApplicationId::DEFAULT, "Shop", Timestamp(0));
        Self {
            enricher: Enricher::new(
                rules::ruleset(&[]).unwrap(),
                Some(rules::country_database().unwrap()),
                [7; 32],
            ),
            applications: Applications::new([shop], &[]),
            cache: ClientCache::default(),
        }
    }

    fn beacon(page: &str) -> Beacon {
        // The sample's clock is a day behind what is believed.
        Beacon { base: Timestamp(sample::SENT - 7_000), ..sample::beacon(page) }
    }

    fn envelope(&mut self, number: usize, beacon: Beacon) -> Envelope {
        let facts = RequestFacts {
            received_at: NOW,
            ip: Some([192, 0, 2, 77].into()),
            user_agent: AGENT,
            application: ApplicationId::DEFAULT,
        };
        let (browser_session, tab) = (beacon.browser_session, beacon.tab);
        let release = beacon.release.clone();
        let enriched = self.enricher.enrich(beacon, &facts, &self.applications, &mut self.cache);
        Envelope {
            beacon: BeaconId(number as u128),
            application: ApplicationId::DEFAULT,
            visitor: VisitorId((number % VISITORS) as u128),
            browser_session,
            tab,
            received_at: NOW,
            is_new_visitor: false,
            lost: 0,
            release,
            enriched,
        }
    }
}

fn steps(criterion: &mut Criterion) {
    let mut bench = Bench::new();
    let body = encode(&Bench::beacon("/product/4711"));
    let mut group = criterion.benchmark_group("beacon");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("decode", |b| b.iter(|| decode(black_box(&body)).unwrap()));
    group.bench_function("enrich", |b| {
        b.iter_batched(
            || Bench::beacon("/product/4711"),
            |beacon| bench.envelope(1, beacon),
            BatchSize::SmallInput,
        );
    });
    group.finish();

    let mut group = criterion.benchmark_group("batch");
    group.throughput(Throughput::Elements(BATCH as u64));
    let ids = Entropy::seeded(1);
    let rules = |_| SessionRules::default();
    let mut encoder = Encoder::new().unwrap();
    group.bench_function("of 512", |b| {
        b.iter_batched(
            || {
                let envelope = |n| bench.envelope(n, Bench::beacon("/product/4711"));
                (State::default(), (0..BATCH).map(envelope).collect::<Vec<_>>())
            },
            |(mut state, envelopes)| {
                let mut batch = Batch::new(&mut state, &mut encoder, &ids, &rules, NOW);
                for envelope in envelopes {
                    batch.take(envelope).unwrap();
                }
                (batch.finish().unwrap(), state)
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();

    let mut part = bench.envelope(1, Bench::beacon("/product/4711")).enriched.parts.remove(0);
    let (_, resources) = part.resources.remove(0);
    let SessionInput::Action(action) = part.inputs.remove(0).1 else { panic!("no action") };
    let mut group = criterion.benchmark_group("record");
    group.bench_function("encode action", |b| b.iter(|| encoder.encode(&*action).unwrap()));
    group.bench_function("encode resources", |b| b.iter(|| encoder.encode(&resources).unwrap()));
    group.finish();
}

criterion_group!(micro, steps);
criterion_main!(micro);
