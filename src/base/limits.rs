//! Every bound of the product, each with its reason.

/// Beacon body on the wire: browsers let 64 KiB be in flight when a page ends.
pub const BEACON_BYTES: usize = 64 * 1024;
/// Beacon body after inflating: four times the wire size, the usual ratio of our JSON.
pub const BEACON_INFLATED_BYTES: usize = 256 * 1024;
/// Events in one beacon: the agent sends far fewer; more is an attack.
pub const BEACON_EVENTS: usize = 200;
/// Properties of one event.
pub const EVENT_PROPERTIES: usize = 50;
/// Resources of one action that a beacon may carry.
pub const ACTION_RESOURCES: usize = 100;
/// Summaries (host and type) of resources of one action that are not kept whole.
pub const ACTION_RESOURCE_SUMS: usize = 50;
/// Errors of one action or page.
pub const ACTION_ERRORS: usize = 20;
/// Characters of a URL or referrer.
pub const URL_CHARS: usize = 2_048;
/// Characters of an action name.
pub const ACTION_NAME_CHARS: usize = 256;
/// Characters of the caption of a clicked element.
pub const CAPTION_CHARS: usize = 100;
/// Characters of a user tag.
pub const USER_TAG_CHARS: usize = 256;
/// Characters of a property key.
pub const PROPERTY_KEY_CHARS: usize = 64;
/// Characters of a property value.
pub const PROPERTY_VALUE_CHARS: usize = 512;
/// Characters of a user agent.
pub const USER_AGENT_CHARS: usize = 512;
/// Characters of an error message.
pub const ERROR_MESSAGE_CHARS: usize = 4_096;
/// Bytes of an error stack.
pub const ERROR_STACK_BYTES: usize = 32 * 1024;
/// Characters of short words such as language, connection, release, screen.
pub const WORD_CHARS: usize = 64;
/// Longest user action that is believed (dem-semantics 2.1: longer is reported as three minutes).
pub const ACTION_MILLIS: u32 = 180_000;
/// How far back client times are believed.
pub const CLIENT_AGE_MAX_MILLIS: i64 = 86_400_000;
/// Different pages of one application and day, before `{other}` (security A.3): the index keeps each as a word.
pub const DAY_PAGES: usize = 10_000;
/// Different groups of pages of one application and day: counted apart, so that pages that differ by a number leave them room.
pub const DAY_PAGE_GROUPS: usize = 2_000;
/// Different names of user actions of one application and day.
pub const DAY_ACTION_NAMES: usize = 5_000;
/// Different user tags of one application and day: as many people as one machine serves.
pub const DAY_USER_TAGS: usize = 100_000;
/// Different messages of errors of one application and day.
pub const DAY_ERROR_MESSAGES: usize = 5_000;
/// Different keys of properties of one application and day: lists and filters show them all.
pub const DAY_PROPERTY_KEYS: usize = 1_000;
/// Different releases of one application and day: a facet.
pub const DAY_RELEASES: usize = 1_000;
/// Different names and versions of browsers, systems and devices of one application and day: facets.
pub const DAY_CLIENT_WORDS: usize = 10_000;
/// Different screens, viewports, languages and the like of one application and day: windows have any size.
pub const DAY_ENVIRONMENT_WORDS: usize = 50_000;
/// Different campaigns and referrers of one application and day.
pub const DAY_SOURCES: usize = 10_000;
/// Different values of all kinds and applications that are remembered: at most about 36 MB of digests.
pub const DAY_VALUES: usize = 2_000_000;
/// Open sessions in memory; above it the one idle for longest is closed.
pub const OPEN_SESSIONS: usize = 50_000;
/// Events waiting in a session between two actions that are kept as rows.
pub const SESSION_EVENTS: u32 = 2_000;
/// Properties of a session.
pub const SESSION_PROPERTIES: usize = 50;
/// Applications that one session can visit.
pub const SESSION_APPLICATIONS: usize = 20;
/// Beacon ids remembered for duplicate suppression, in each of two generations: what a table of 2^19 places holds.
pub const BEACON_IDS: usize = 450_000;
/// Beacons that wait for the pipeline; above it the answer is 503.
pub const QUEUE_BEACONS: usize = 8_192;
/// Beacons of one batch.
pub const BATCH_BEACONS: usize = 1_000;
/// Applications of one install.
pub const APPLICATIONS: usize = 1_000;
/// Detection rules of one install (dem-semantics 1.2).
pub const DETECTION_RULES: usize = 1_000;
/// User tag rules of one application (dem-semantics 5.2).
pub const USER_TAG_RULES: usize = 20;
/// Property rules of one application: as many as one event can carry properties.
pub const PROPERTY_RULES: usize = EVENT_PROPERTIES;
/// Names, parts of addresses and browsers in a list of settings that the agent or the collector compares one by one.
pub const SETTING_ENTRIES: usize = 50;
/// Characters of a search.
pub const QUERY_CHARS: usize = 1_024;
/// Terms of a search.
pub const QUERY_TERMS: usize = 32;
/// Rows of one kind read for one session: actions and events are bounded per part, this is the safety net.
pub const SESSION_ROWS: usize = 5_000;
/// Bytes of one rule file: ten times the largest embedded one.
pub const RULE_FILE_BYTES: usize = 2 * 1024 * 1024;
/// Bytes of a place database: the large city databases have about 130 MB.
pub const GEO_FILE_BYTES: usize = 512 * 1024 * 1024;
/// Sessions of one export: some minutes of reading, and as much as a spreadsheet opens without trouble.
pub const EXPORT_SESSIONS: usize = 100_000;
/// Sessions that are read to be sorted by something else than their start: 2 MB of records.
pub const SORTED_SESSIONS: usize = 2_000;
/// Lines of the audit log that one search reads: a tenth of a second of decoding.
pub const AUDIT_SCAN: usize = 50_000;
