//! The tokenizer of the index: one word a line. Words are made by `base::fold`, for documents and for searches alike.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Its name in the schema.
pub(super) const LINES: &str = "lines";

/// Splits a text at its line breaks.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines;

impl Tokenizer for Lines {
    type TokenStream<'a> = LineStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> LineStream<'a> {
        LineStream { lines: text.split('\n'), token: Token::default() }
    }
}

/// The words of one text.
#[derive(Debug)]
pub(super) struct LineStream<'a> {
    lines: std::str::Split<'a, char>,
    token: Token,
}

impl TokenStream for LineStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(word) = self.lines.find(|word| !word.is_empty()) else {
            return false;
        };
        self.token.text.clear();
        self.token.text.push_str(word);
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
