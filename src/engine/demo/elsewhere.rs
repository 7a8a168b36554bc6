//! Visits to other sites than the demo's: everything that has a name gets another one.

use super::Visit;
use super::dice::Dice;

const FILES: &[&str] = &[
    "main.{}.js",
    "runtime.{}.js",
    "polyfills.{}.js",
    "vendors~main.{}.chunk.js",
    "app-{}.js",
    "index-{}.js",
    "chunk-{}.js",
    "_next/static/chunks/framework-{}.js",
    "_next/static/chunks/pages/_app-{}.js",
    "bundle.min.js?v={}",
    "jquery-3.7.1.min.js",
    "bootstrap.bundle.min.js",
    "main.{}.css",
    "styles.{}.css",
    "index-{}.css",
    "bootstrap.min.css",
    "fonts/roboto-v30-latin-regular.woff2",
    "fonts/opensans-{}.woff2",
    "favicon.ico",
    "img/logo.svg",
    "images/header-{}.jpg",
    "images/product_{}.png",
    "media/{}/800x600.webp",
    "thumbs/{}_400.webp",
    "uploads/2026/11/{}-1024x683.jpg",
    "sprite.svg",
    "wp-content/themes/main/style.css?ver={}",
];
const FOREIGN: &[&str] = &[
    "https://www.googletagmanager.com/gtm.js?id=GTM-{}",
    "https://www.google-analytics.com/analytics.js",
    "https://connect.facebook.net/en_US/fbevents.js",
    "https://fonts.googleapis.com/css2?family=Roboto:wght@400;700",
    "https://fonts.gstatic.com/s/roboto/v30/{}.woff2",
    "https://cdn.jsdelivr.net/npm/vue@3.5.13/dist/vue.global.prod.js",
    "https://cdnjs.cloudflare.com/ajax/libs/jquery/3.7.1/jquery.min.js",
    "https://unpkg.com/react@18/umd/react.production.min.js",
    "https://js.stripe.com/v3/",
    "https://static.hotjar.com/c/hotjar-{}.js?sv=6",
    "https://www.youtube.com/iframe_api",
    "https://consent.cookiebot.com/uc.js",
    "https://cdn.cookielaw.org/scripttemplates/otSDKStub.js",
];
const PATHS: &[&str] = &[
    "/products",
    "/product/",
    "/shop/category/",
    "/articles/",
    "/news",
    "/account",
    "/account/orders",
    "/cart",
    "/checkout/",
    "/signin",
    "/de/produkte",
    "/en/contact",
    "/about",
    "/search/results",
    "/dashboard",
    "/app/settings",
    "/faq",
    "/api/v1/items",
    "/api/v2/users/me",
    "/graphql",
    "/rest/orders",
    "/api/search?query=",
    "/services/rest/",
];
const CAPTIONS: &[&str] = &[
    "Add to cart",
    "Buy",
    "Submit",
    "Save",
    "Cancel",
    "OK",
    "Next",
    "Back",
    "Login",
    "Log in",
    "Register",
    "Delete",
    "Edit",
    "Details",
    "More",
    "Show all",
    "In den Warenkorb",
    "Zur Kasse",
    "Anmelden",
    "Weiter",
    "Suchen",
    "Kaufen",
    "Filter",
    "Apply",
];
const SYLLABLES: &[&str] = &[
    "ba", "ko", "ri", "mon", "tel", "sa", "fi", "lu", "der", "net", "go", "vi", "data", "home",
    "star",
];
const TOPS: &[&str] = &["com", "com", "de", "at", "org", "io", "co.uk", "fr"];
const OWN_FILES: &[&str] = &[
    "app.6c1f09.css",
    "theme.b81e44.css",
    "vendor.90aa12.js",
    "app.3f7d5e.js",
    "basket.11c0d2.js",
    "checkout.e02b7a.js",
    "inter-latin-400.woff2",
    "inter-latin-600.woff2",
    "logo.svg",
    "icons.svg",
];
const OWN_FOREIGN: &[&str] = &[
    "https://tags.metrics.example/t.js",
    "https://consent.example/v3/banner.js",
    "https://widgets.reviews.example/stars.js",
    "https://pay.example/sdk/v2/elements.js",
];
const OWN_WORDS: &[&str] = &[
    "sidamo-natural",
    "yirgacheffe-washed",
    "house-espresso",
    "decaf-swiss",
    "huila-pink",
    "monsooned",
    "antigua",
    "kenya-aa",
    "grinder",
    "v60-set",
    "aeropress",
    "moka-pot",
    "cupping",
    "gift-box",
    "roastery",
    "subscription",
    "black-friday",
    "autumn",
    "barista",
    "espresso-cups",
    "milk-jug",
    "filters",
    "newsletter-47",
    "retargeting",
    "renderBasket",
    "sumOfItems",
    "Webshop",
    "Coffee beans",
    "Sidamo Natural, 500 g",
];
const OWN_PATHS: &[&str] = &[
    "/category/beans",
    "/product/212",
    "/payment/finish",
    "/basket",
    "/checkout",
    "/search",
    "/login",
    "/orders",
    "/help",
    "/api/session",
    "/api/recommendations?slot=top",
    "/api/products?category=",
    "/api/offers",
    "/api/newsletter",
];
const OWN_CAPTIONS: &[&str] = &[
    "Add to basket",
    "Pay now",
    "Sign in",
    "Sort by price",
    "Organic",
    "Next page",
    "Reviews",
    "Check availability",
    "Whole beans",
    "In stock only",
    "Apply voucher",
    "Express delivery",
    "Track parcel",
    "Order again",
    "Show more offers",
];
const CDN: &[&str] = &["", "static.", "assets.", "www."];
const FOLDERS: &[&str] = &["static", "assets", "dist", "build", "_next"];

fn any(dice: &Dice, table: &'static [&'static str]) -> &'static str {
    dice.pick::<&str>(table)
}

/// A site that is not the demo's: what to write instead of which text.
pub fn site(dice: &Dice) -> Vec<(String, String)> {
    let word = || (0..dice.between(2, 4)).map(|_| any(dice, SYLLABLES)).collect::<String>();
    let domain = format!("{}.{}", word(), any(dice, TOPS));
    let fill = |pattern: &str| pattern.replace("{}", &format!("{:08x}", dice.word()));
    let mut map = Vec::new();
    let mut put = |from: &str, to: String| map.push((from.to_owned(), to));
    for file in OWN_FILES {
        put(file, fill(any(dice, FILES)));
    }
    for foreign in OWN_FOREIGN {
        put(foreign, fill(any(dice, FOREIGN)));
    }
    for own in OWN_WORDS {
        put(own, word());
    }
    for path in OWN_PATHS {
        let tail = if dice.chance(300) { word() } else { String::new() };
        put(path, format!("{}{tail}", any(dice, PATHS)));
    }
    for caption in OWN_CAPTIONS {
        put(caption, any(dice, CAPTIONS).to_owned());
    }
    let assets = format!("{}{domain}/{}", any(dice, CDN), any(dice, FOLDERS));
    put("cdn.webshop.example/assets", assets);
    put("webshop.example", domain);
    map
}

/// Moves a visit to another site.
pub fn rename(visit: &mut Visit, map: &[(String, String)]) {
    let mut text = serde_json::to_string(&visit.beacon).unwrap();
    for (from, to) in map {
        text = text.replace(from, to);
    }
    visit.beacon = serde_json::from_str(&text).unwrap();
}
