//! A query that walks one stretch of a term dictionary and takes the terms that pass a test.

use std::sync::Arc;

use tantivy::postings::TermInfo;
use tantivy::query::{
    AutomatonWeight, BitSetDocSet, ConstScorer, DfaWrapper, EnableScoring, Explanation, Query,
    Scorer, Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{
    BitSet, DocId, DocSet, InvertedIndexReader, Score, SegmentReader, TERMINATED, TantivyError,
};

use super::budget::Budget;
use crate::model::query::Comparison;

/// Which terms of the stretch are taken; a test sees what follows the prefix.
#[derive(Debug, Clone)]
pub(super) enum TermTest {
    /// All of them.
    All,
    /// Those with this text inside.
    Contains(String),
    /// Those that are numbers in this relation.
    Number(Comparison, i64),
}

impl TermTest {
    fn passes(&self, rest: &[u8]) -> bool {
        match self {
            Self::All => true,
            Self::Contains(needle) => {
                std::str::from_utf8(rest).is_ok_and(|text| text.contains(needle.as_str()))
            }
            Self::Number(operator, number) => std::str::from_utf8(rest)
                .ok()
                .and_then(|text| text.trim().parse::<f64>().ok())
                .is_some_and(|value| {
                    #[expect(clippy::cast_precision_loss, reason = "properties are floats")]
                    operator.holds(&value, &(*number as f64))
                }),
        }
    }
}

/// Documents with a term that begins with `prefix` and passes the test.
#[derive(Debug, Clone)]
pub(super) struct DictionaryQuery {
    pub field: Field,
    pub prefix: String,
    pub test: TermTest,
    pub budget: Budget,
}

impl Query for DictionaryQuery {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for DictionaryQuery {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut found = BitSet::with_max_value(reader.max_doc());
        let inverted = reader.inverted_index(self.field)?;
        let prefix = self.prefix.as_bytes();
        let mut stream = inverted.terms().range().ge(prefix).into_stream()?;
        let mut walked: u32 = 0;
        while stream.advance() {
            let Some(rest) = stream.key().strip_prefix(prefix) else {
                break;
            };
            walked = walked.wrapping_add(1);
            if walked.is_multiple_of(1_024) {
                self.budget.check()?;
            }
            if self.test.passes(rest) {
                add_documents(&inverted, stream.value(), &mut found)?;
            }
        }
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(found), boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explanation(self, reader, doc)
    }
}

fn add_documents(
    inverted: &InvertedIndexReader,
    term: &TermInfo,
    found: &mut BitSet,
) -> tantivy::Result<()> {
    let mut postings =
        inverted.read_block_postings_from_terminfo(term, IndexRecordOption::Basic)?;
    loop {
        let docs = postings.docs();
        if docs.is_empty() {
            return Ok(());
        }
        for &doc in docs {
            found.insert(doc);
        }
        postings.advance();
    }
}

/// Documents with a term that an automaton takes: made once for all days.
#[derive(Clone)]
pub(super) struct AutomatonQuery {
    pub field: Field,
    pub automaton: Arc<DfaWrapper>,
}

impl std::fmt::Debug for AutomatonQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AutomatonQuery").field("field", &self.field).finish_non_exhaustive()
    }
}

impl Query for AutomatonQuery {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(AutomatonWeight::<DfaWrapper>::new(self.field, Arc::clone(&self.automaton))))
    }
}

fn explanation(
    weight: &dyn Weight,
    reader: &SegmentReader,
    doc: DocId,
) -> tantivy::Result<Explanation> {
    if weight.scorer(reader, 1.0)?.seek(doc) == doc {
        Ok(Explanation::new("match", 1.0))
    } else {
        Err(TantivyError::InvalidArgument("no match".to_owned()))
    }
}

/// A query whose matches are collected before they are used. What is excluded must be: the engine asks excluded
/// phrases for documents they have already passed, which they do not bear.
#[derive(Debug)]
pub(super) struct CollectedQuery(pub Box<dyn Query>);

impl Clone for CollectedQuery {
    fn clone(&self) -> Self {
        Self(self.0.box_clone())
    }
}

impl Query for CollectedQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(CollectedWeight(self.0.weight(scoring)?)))
    }
}

struct CollectedWeight(Box<dyn Weight>);

impl Weight for CollectedWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut found = BitSet::with_max_value(reader.max_doc());
        let mut scorer = self.0.scorer(reader, boost)?;
        let mut doc = scorer.doc();
        while doc != TERMINATED {
            found.insert(doc);
            doc = scorer.advance();
        }
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(found), boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explanation(self, reader, doc)
    }
}
