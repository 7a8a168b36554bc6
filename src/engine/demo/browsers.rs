//! Browsers of the visitors: user agents as they are seen in the field.

/// Kind of machine, which decides screens, speed and connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Machine {
    /// Desktop or laptop.
    Desktop,
    /// Phone.
    Phone,
    /// Tablet.
    Tablet,
    /// A crawler.
    Robot,
}

/// Engine, which decides the words of error messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Chrome and its kin.
    Blink,
    /// Firefox.
    Gecko,
    /// Safari.
    WebKit,
}

/// One browser.
#[derive(Debug, Clone, Copy)]
pub struct Browser {
    /// How many visitors use it, against the others.
    pub weight: u32,
    /// Kind of machine.
    pub machine: Machine,
    /// Engine.
    pub engine: Engine,
    /// The `User-Agent` header.
    pub user_agent: &'static str,
}

const fn browser(
    weight: u32,
    machine: Machine,
    engine: Engine,
    user_agent: &'static str,
) -> Browser {
    Browser { weight, machine, engine, user_agent }
}

use Engine::{Blink, Gecko, WebKit};
use Machine::{Desktop, Phone, Robot, Tablet};

/// Browsers of people.
pub const PEOPLE: &[Browser] = &[
    browser(
        150,
        Desktop,
        Blink,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    ),
    browser(
        50,
        Desktop,
        Blink,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    ),
    browser(
        8,
        Desktop,
        Blink,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36",
    ),
    browser(
        60,
        Desktop,
        Blink,
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    ),
    browser(
        16,
        Desktop,
        Blink,
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    ),
    browser(
        6,
        Desktop,
        Blink,
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    ),
    browser(
        70,
        Desktop,
        Blink,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
    ),
    browser(
        18,
        Desktop,
        Blink,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
    ),
    browser(
        6,
        Desktop,
        Blink,
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
    ),
    browser(
        10,
        Desktop,
        Blink,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 OPR/125.0.0.0",
    ),
    browser(
        40,
        Desktop,
        Gecko,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
    ),
    browser(
        14,
        Desktop,
        Gecko,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0",
    ),
    browser(
        8,
        Desktop,
        Gecko,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
    ),
    browser(
        10,
        Desktop,
        Gecko,
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0",
    ),
    browser(
        14,
        Desktop,
        Gecko,
        "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    ),
    browser(
        5,
        Desktop,
        Gecko,
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    ),
    browser(
        50,
        Desktop,
        WebKit,
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15",
    ),
    browser(
        20,
        Desktop,
        WebKit,
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
    ),
    browser(
        90,
        Phone,
        WebKit,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1",
    ),
    browser(
        70,
        Phone,
        WebKit,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    ),
    browser(
        14,
        Phone,
        WebKit,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.7 Mobile/15E148 Safari/604.1",
    ),
    browser(
        16,
        Phone,
        WebKit,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0.7444.46 Mobile/15E148 Safari/604.1",
    ),
    browser(
        4,
        Phone,
        WebKit,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/145.0 Mobile/15E148 Safari/605.1.15",
    ),
    browser(
        110,
        Phone,
        Blink,
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
    ),
    browser(
        30,
        Phone,
        Blink,
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
    ),
    browser(
        8,
        Phone,
        Blink,
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.7339.207 Mobile Safari/537.36",
    ),
    browser(
        8,
        Phone,
        Blink,
        "Mozilla/5.0 (Linux; Android 13; SM-A536B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.7258.158 Mobile Safari/537.36",
    ),
    browser(
        34,
        Phone,
        Blink,
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
    ),
    browser(
        8,
        Phone,
        Blink,
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
    ),
    browser(
        6,
        Phone,
        Blink,
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36 EdgA/141.0.0.0",
    ),
    browser(
        6,
        Phone,
        Gecko,
        "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0",
    ),
    browser(
        20,
        Tablet,
        WebKit,
        "Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.7 Mobile/15E148 Safari/604.1",
    ),
    browser(
        8,
        Tablet,
        Blink,
        "Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    ),
];

/// Crawlers that run scripts, and so reach the agent.
pub const ROBOTS: &[Browser] = &[
    browser(
        50,
        Robot,
        Blink,
        "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.7390.122 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    ),
    browser(
        20,
        Robot,
        Blink,
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/141.0.7390.122 Safari/537.36",
    ),
    browser(
        20,
        Robot,
        Blink,
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/136.0.0.0 Safari/537.36",
    ),
    browser(
        8,
        Robot,
        Blink,
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.3; +https://openai.com/gptbot)",
    ),
    browser(
        6,
        Robot,
        Blink,
        "Mozilla/5.0 (compatible; YandexRenderResourcesBot/1.0; +http://yandex.com/bots) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
    ),
    browser(
        8,
        Robot,
        Blink,
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0.0.0 Safari/537.36",
    ),
];

impl Machine {
    /// Screens and viewports that are common on it.
    #[must_use]
    pub const fn screens(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Desktop => &[
                ("1920x1080", "1903x969"),
                ("1920x1080", "1536x730"),
                ("2560x1440", "2543x1297"),
                ("1536x864", "1519x730"),
                ("1440x900", "1440x789"),
                ("1366x768", "1349x641"),
                ("3840x2160", "2544x1305"),
            ],
            Phone => &[
                ("390x844", "390x664"),
                ("393x852", "393x659"),
                ("430x932", "430x739"),
                ("412x915", "412x785"),
                ("360x800", "360x668"),
                ("384x832", "384x708"),
            ],
            Tablet => {
                &[("820x1180", "820x1110"), ("768x1024", "768x954"), ("800x1280", "800x1143")]
            }
            Robot => &[("412x732", "412x732"), ("1024x1024", "1024x1024")],
        }
    }
}
