//! Parts that several pages use.

use serde::Serialize;

use super::frame::Link;

/// A word with a shape and a colour.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Chip {
    /// Text.
    pub text: String,
    /// `excellent`, `good`, `fair`, `poor`, `bad`; empty for plain.
    pub band: &'static str,
    /// Explanation shown on hover.
    pub title: String,
}

impl Chip {
    /// A chip without a band.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    /// A chip of a band.
    #[must_use]
    pub fn of(band: &'static str, text: &str) -> Self {
        Self { text: text.to_owned(), band, title: String::new() }
    }
}

/// A text that may be masked.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Shown {
    /// What may be seen of it.
    pub text: String,
    /// Whether something is hidden.
    pub is_masked: bool,
    /// By which rule, or for lack of which permission.
    pub why: String,
    /// Where it leads; empty for nowhere.
    pub href: String,
    /// Whether it is written in code type.
    pub is_code: bool,
}

impl Shown {
    /// An open text.
    #[must_use]
    pub fn open(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    /// An open text that leads somewhere.
    #[must_use]
    pub fn linked(text: &str, href: &str) -> Self {
        Self { href: href.to_owned(), ..Self::open(text) }
    }

    /// Code type.
    #[must_use]
    pub fn code(text: &str) -> Self {
        Self { is_code: true, ..Self::open(text) }
    }

    /// A masked text; `kept` is what is left of it.
    #[must_use]
    pub fn masked(kept: &str, why: &str) -> Self {
        Self {
            text: if kept.is_empty() { "masked" } else { kept }.to_owned(),
            is_masked: true,
            why: why.to_owned(),
            ..Self::default()
        }
    }
}

/// A line of a list of facts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Fact {
    /// What.
    pub term: String,
    /// Value.
    pub value: Shown,
}

/// Adds a fact unless its value is empty.
pub fn add_fact(facts: &mut Vec<Fact>, term: &str, value: Shown) {
    if !value.text.is_empty() {
        facts.push(Fact { term: term.to_owned(), value });
    }
}

/// A choice of a field.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Choice {
    /// Value that is sent.
    pub value: String,
    /// Text.
    pub label: String,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

/// A field of a form.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Field {
    /// Name that is sent; also the id.
    pub name: String,
    /// Label.
    pub label: String,
    /// `text`, `password`, `number`, `check`, `area`, `choice`, `hidden`.
    pub kind: &'static str,
    /// Value.
    pub value: String,
    /// Whether a check box is set.
    pub is_set: bool,
    /// One line on its effect.
    pub help: String,
    /// What is wrong with the value.
    pub error: String,
    /// Unit behind a number.
    pub unit: &'static str,
    /// Choices.
    pub choices: Vec<Choice>,
    /// Value of `autocomplete`; empty for `off`.
    pub autocomplete: &'static str,
    /// Longest value.
    pub chars_max: u32,
    /// Whether it must be filled in.
    pub is_required: bool,
}

impl Field {
    /// A field of a kind.
    #[must_use]
    pub fn new(kind: &'static str, name: &str, label: &str, value: &str) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            kind,
            value: value.to_owned(),
            chars_max: 4_096,
            ..Self::default()
        }
    }

    /// A check box.
    #[must_use]
    pub fn check(name: &str, label: &str, is_set: bool) -> Self {
        Self { is_set, ..Self::new("check", name, label, "1") }
    }

    /// A choice; `choices` are (value, text).
    #[must_use]
    pub fn choice(name: &str, label: &str, value: &str, choices: &[(&str, &str)]) -> Self {
        Self {
            choices: choices
                .iter()
                .map(|(own, text)| Choice {
                    value: (*own).to_owned(),
                    label: (*text).to_owned(),
                    is_chosen: *own == value,
                })
                .collect(),
            ..Self::new("choice", name, label, value)
        }
    }

    /// With a line on its effect.
    #[must_use]
    pub fn help(mut self, text: &str) -> Self {
        text.clone_into(&mut self.help);
        self
    }

    /// With a unit.
    #[must_use]
    pub fn unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }

    /// With a hint for password managers.
    #[must_use]
    pub fn autocomplete(mut self, hint: &'static str) -> Self {
        self.autocomplete = hint;
        self
    }

    /// That must be filled in.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.is_required = true;
        self
    }
}

/// A form.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// Fields.
    pub fields: Vec<Field>,
    /// Text of the button.
    pub submit: String,
    /// What is wrong with the whole.
    pub error: String,
}

/// The pager of a list, and what is not in it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Pager {
    /// As `1–50 of 1,284`.
    pub shown: String,
    /// Link to newer rows; empty for none.
    pub newer: String,
    /// Link to older rows; empty for none.
    pub older: String,
    /// What is left out and why.
    pub excluded: Vec<Link>,
}
