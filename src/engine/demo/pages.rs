//! The pages of the shop: what they cost, what can be clicked there, and where people go next.

/// Where the shop stands.
pub const ORIGIN: &str = "https://www.webshop.example";
/// Where its assets lie.
pub const ASSETS: &str = "https://cdn.webshop.example/assets";

/// Something to click that fetches.
#[derive(Debug, Clone, Copy)]
pub struct Click {
    /// What the element says.
    pub caption: &'static str,
    /// Its element name.
    pub element: &'static str,
    /// Method of the request.
    pub method: &'static str,
    /// Path of the request.
    pub request: &'static str,
    /// Typical time of the server.
    pub server: u32,
}

/// One page.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Path.
    pub path: &'static str,
    /// Title.
    pub title: &'static str,
    /// Typical time of the server.
    pub server: u32,
    /// Fewest and most images on it.
    pub images: (u32, u32),
    /// Chance in a thousand for each thing a visitor may do there before moving on.
    pub eagerness: u32,
    /// What can be clicked.
    pub clicks: &'static [Click],
    /// Where people go from here, with weights.
    pub next: &'static [(&'static str, u32)],
}

const fn click(
    caption: &'static str,
    element: &'static str,
    method: &'static str,
    request: &'static str,
    server: u32,
) -> Click {
    Click { caption, element, method, request, server }
}

const HOME: Page = Page {
    path: "/",
    title: "Webshop: good coffee, honestly roasted",
    server: 90,
    images: (10, 18),
    eagerness: 180,
    clicks: &[
        click("Show more offers", "BUTTON", "GET", "/api/offers?page=2", 120),
        click("Subscribe to newsletter", "BUTTON", "POST", "/api/newsletter", 160),
    ],
    next: &[
        ("/category/beans", 50),
        ("/search", 22),
        ("/product/212", 12),
        ("/login", 10),
        ("/help", 4),
    ],
};
const BEANS: Page = Page {
    path: "/category/beans",
    title: "Coffee beans - Webshop",
    server: 180,
    images: (14, 22),
    eagerness: 420,
    clicks: &[
        click("Organic", "INPUT", "GET", "/api/products?category=beans&filter=organic", 150),
        click("Sort by price", "SELECT", "GET", "/api/products?category=beans&sort=price", 170),
        click("Next page", "A", "GET", "/api/products?category=beans&page=2", 160),
    ],
    next: &[
        ("/product/212", 62),
        ("/category/beans", 10),
        ("/search", 10),
        ("/", 10),
        ("/basket", 8),
    ],
};
const PRODUCT: Page = Page {
    path: "/product/212",
    title: "Sidamo Natural, 500 g - Webshop",
    server: 140,
    images: (8, 14),
    eagerness: 480,
    clicks: &[
        click("Add to basket", "BUTTON", "POST", "/api/basket/items", 140),
        click("Add to basket", "BUTTON", "POST", "/api/basket/items", 140),
        click("Reviews", "A", "GET", "/api/products/212/reviews", 210),
        click("Check availability", "BUTTON", "GET", "/api/products/212/stock", 260),
        click("Whole beans", "INPUT", "GET", "/api/products/212/variants?grind=none", 90),
    ],
    next: &[("/basket", 44), ("/category/beans", 34), ("/search", 10), ("/", 8), ("/help", 4)],
};
const SEARCH: Page = Page {
    path: "/search",
    title: "Search - Webshop",
    server: 320,
    images: (6, 16),
    eagerness: 400,
    clicks: &[
        click("Search", "BUTTON", "GET", "/api/search?q=espresso", 380),
        click("Search", "BUTTON", "GET", "/api/search?q=grinder", 420),
        click("In stock only", "INPUT", "GET", "/api/search?q=espresso&stock=1", 340),
    ],
    next: &[("/product/212", 60), ("/search", 18), ("/category/beans", 14), ("/", 8)],
};
const BASKET: Page = Page {
    path: "/basket",
    title: "Your basket - Webshop",
    server: 160,
    images: (4, 8),
    eagerness: 380,
    clicks: &[
        click("+", "BUTTON", "PUT", "/api/basket/items/1", 120),
        click("Remove", "BUTTON", "DELETE", "/api/basket/items/1", 110),
        click("Apply voucher", "BUTTON", "POST", "/api/basket/voucher", 230),
    ],
    next: &[("/checkout", 58), ("/category/beans", 22), ("/product/212", 12), ("/help", 8)],
};
const CHECKOUT: Page = Page {
    path: "/checkout",
    title: "Checkout - Webshop",
    server: 240,
    images: (3, 6),
    eagerness: 300,
    clicks: &[
        click("Check address", "BUTTON", "POST", "/api/addresses/check", 280),
        click("Express delivery", "INPUT", "GET", "/api/delivery?kind=express", 150),
    ],
    next: &[("/payment/finish", 80), ("/basket", 14), ("/help", 6)],
};
const FINISH: Page = Page {
    path: "/payment/finish",
    title: "Thank you - Webshop",
    server: 300,
    images: (3, 6),
    eagerness: 120,
    clicks: &[click("Download invoice", "A", "GET", "/api/orders/last/invoice", 420)],
    next: &[("/orders", 40), ("/", 60)],
};
const LOGIN: Page = Page {
    path: "/login",
    title: "Sign in - Webshop",
    server: 80,
    images: (2, 4),
    eagerness: 60,
    clicks: &[click("Forgot password?", "A", "GET", "/api/session/hint", 100)],
    next: &[("/orders", 30), ("/", 40), ("/category/beans", 30)],
};
const ORDERS: Page = Page {
    path: "/orders",
    title: "Your orders - Webshop",
    server: 260,
    images: (4, 10),
    eagerness: 320,
    clicks: &[
        click("Track parcel", "BUTTON", "GET", "/api/orders/77120/parcel", 520),
        click("Order again", "BUTTON", "POST", "/api/orders/77120/again", 240),
    ],
    next: &[("/", 40), ("/basket", 30), ("/help", 30)],
};
const HELP: Page = Page {
    path: "/help",
    title: "Help and contact - Webshop",
    server: 70,
    images: (2, 5),
    eagerness: 160,
    clicks: &[click("Send question", "BUTTON", "POST", "/api/questions", 340)],
    next: &[("/", 60), ("/orders", 20), ("/category/beans", 20)],
};

