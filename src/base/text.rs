//! Bounded text: cut at character borders, control characters removed.

/// Cuts `text` to at most `bytes_max` bytes at a character border.
#[must_use]
pub fn cut(text: &str, bytes_max: usize) -> &str {
    if text.len() <= bytes_max {
        return text;
    }
    let mut end = bytes_max;
    while end > 0 && !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Cleans foreign text: control and bidirectional-override characters become spaces, the ends are trimmed, and it is
/// cut to `chars_max` characters.
#[must_use]
pub fn clean(text: &str, chars_max: usize) -> String {
    let is_bad = |c: char| {
        c.is_control()
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    text.trim()
        .chars()
        .take(chars_max)
        .map(|c| if is_bad(c) { ' ' } else { c })
        .collect::<String>()
        .trim_end()
        .to_owned()
}

/// Like [`clean`], but keeps line breaks and tabs: for stack traces.
#[must_use]
pub fn clean_lines(text: &str, bytes_max: usize) -> String {
    cut(text, bytes_max)
        .chars()
        .map(|c| if c.is_control() && c != '\n' && c != '\t' { ' ' } else { c })
        .collect()
}
