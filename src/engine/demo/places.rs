//! Where visitors come from: countries with public networks of providers there, language, time and speed.

/// A country.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// ISO code.
    pub country: &'static str,
    /// How many visitors come from there, against the others.
    pub weight: u32,
    /// First two bytes of networks that belong to providers there.
    pub networks: &'static [(u8, u8)],
    /// Languages of browsers.
    pub languages: &'static [&'static str],
    /// Time zone.
    pub time_zone: &'static str,
    /// Hours that its clocks are ahead of UTC, roughly.
    pub utc_hours: i32,
    /// Round trip to the shop in milliseconds.
    pub round_trip: u32,
}

const fn place(
    country: &'static str,
    weight: u32,
    networks: &'static [(u8, u8)],
    languages: &'static [&'static str],
    time_zone: &'static str,
    utc_hours: i32,
    round_trip: u32,
) -> Place {
    Place { country, weight, networks, languages, time_zone, utc_hours, round_trip }
}

/// Where the shop stands.
pub const HOME: Place = place(
    "AT",
    220,
    &[(84, 112), (80, 108), (178, 190)],
    &["de-AT", "de-AT", "en-US"],
    "Europe/Vienna",
    1,
    12,
);

/// The countries.
pub const PLACES: &[Place] = &[
    HOME,
    place(
        "DE",
        260,
        &[(91, 10), (79, 200), (87, 140)],
        &["de-DE", "de-DE", "de", "en-GB"],
        "Europe/Berlin",
        1,
        20,
    ),
    place("CH", 70, &[(85, 0), (178, 192)], &["de-CH", "fr-CH", "it-CH"], "Europe/Zurich", 1, 22),
    place("FR", 50, &[(90, 20), (82, 64)], &["fr-FR", "fr"], "Europe/Paris", 1, 28),
    place("GB", 60, &[(86, 140), (81, 130)], &["en-GB"], "Europe/London", 0, 34),
    place("NL", 36, &[(84, 24), (77, 160)], &["nl-NL", "en-US"], "Europe/Amsterdam", 1, 26),
    place("DK", 26, &[(80, 160), (87, 50)], &["da-DK"], "Europe/Copenhagen", 1, 30),
    place("SE", 26, &[(78, 70), (78, 72)], &["sv-SE"], "Europe/Stockholm", 1, 36),
    place("IT", 40, &[(79, 20), (87, 10)], &["it-IT"], "Europe/Rome", 1, 30),
    place("ES", 34, &[(83, 40), (80, 30)], &["es-ES", "ca-ES"], "Europe/Madrid", 1, 44),
    place("PL", 30, &[(83, 10), (79, 190)], &["pl-PL"], "Europe/Warsaw", 1, 28),
    place("CZ", 22, &[(90, 180), (85, 70)], &["cs-CZ"], "Europe/Prague", 1, 16),
    place("HU", 14, &[(84, 2), (84, 3)], &["hu-HU"], "Europe/Budapest", 1, 18),
    place(
        "US",
        90,
        &[(73, 20), (73, 30), (24, 16)],
        &["en-US", "en-US", "es-US"],
        "America/New_York",
        -5,
        105,
    ),
    place("CA", 20, &[(99, 230), (70, 26)], &["en-CA", "fr-CA"], "America/Toronto", -5, 112),
    place("BR", 34, &[(177, 140), (189, 60)], &["pt-BR"], "America/Sao_Paulo", -3, 230),
    place("IN", 40, &[(117, 200), (59, 92)], &["en-IN", "hi-IN"], "Asia/Kolkata", 5, 190),
    place("JP", 16, &[(126, 20), (126, 100)], &["ja-JP"], "Asia/Tokyo", 9, 250),
    place("AU", 18, &[(1, 124), (101, 170)], &["en-AU"], "Australia/Sydney", 10, 290),
    place("ZA", 12, &[(41, 10), (105, 226)], &["en-ZA", "af-ZA"], "Africa/Johannesburg", 2, 180),
];

/// Visitors per hour of their own day, against other hours.
const RHYTHM: [u32; 24] =
    [14, 8, 5, 4, 4, 8, 20, 38, 55, 66, 72, 74, 80, 70, 68, 66, 66, 70, 82, 95, 100, 88, 60, 32];

impl Place {
    /// How lively it is there at an hour of UTC, from 4 to 100.
    #[must_use]
    pub fn liveliness(&self, utc_hour: u32) -> u32 {
        let hour = (i32::try_from(utc_hour).unwrap_or(0) + self.utc_hours).rem_euclid(24);
        usize::try_from(hour).ok().and_then(|h| RHYTHM.get(h)).copied().unwrap_or(50)
    }

    /// How long transfers take there, in percent of those at home.
    #[must_use]
    pub fn slowness(&self) -> u32 {
        match self.round_trip {
            0..=50 => 100,
            51..=150 => 125,
            151..=200 => 210,
            _ => 185,
        }
    }
}

/// How lively the whole shop is at an hour of UTC, from 4 to 100.
#[must_use]
pub fn liveliness(utc_hour: u32) -> u32 {
    let sum: u32 = PLACES.iter().map(|p| p.weight * p.liveliness(utc_hour)).sum();
    let weights: u32 = PLACES.iter().map(|p| p.weight).sum();
    sum / weights.max(1)
}

#[cfg(test)]
#[path = "places_tests.rs"]
mod tests;