/// All pages.
pub const PAGES: [&Page; 10] =
    [&HOME, &BEANS, &PRODUCT, &SEARCH, &BASKET, &CHECKOUT, &FINISH, &LOGIN, &ORDERS, &HELP];

/// Pages on which people arrive, with weights.
pub const ENTRIES: &[(&str, u32)] = &[
    ("/", 52),
    ("/category/beans", 16),
    ("/product/212", 22),
    ("/search", 3),
    ("/orders", 4),
    ("/help", 3),
];

/// Referrers, with weights; empty when typed in or from a bookmark.
pub const REFERRERS: &[(&str, u32)] = &[
    ("", 44),
    ("https://www.google.com/", 30),
    ("https://www.bing.com/", 6),
    ("https://duckduckgo.com/", 4),
    ("https://www.instagram.com/", 6),
    ("https://www.facebook.com/", 3),
    ("https://www.reddit.com/r/Coffee/", 3),
    ("https://beans-and-brews.example/best-sidamo", 3),
    ("https://prices.example/compare?product=212", 1),
];

/// Campaigns, with weights.
pub const CAMPAIGNS: &[(&str, u32)] = &[
    ("black-friday", 44),
    ("newsletter-47", 26),
    ("retargeting", 14),
    ("instagram-autumn", 10),
    ("partner-beans", 6),
];

/// The page at a path; the home page when there is none.
#[must_use]
pub fn page(path: &str) -> &'static Page {
    PAGES.iter().find(|page| page.path == path).copied().unwrap_or(&HOME)
}
