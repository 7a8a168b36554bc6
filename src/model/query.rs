//! Syntax tree of the filter language (ui 3.4).

use serde::{Deserialize, Serialize};

/// A filter: all terms must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Filter {
    /// Terms, joined by AND.
    pub terms: Vec<Term>,
}

/// One term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Must not hold.
    pub is_negated: bool,
    /// What is asked.
    pub test: Test,
    /// The term as it was typed, and where it begins (byte offset).
    pub source: String,
    /// Byte offset in the text.
    pub offset: usize,
}

/// What a term asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Test {
    /// A word without a field: user tag, session id, page, action, error text.
    Word(String),
    /// A field that holds one of some values.
    Values {
        /// Field.
        field: Field,
        /// Values, joined by OR.
        values: Vec<Value>,
    },
    /// A number compared: durations in milliseconds.
    Compare {
        /// Field.
        field: Field,
        /// Operator.
        operator: Comparison,
        /// Number.
        number: i64,
    },
}

/// A value of a term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// Equals.
    Is(String),
    /// `ann*`
    StartsWith(String),
    /// `*ann*`
    Contains(String),
    /// `none`
    None,
    /// `any`
    Any,
}

/// How a number is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    /// `:` with a number.
    Equal,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
}

/// Fields of sessions.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Field {
    /// `user`
    User,
    /// `user.type`: real, robot, synthetic
    UserType,
    /// `user.new`: yes, no
    UserNew,
    /// `visitor`
    Visitor,
    /// `session`
    Session,
    /// `app`
    App,
    /// `browser`
    Browser,
    /// `browser.version`
    BrowserVersion,
    /// `os`
    Os,
    /// `os.version`
    OsVersion,
    /// `device`
    Device,
    /// `device.type`: desktop, phone, tablet, other
    DeviceType,
    /// `country`
    Country,
    /// `region`
    Region,
    /// `city`
    City,
    /// `isp`
    Isp,
    /// `ip`
    Ip,
    /// `screen`
    Screen,
    /// `language`
    Language,
    /// `connection`
    Connection,
    /// `release`
    Release,
    /// `entry`
    Entry,
    /// `exit`
    Exit,
    /// `page`
    Page,
    /// `action`
    Action,
    /// `error`
    Error,
    /// `error.type`: javascript, request, custom
    ErrorType,
    /// `referrer`
    Referrer,
    /// `campaign`
    Campaign,
    /// `live`: yes, no
    Live,
    /// `bounce`: yes, no
    Bounce,
    /// `end`: `timeout`, `window_closed`, ...
    End,
    /// `ux`: satisfied, tolerated, frustrated
    Experience,
    /// `duration`
    Duration,
    /// `actions`
    Actions,
    /// `errors`
    Errors,
    /// `rage`
    Rage,
    /// `counted`: yes, no
    Counted,
    /// `prop.name`
    Property(String),
}
