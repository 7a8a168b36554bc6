//! Changes inputs of a corpus a little: bytes, numbers, pieces, and what hostile senders like.

use footfall::base::entropy::Entropy;

/// Pieces that break parsers.
const TOKENS: [&[u8]; 40] = [
    b"\"",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"\\udc00",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"-",
    b"*",
    b"0",
    b"-1",
    b"1e308",
    b"1e999",
    b"NaN",
    b"18446744073709551616",
    b"9223372036854775807",
    b"-9223372036854775808",
    b"0.1e-400",
    b"null",
    b"true",
    b"{}",
    b"[]",
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xe2\x80\xae",
    b"\xef\xbb\xbf",
    b"\n",
    b" ",
    b"'",
    b"none",
    b"any",
    b">=",
    b"<",
    b"prop.\"a\"",
    b"(a{999}){999}",
];

/// Values of JSON, and of much else.
const VALUES: [&[u8]; 22] = [
    b"0",
    b"-1",
    b"1.5",
    b"1e308",
    b"-1e308",
    b"18446744073709551615",
    b"-9223372036854775808",
    b"null",
    b"true",
    b"[]",
    b"{}",
    b"[{}]",
    b"\"\"",
    b"\"\\u0000\\u202e \"",
    b"\"<script>\"",
    b"\"https://u:p@[::1]:99999/%zz/1?x=4111111111111111#\"",
    b"\"a@b.example DE89370400440532013000\"",
    b"\"\\ud83d\\ude00\"",
    b"\"load\"",
    b"\"custom\"",
    b"\"\xc3\xbc\xe2\x80\xae\"",
    b"\"e\"",
];

/// Makes inputs from a corpus, the same ones for the same seed.
pub struct Mutator<'a> {
    entropy: Entropy,
    corpus: &'a [Vec<u8>],
    bytes_max: usize,
}

impl<'a> Mutator<'a> {
    /// Over this corpus.
    pub const fn new(entropy: Entropy, corpus: &'a [Vec<u8>], bytes_max: usize) -> Self {
        Self { entropy, corpus, bytes_max }
    }

    fn below(&self, bound: usize) -> usize {
        usize::try_from(self.entropy.below(bound as u64)).unwrap()
    }

    fn pick(&self) -> &'a [u8] {
        // Small inputs are tried more often: more of them fit into the same time.
        let first = &self.corpus[self.below(self.corpus.len())];
        let second = &self.corpus[self.below(self.corpus.len())];
        if first.len() <= second.len() { first } else { second }
    }

    /// Start and end of a piece of `bytes`.
    fn piece(&self, bytes: &[u8]) -> (usize, usize) {
        let start = self.below(bytes.len() + 1);
        let longest = (bytes.len() - start).min(1 << self.below(12));
        (start, start + self.below(longest + 1))
    }

    /// The next input.
    pub fn next(&mut self) -> Vec<u8> {
        let mut input = self.pick().to_vec();
        for _ in 0..=self.below(5) {
            self.change(&mut input);
        }
        input.truncate(self.bytes_max);
        input
    }

    fn change(&self, input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        match self.below(14) {
            0 if at < input.len() => input[at] ^= 1 << self.below(8),
            1 if at < input.len() => input[at] = self.entropy.next_u64().to_le_bytes()[0],
            2 | 3 => {
                let token = TOKENS[self.below(TOKENS.len())];
                input.splice(at..at, token.iter().copied());
            }
            4 => {
                let (start, end) = self.piece(input);
                input.drain(start..end);
            }
            5 => {
                let (start, end) = self.piece(input);
                let piece = input[start..end].to_vec();
                let times = 1 << self.below(6);
                input.splice(at..at, piece.repeat(times));
            }
            6 => {
                let other = self.pick();
                let (start, end) = self.piece(other);
                input.splice(at..at, other[start..end].iter().copied());
            }
            7 => input.truncate(at),
            8 => self.change_number(input, at),
            _ => self.change_value(input, at),
        }
    }

    /// Replaces the value after the first colon after `at`, so that what is around it stays readable.
    fn change_value(&self, input: &mut Vec<u8>, at: usize) {
        let Some(start) = input.iter().skip(at).position(|b| *b == b':').map(|n| n + at + 1) else {
            return;
        };
        let is_quoted = input[start..].trim_ascii_start().first() == Some(&b'"');
        let end_of = |b: &u8| if is_quoted { *b == b'"' } else { b",}] ".contains(b) };
        let skipped = if is_quoted {
            1 + input[start..].iter().position(|b| *b == b'"').unwrap_or(0)
        } else {
            usize::from(input.get(start) == Some(&b' '))
        };
        let length = input[start + skipped..].iter().position(end_of).unwrap_or(0);
        let end = start + skipped + length + usize::from(is_quoted);
        let value = VALUES[self.below(VALUES.len())];
        input.splice(start..end.min(input.len()), value.iter().copied());
    }

    /// Replaces the first number after `at`.
    fn change_number(&self, input: &mut Vec<u8>, at: usize) {
        let Some(start) = input.iter().skip(at).position(u8::is_ascii_digit).map(|n| n + at) else {
            return;
        };
        let digits = input[start..].iter().take_while(|b| b.is_ascii_digit()).count();
        let number = match self.below(4) {
            0 => self.entropy.next_u64().to_string(),
            1 => self.below(300).to_string(),
            2 => format!("{}e{}", self.below(100), self.below(400)),
            _ => "9".repeat(1 + self.below(30)),
        };
        input.splice(start..start + digits, number.into_bytes());
    }
}
