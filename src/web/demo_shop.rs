//! The shop of the demo, on the listener to which its pages report: `/shop/`. It keeps nothing.

use std::sync::OnceLock;
use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use minijinja::Environment;
use minijinja::value::Serde;
use rust_embed::RustEmbed;
use serde::Serialize;

use super::state::WebState;
use super::templates::Markup;
use crate::base::id::ApplicationId;

#[derive(RustEmbed)]
#[folder = "assets/demo"]
struct Files;

#[derive(Debug, Serialize)]
struct Product {
    sku: &'static str,
    kind: &'static str,
    name: &'static str,
    taste: &'static str,
    text: &'static str,
    price: &'static str,
    color: &'static str,
    ground: &'static str,
}

const PRODUCTS: &[Product] = &[
    Product {
        sku: "sidamo",
        kind: "beans",
        name: "Sidamo Natural, 500 g",
        taste: "Blueberry, jasmine, honey",
        text: "Dried in the fruit on raised beds above Dilla. Loud, sweet, and gone by the weekend.",
        price: "16.90 €",
        color: "#a4461f",
        ground: "#f3dfc6",
    },
    Product {
        sku: "yirgacheffe",
        kind: "beans",
        name: "Yirgacheffe Washed, 500 g",
        taste: "Lemon, black tea, peach",
        text: "Clean as a bell. Best as filter, in the morning, before anybody talks.",
        price: "17.50 €",
        color: "#2f6b5e",
        ground: "#dcebe3",
    },
    Product {
        sku: "espresso",
        kind: "beans",
        name: "House Espresso, 1 kg",
        taste: "Chocolate, hazelnut, plum",
        text: "Three origins, one opinion. It forgives old machines and young baristas.",
        price: "24.00 €",
        color: "#4a2c1a",
        ground: "#ead9c8",
    },
    Product {
        sku: "decaf",
        kind: "beans",
        name: "Decaf Swiss Water, 250 g",
        taste: "Caramel, apple, cocoa",
        text: "Everything but the caffeine. Nobody at the table will notice.",
        price: "9.80 €",
        color: "#51607a",
        ground: "#dfe5ee",
    },
    Product {
        sku: "huila",
        kind: "beans",
        name: "Huila Pink Bourbon, 250 g",
        taste: "Grapefruit, rose, cane sugar",
        text: "A lot of eleven bags from one farm. When it is gone, it is gone.",
        price: "13.40 €",
        color: "#b4476b",
        ground: "#f6dfe6",
    },
    Product {
        sku: "dripper",
        kind: "gear",
        name: "Dripper set",
        taste: "Glass, filters, a spoon",
        text: "All that a good cup needs, and a booklet that is shorter than you fear.",
        price: "34.00 €",
        color: "#6b7f4f",
        ground: "#e6ecd9",
    },
    Product {
        sku: "cups",
        kind: "gear",
        name: "Six espresso cups",
        taste: "Thick, heavy, warm",
        text: "They stay warm longer than most conversations.",
        price: "29.00 €",
        color: "#c7923a",
        ground: "#f7e8c9",
    },
];

/// What a page shows.
#[derive(Debug, Default, Serialize)]
struct Sheet {
    /// The tag line, as a customer pastes it.
    tag: Markup,
    /// Where the UI is.
    footfall: String,
    title: &'static str,
    product: Option<&'static Product>,
    products: Vec<&'static Product>,
}

/// What the shop's API does: name, milliseconds that it takes, status, words.
const CALLS: &[(&str, u64, u16, &str)] = &[
    ("offers", 140, 200, "Two more offers: House Espresso and six cups, together 49 €."),
    ("products", 170, 200, "That is all there is, and it is sorted."),
    ("stock", 1_900, 200, "In stock: 23 bags in Vienna."),
    ("reviews", 240, 200, "4.8 of 5 from 212 people who drink it."),
    ("basket", 120, 200, "It is in the basket."),
    ("voucher", 260, 500, "The voucher service does not answer."),
    ("orders", 680, 200, "Paid. Thank you!"),
    ("session", 210, 200, "Welcome."),
    ("questions", 340, 200, "We have your question."),
];

