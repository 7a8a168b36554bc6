//! What goes wrong in the shop: errors of scripts in the words of each engine, and requests that fail.

use super::browsers::Engine;
use super::dice::Dice;
use super::pages::ASSETS;
use crate::model::error_report::{ErrorKind, ErrorReport};

struct Fault {
    weight: u32,
    name: &'static str,
    blink: &'static str,
    gecko: &'static str,
    webkit: &'static str,
    script: &'static str,
    functions: [&'static str; 3],
    line: u32,
    column: u32,
}

const FAULTS: &[Fault] = &[
    Fault {
        weight: 40,
        name: "TypeError",
        blink: "Cannot read properties of undefined (reading 'price')",
        gecko: "item is undefined",
        webkit: "undefined is not an object (evaluating 'item.price')",
        script: "basket.11c0d2.js",
        functions: ["sumOfItems", "renderBasket", "onBasketChanged"],
        line: 1,
        column: 10_482,
    },
    Fault {
        weight: 22,
        name: "ReferenceError",
        blink: "consentGiven is not defined",
        gecko: "consentGiven is not defined",
        webkit: "Can't find variable: consentGiven",
        script: "app.3f7d5e.js",
        functions: ["startTracking", "onReady", "boot"],
        line: 1,
        column: 48_213,
    },
    Fault {
        weight: 14,
        name: "TypeError",
        blink: "Failed to fetch",
        gecko: "NetworkError when attempting to fetch resource.",
        webkit: "Load failed",
        script: "vendor.90aa12.js",
        functions: ["request", "retry", "loadRecommendations"],
        line: 2,
        column: 3_117,
    },
    Fault {
        weight: 8,
        name: "QuotaExceededError",
        blink: "Failed to execute 'setItem' on 'Storage': Setting the value of 'recent' exceeded the quota.",
        gecko: "The quota has been exceeded.",
        webkit: "The quota has been exceeded.",
        script: "app.3f7d5e.js",
        functions: ["rememberProduct", "onView", "boot"],
        line: 1,
        column: 51_940,
    },
];

const PAYMENT: Fault = Fault {
    weight: 1,
    name: "TypeError",
    blink: "Cannot read properties of null (reading 'orderNumber')",
    gecko: "answer is null",
    webkit: "null is not an object (evaluating 'answer.orderNumber')",
    script: "checkout.e02b7a.js",
    functions: ["showOrder", "onPaymentAnswer", "submitOrder"],
    line: 1,
    column: 7_730,
};

/// One of the usual errors of the shop's scripts.
#[must_use]
pub fn script_error(dice: &Dice, engine: Engine, at: i64) -> ErrorReport {
    report(dice.weigh(FAULTS, |fault| fault.weight), engine, at)
}

/// The error of the bad release, when the payment did not answer as expected.
#[must_use]
pub fn payment_error(engine: Engine, at: i64) -> ErrorReport {
    report(&PAYMENT, engine, at)
}

/// A request that failed.
#[must_use]
pub fn request_error(url: &str, method: &str, status: u16, at: i64) -> ErrorReport {
    let message = match status {
        0 => "no answer".to_owned(),
        _ => format!("HTTP {status}"),
    };
    ErrorReport {
        kind: ErrorKind::Request,
        at,
        message,
        url: url.to_owned(),
        method: method.to_owned(),
        status,
        count: 1,
        ..ErrorReport::default()
    }
}

/// An error that the shop reports by itself.
#[must_use]
pub fn custom_error(key: &str, value: &str, at: i64) -> ErrorReport {
    ErrorReport {
        kind: ErrorKind::Custom,
        at,
        message: key.to_owned(),
        name: value.to_owned(),
        count: 1,
        ..ErrorReport::default()
    }
}

fn report(fault: &Fault, engine: Engine, at: i64) -> ErrorReport {
    let url = format!("{ASSETS}/{}", fault.script);
    let (line, column) = (fault.line, fault.column);
    let [inner, middle, outer] = fault.functions;
    let (message, stack) = match engine {
        Engine::Blink => (
            fault.blink,
            format!(
                "{}: {}\n    at {inner} ({url}:{line}:{column})\n    at {middle} ({url}:{line}:{})\n    at {outer} ({url}:{line}:{})",
                fault.name,
                fault.blink,
                column + 911,
                column + 2_640
            ),
        ),
        Engine::Gecko => (
            fault.gecko,
            format!(
                "{inner}@{url}:{line}:{column}\n{middle}@{url}:{line}:{}\n{outer}@{url}:{line}:{}\n",
                column + 911,
                column + 2_640
            ),
        ),
        Engine::WebKit => (
            fault.webkit,
            format!(
                "{inner}@{url}:{line}:{column}\n{middle}@{url}:{line}:{}\n{outer}@{url}:{line}:{}",
                column + 911,
                column + 2_640
            ),
        ),
    };
    ErrorReport {
        kind: ErrorKind::Javascript,
        at,
        message: message.to_owned(),
        name: fault.name.to_owned(),
        stack,
        url,
        line,
        column,
        count: 1,
        ..ErrorReport::default()
    }
}
