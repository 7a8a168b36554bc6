//! Text as people search it: accents, case and punctuation do not matter.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest token; longer ones are cut in the index and in searches alike.
pub const TOKEN_CHARS: usize = 64;

/// Lower case without accents: `Müller` becomes `muller`, `Straße` becomes `strasse`.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        for lower in c.to_lowercase() {
            match lower {
                'ß' => folded.push_str("ss"),
                'æ' => folded.push_str("ae"),
                'œ' => folded.push_str("oe"),
                'ø' => folded.push('o'),
                'đ' | 'ð' => folded.push('d'),
                'ł' => folded.push('l'),
                'ħ' => folded.push('h'),
                'ı' => folded.push('i'),
                'þ' => folded.push_str("th"),
                mark if is_combining_mark(mark) => {}
                other => folded.push(other),
            }
        }
    }
    folded
}

/// The text with umlauts written as two letters, when it has any: `Müller` becomes `Mueller`.
#[must_use]
pub fn spelled_out(text: &str) -> Option<String> {
    let spelled: String = text
        .nfc()
        .map(|c| match c {
            'ä' | 'Ä' => "ae".to_owned(),
            'ö' | 'Ö' => "oe".to_owned(),
            'ü' | 'Ü' => "ue".to_owned(),
            other => other.to_string(),
        })
        .collect();
    (!text.is_ascii() && spelled != text.nfc().collect::<String>()).then_some(spelled)
}

/// Words of a text, folded: runs of letters and runs of digits, so that `Müller12` gives `muller` and `12`.
#[must_use]
pub fn tokens(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut run = String::new();
    let mut run_chars = 0;
    let mut class = 0;
    for c in fold(text).chars() {
        let next = if c.is_numeric() {
            1
        } else if c.is_alphabetic() {
            2
        } else {
            0
        };
        if next != class && !run.is_empty() {
            found.push(std::mem::take(&mut run));
            run_chars = 0;
        }
        class = next;
        if next != 0 && run_chars < TOKEN_CHARS {
            run.push(c);
            run_chars += 1;
        }
    }
    if !run.is_empty() {
        found.push(run);
    }
    found
}

#[cfg(test)]
#[path = "fold_tests.rs"]
mod tests;
