//! The protocol of our own agent, one file a version.
//!
//! # Version 1
//!
//! A `POST` to `/beacon/{application}` with a JSON object, as it is or gzipped. Times are milliseconds; what is absent is
//! unknown, zero or empty; what has the wrong type counts as absent; what is too long is cut. Flags are 1.
//!
//! | beacon | meaning |
//! | --- | --- |
//! | `v` `id` `vi` `bs` `tab` | version 1; beacon, visitor (32 hexadecimal digits), browser session and tab (16) |
//! | `b` `s` | wall time to which offsets are added; wall time of sending |
//! | `av` `rel` `ret` `wd` `lost` | agent, release of the application, returning visitor, driven by a machine, events lost |
//! | `scr` `vp` `lang` `tz` `conn` | screen, viewport, language, time zone, effective connection type |
//! | `e` | events, at most `limits::BEACON_EVENTS` |
//!
//! Every event has `at` (offset from `b`) and `k`:
//!
//! | `k` | event | keys |
//! | --- | --- | --- |
//! | `a` | user action | below |
//! | `e` | error outside of an action | as in `er` |
//! | `v` | vitals of page view `pv` | `lcp` `inp`, `cls` in thousandths; the table below |
//! | `u` `p` | user tag, session properties | `v`; `pr` |
//! | `r` `d` | rage click, dead click | `c` caption, `u` page, `x` clicks |
//! | `h` `x` | the visitor is there, `endSession()` | |
//! | `q` | page end | `ps` kept in the back/forward cache, `vis` was visible, `nav` 1 same site 2 other site, `pe` other pages |
//! | `g` | another page of the browser went | `tab`, `vis` this page became visible |
//!
//! | action | meaning |
//! | --- | --- |
//! | `t` `id` `pa` | `load`, `xhr` or `custom`; number; number of the custom action around it |
//! | `n` `i{k,c,e}` | name given by the page; input: kind, caption, element |
//! | `u` `nu` `ru` `ti` `rf` | page, page after a route change, first request, title, referrer |
//! | `pg` `gg` `pv` | name and group of the page as the page gave them, page view |
//! | `d` `vc` `si` `lt` | duration, visually complete, speed index, long tasks |
//! | `soft` `hd` | route change; the page could not be seen when it began |
//! | `tm` | marks after the start: `rs re` redirect, `fs` fetch, `ds de` DNS, `cs ss ce` connect, `qs` request, `ps pe` response, `di` interactive, `ls le` `DOMContentLoaded`, `dc` complete, `os oe` `load`, `fp` `fcp` |
//! | `r[]` | resources: `u` `k` kind, `m` method, `st` status, `s` start, `d` duration, `ds de cs ce qs ps` after the start, `tb eb db` bytes over the wire, encoded, decoded, `p` protocol, `rb` render blocking, `f` failed |
//! | `rm[]` | the rest by host `h` and kind `k`: `c` count, `d` milliseconds, `b` bytes |
//! | `er[]` | errors: `at` after the start, `t` `js` `req` `custom`, `m` message, `n` name or value, `s` stack, `u` URL, `me` method, `st` status, `l` line, `c` column, `x` times |
//! | `pr` | properties |
//!
//! | vital | meaning |
//! | --- | --- |
//! | `le` `lu` `lt` `ld` `lr` `lw` | LCP: element, URL; parts: first byte, load delay, load duration, render delay |
//! | `ie` `it` `id` `ip` `iw` | INP: element, event; parts: input delay, processing, presentation delay |
//! | `is` `if` `il` | INP: script that took longest, its function, how long |
//! | `ce` `cv` `ct` | CLS: element, largest shift in thousandths, when |

mod encode;
mod fields;
mod lax;
mod v1;

pub use encode::encode;
pub use v1::decode;

#[cfg(test)]
mod tests;
