//! Tests of words for outcomes.

use super::*;

#[test]
fn every_outcome_has_words() {
    for known in Outcome::ALL {
        let (band, label, text) = outcome(*known);
        assert!(!band.is_empty() && !label.is_empty() && !text.is_empty(), "{known:?}");
    }
}