/// Registers the pages of the shop.
pub fn pages(config: &mut ServiceConfig) {
    let get = web::get;
    config
        .route("/", get().to(to_shop))
        .route("/shop", get().to(to_shop))
        .route("/shop/file/{name}", get().to(file))
        .route("/shop/img/{name}", get().to(image))
        .route("/shop/api/{name}", get().to(call))
        .route("/shop/api/{name}", web::post().to(call))
        .route("/shop/category/{kind}", get().to(category))
        .route("/shop/product/{sku}", get().to(product))
        .route("/shop/{path:.*}", get().to(page));
}

fn environment() -> &'static Environment<'static> {
    static SHARED: OnceLock<Environment<'static>> = OnceLock::new();
    SHARED.get_or_init(|| {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
        for name in Files::iter() {
            let source = Files::get(&name)
                .map(|file| String::from_utf8_lossy(&file.data).into_owned())
                .unwrap_or_default();
            // What does not parse is missing below, and a test draws every page.
            let _unparsed = environment.add_template_owned(name.into_owned(), source);
        }
        environment
    })
}

fn draw(name: &str, media_type: &str, sheet: &Sheet) -> HttpResponse {
    match environment().get_template(name).and_then(|template| template.render(Serde(sheet))) {
        Ok(body) => HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, media_type))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .body(body),
        Err(error) => {
            tracing::error!(name, %error, "a page of the demo's shop cannot be drawn");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// A page with the products that `is_on` it; addresses are as this browser reaches them.
fn sheet(request: &HttpRequest, state: &WebState, is_on: impl Fn(&Product) -> bool) -> Sheet {
    let host: String = request.connection_info().host().to_owned();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    let host = if host.chars().all(is_plain) { host } else { "localhost".to_owned() };
    let tag = format!("<script src=\"http://{host}/tag/{}.js\"></script>", ApplicationId::DEFAULT);
    let name = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
    let footfall = format!("http://{name}:{}/sessions", state.services.config.admin.listen.port());
    let products = PRODUCTS.iter().filter(|product| is_on(product)).collect();
    Sheet { tag: Markup::trusted(tag), footfall, products, ..Sheet::default() }
}

const HTML: &str = "text/html; charset=utf-8";

fn missing() -> HttpResponse {
    HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body("not in this shop\n")
}

async fn to_shop() -> HttpResponse {
    HttpResponse::Found().insert_header((header::LOCATION, "/shop/")).finish()
}

async fn page(request: HttpRequest, path: Path<String>, state: Data<WebState>) -> HttpResponse {
    let name = match path.as_str() {
        "" => "home.html",
        "basket" => "basket.html",
        "checkout" => "checkout.html",
        "payment/finish" => "finish.html",
        "login" => "login.html",
        "help" => "help.html",
        _ => return missing(),
    };
    draw(name, HTML, &sheet(&request, &state, |_| true))
}

async fn category(request: HttpRequest, kind: Path<String>, state: Data<WebState>) -> HttpResponse {
    let title = match kind.as_str() {
        "beans" => "Coffee beans",
        "gear" => "Gear",
        _ => return missing(),
    };
    let sheet = sheet(&request, &state, |product| product.kind == kind.as_str());
    draw("category.html", HTML, &Sheet { title, ..sheet })
}

async fn product(request: HttpRequest, sku: Path<String>, state: Data<WebState>) -> HttpResponse {
    let Some(product) = PRODUCTS.iter().find(|p| p.sku == sku.as_str()) else {
        return missing();
    };
    let sheet = sheet(&request, &state, |other| other.sku != product.sku);
    draw("product.html", HTML, &Sheet { product: Some(product), ..sheet })
}

async fn image(name: Path<String>) -> HttpResponse {
    let sku = name.strip_suffix(".svg").unwrap_or_default();
    match PRODUCTS.iter().find(|product| product.sku == sku) {
        None => missing(),
        product => draw("bag.svg", "image/svg+xml", &Sheet { product, ..Sheet::default() }),
    }
}

async fn file(name: Path<String>) -> HttpResponse {
    let media_type = match name.as_str() {
        "shop.css" => "text/css; charset=utf-8",
        "shop.js" => "text/javascript; charset=utf-8",
        "logo.svg" => "image/svg+xml",
        _ => return missing(),
    };
    let body = Files::get(&name).map(|file| file.data.into_owned()).unwrap_or_default();
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(body)
}

async fn call(name: Path<String>) -> HttpResponse {
    let Some((_, millis, status, words)) = CALLS.iter().find(|(known, ..)| *known == name.as_str())
    else {
        return missing();
    };
    actix_web::rt::time::sleep(Duration::from_millis(*millis)).await;
    let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(*words)
}
