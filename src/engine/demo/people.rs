//! Customers of the shop: the names under which they sign in.

/// User tags. Not one of them belongs to a real person.
pub const USER_TAGS: &[&str] = &[
    "ryan", "anna.holm@example.com", "jürgen.müller@example.com", "søren", "zoë.lefèvre@example.com",
    "bob", "alice@example.com", "m.huber@example.com", "käthe.groß@example.com", "ivan.petrov@example.com",
    "lukas", "emma.berger@example.com", "felix.wagner@example.com", "sophie.gruber@example.com", "paul.pichler@example.com",
    "laura.steiner@example.com", "david.moser@example.com", "lena.mayer@example.com", "tobias.hofer@example.com",
    "julia.leitner@example.com", "maximilian.bauer@example.com", "hannah.schmidt@example.com", "jonas.fischer@example.com",
    "mia.weber@example.com", "noah.becker@example.com", "lea.hoffmann@example.com", "leon.schäfer@example.com",
    "clara.köhler@example.com", "finn.krüger@example.com", "ida.jørgensen@example.com", "oskar.lindström@example.com",
    "freja.nielsen@example.com", "nils.åkesson@example.com", "astrid.björk@example.com", "pierre.dubois@example.com",
    "chloé.martin@example.com", "hugo.bernard@example.com", "léa.moreau@example.com", "marco.rossi@example.com",
    "giulia.bianchi@example.com", "luca.ferrari@example.com", "josé.garcía@example.com", "lucía.fernández@example.com",
    "íñigo.muñoz@example.com", "jan.novák@example.com", "tereza.dvořáková@example.com", "zsófia.nagy@example.com",
    "bence.szabó@example.com", "łukasz.wójcik@example.com", "agnieszka.kowalska@example.com", "daan.devries@example.com",
    "sanne.jansen@example.com", "oliver.smith@example.com", "amelia.jones@example.com", "harry.taylor@example.com",
    "ryan.miller@example.com", "grace.wilson@example.com", "ethan.brown@example.com", "olivia.davis@example.com",
    "priya.sharma@example.com", "arjun.patel@example.com", "ananya.iyer@example.com", "haruto.sato@example.com",
    "yui.tanaka@example.com", "joão.silva@example.com", "beatriz.souza@example.com", "thiago.conceição@example.com",
    "jack.nguyen@example.com", "isla.campbell@example.com", "thabo.dlamini@example.com", "lerato.nkosi@example.com",
    "customer-1042", "customer-2077", "customer-3316", "customer-4581", "customer-5120", "demo-partner",
];
