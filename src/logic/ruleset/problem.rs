//! What is wrong with a rule file, and where.

/// A rule file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct RuleProblem {
    /// Name of the file.
    pub file: String,
    /// Line, from 1; 0 when it is not known.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl RuleProblem {
    /// A problem at a byte of the text.
    #[must_use]
    pub fn at(file: &str, text: &str, byte: usize, message: impl Into<String>) -> Self {
        let before = text.as_bytes().iter().take(byte);
        let line = 1 + before.filter(|b| **b == b'\n').count();
        Self { file: file.to_owned(), line, message: message.into() }
    }
}
