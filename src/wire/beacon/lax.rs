//! Forgiving values: what has the wrong type counts as absent, what is too long is cut, what is too large is clamped.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::base::limits;
use crate::base::text;

macro_rules! ignore {
    ($value:expr; $($part:ident),*) => { $(ignore!(@$part $value);)* };
    (@text $value:expr) => {
        fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> { Ok($value) }
    };
    (@numbers $value:expr) => {
        fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> { Ok($value) }
        fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> { Ok($value) }
        fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> { Ok($value) }
        fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> { Ok($value) }
    };
    (@null $value:expr) => {
        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> { Ok($value) }
    };
    (@list $value:expr) => {
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            Ok($value)
        }
    };
    (@map $value:expr) => {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok($value)
        }
    };
}

macro_rules! expecting {
    ($text:literal) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str($text)
        }
    };
}

/// A text, or a number or truth value written as text; borrowed where the JSON allows it.
#[derive(Debug, Default)]
pub struct Text<'a>(Cow<'a, str>);

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;
    expecting!("a text");

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(text)))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(number.to_string())))
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(number.to_string())))
    }
    fn visit_f64<E: Error>(self, number: f64) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(number.to_string())))
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(if value { "true" } else { "false" })))
    }
    ignore!(Text::default(); null, list, map);
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

impl Text<'_> {
    /// The text as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Cleaned and cut to `chars_max` characters.
    pub fn line(self, chars_max: usize) -> String {
        let is_plain = self.0.len() <= chars_max
            && self.0.bytes().all(|b| (0x20..0x7f).contains(&b))
            && !self.0.starts_with(' ')
            && !self.0.ends_with(' ');
        if is_plain {
            return self.0.into_owned();
        }
        text::clean(&self.0, chars_max).trim().to_owned()
    }

    /// Cleaned, with its line breaks, and cut to `bytes_max` bytes.
    pub fn lines(self, bytes_max: usize) -> String {
        text::clean_lines(&self.0, bytes_max)
    }

    /// The number that these hexadecimal digits write; `None` unless there are exactly `digits` of them.
    pub fn hex(&self, digits: usize) -> Option<u128> {
        let is_hex = self.0.len() == digits && self.0.bytes().all(|b| b.is_ascii_hexdigit());
        is_hex.then(|| u128::from_str_radix(&self.0, 16).ok())?
    }
}

/// A whole number, rounded; `None` when there is none.
#[derive(Debug, Default, Clone, Copy)]
pub struct Number(pub Option<i64>);

struct NumberVisitor;

impl<'de> Visitor<'de> for NumberVisitor {
    type Value = Number;
    expecting!("a number");

    fn visit_u64<E: Error>(self, number: u64) -> Result<Number, E> {
        Ok(Number(Some(i64::try_from(number).unwrap_or(i64::MAX))))
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<Number, E> {
        Ok(Number(Some(number)))
    }
    #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, which is what is wanted")]
    fn visit_f64<E: Error>(self, number: f64) -> Result<Number, E> {
        Ok(Number(Some(number.round() as i64)))
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<Number, E> {
        Ok(Number(Some(i64::from(value))))
    }
    ignore!(Number(None); text, null, list, map);
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
    }
}

impl Number {
    /// Clamped to `0..=max`, if there is one.
    pub fn get(self, max: u32) -> Option<u32> {
        let clamped = self.0?.clamp(0, i64::from(max));
        u32::try_from(clamped).ok()
    }

    /// Clamped to `0..=max`; 0 if there is none.
    pub fn or_zero(self, max: u32) -> u32 {
        self.get(max).unwrap_or(0)
    }

    /// Milliseconds within an action.
    pub fn millis(self) -> u32 {
        self.or_zero(limits::ACTION_MILLIS)
    }

    /// An HTTP status; 0 when it is none.
    pub fn status(self) -> u16 {
        let status = self.0.and_then(|n| u16::try_from(n).ok()).unwrap_or(0);
        if status <= 999 { status } else { 0 }
    }

    /// Whether it is there and not zero.
    pub fn is_set(self) -> bool {
        self.0.is_some_and(|n| n != 0)
    }
}

/// An object, if it is one.
#[derive(Debug)]
pub struct Object<T>(pub Option<T>);

impl<T> Default for Object<T> {
    fn default() -> Self {
        Self(None)
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;
    expecting!("an object");

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|value| Object(Some(value)))
    }
    ignore!(Object(None); text, numbers, null, list);
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ObjectVisitor(PhantomData))
    }
}

/// The first `MAX` objects of a list, each turned into `T` at once; the rest is read over.
#[derive(Debug)]
pub struct List<R, T, const MAX: usize> {
    /// What was taken.
    pub items: Vec<T>,
    /// Whether there was more.
    pub has_more: bool,
    raw: PhantomData<R>,
}

impl<R, T, const MAX: usize> Default for List<R, T, MAX> {
    fn default() -> Self {
        Self { items: Vec::new(), has_more: false, raw: PhantomData }
    }
}

/// What a raw object becomes; `None` is left out.
pub trait Finish<T> {
    /// Cleans, cuts and clamps.
    fn finish(self) -> Option<T>;
}

struct ListVisitor<R, T, const MAX: usize>(PhantomData<(R, T)>);

impl<'de, R, T, const MAX: usize> Visitor<'de> for ListVisitor<R, T, MAX>
where
    R: Deserialize<'de> + Finish<T>,
{
    type Value = List<R, T, MAX>;
    expecting!("a list of objects");

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut taken = List::default();
        for _ in 0..MAX {
            let Some(object) = list.next_element::<Object<R>>()? else {
                return Ok(taken);
            };
            taken.items.extend(object.0.and_then(Finish::finish));
        }
        while list.next_element::<IgnoredAny>()?.is_some() {
            taken.has_more = true;
        }
        Ok(taken)
    }
    ignore!(List::default(); text, numbers, null, map);
}

impl<'de, R, T, const MAX: usize> Deserialize<'de> for List<R, T, MAX>
where
    R: Deserialize<'de> + Finish<T>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

/// Properties: texts by key, the last value of a key wins, at most `limits::EVENT_PROPERTIES`.
#[derive(Debug, Default)]
pub struct Properties(pub Vec<(String, String)>);

struct PropertiesVisitor;

impl<'de> Visitor<'de> for PropertiesVisitor {
    type Value = Properties;
    expecting!("an object of texts");

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        while let Some((key, value)) = map.next_entry::<Text<'de>, Text<'de>>()? {
            let key = key.line(limits::PROPERTY_KEY_CHARS);
            if key.is_empty() {
                continue;
            }
            let value = value.line(limits::PROPERTY_VALUE_CHARS);
            if let Some(pair) = pairs.iter_mut().find(|(known, _)| *known == key) {
                pair.1 = value;
            } else if pairs.len() < limits::EVENT_PROPERTIES {
                pairs.push((key, value));
            }
        }
        Ok(Properties(pairs))
    }
    ignore!(Properties::default(); text, numbers, null, list);
}

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PropertiesVisitor)
    }
}
