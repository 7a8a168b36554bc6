//! Static files: embedded, joined and compressed once, addressed by a digest of all of them.

use std::collections::BTreeMap;
use std::future::ready;
use std::io::Write;
use std::sync::OnceLock;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "assets/css"]
struct Styles;
#[derive(RustEmbed)]
#[folder = "assets/js"]
struct Scripts;
#[derive(RustEmbed)]
#[folder = "assets/img"]
struct Images;

/// Style sheets in the order of the cascade.
const STYLES: [&str; 6] =
    ["tokens.css", "base.css", "layout.css", "components.css", "pages.css", "charts.css"];

/// One static file in three encodings.
#[derive(Debug)]
pub struct Asset {
    /// Media type.
    pub media_type: &'static str,
    /// As it is.
    pub plain: Bytes,
    /// Compressed with gzip.
    pub gzip: Bytes,
    /// Compressed with brotli.
    pub brotli: Bytes,
}

/// All static files.
#[derive(Debug)]
pub struct Assets {
    digest: String,
    files: BTreeMap<String, Asset>,
}

impl Assets {
    /// Joins and compresses the embedded files.
    #[must_use]
    pub fn load() -> Self {
        let mut plain: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let mut style = Vec::new();
        for name in STYLES {
            if let Some(file) = Styles::get(name) {
                style.extend_from_slice(&file.data);
            }
        }
        plain.insert("css/app.css".to_owned(), style);
        for name in Scripts::iter() {
            if let Some(file) = Scripts::get(&name) {
                plain.insert(format!("js/{name}"), file.data.into_owned());
            }
        }
        for name in Images::iter() {
            if let Some(file) = Images::get(&name) {
                plain.insert(format!("img/{name}"), file.data.into_owned());
            }
        }
        let mut hasher = blake3::Hasher::new();
        for (name, data) in &plain {
            hasher.update(name.as_bytes());
            hasher.update(data);
        }
        let digest = hasher.finalize().to_hex().chars().take(12).collect();
        let files = plain
            .into_iter()
            .map(|(name, data)| {
                let asset = Asset::new(&name, data);
                (name, asset)
            })
            .collect();
        Self { digest, files }
    }

    /// The files of this process, made once.
    #[must_use]
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Assets> = OnceLock::new();
        SHARED.get_or_init(Self::load)
    }

    /// Where the files stand: `/static/{digest}`.
    #[must_use]
    pub fn base(&self) -> String {
        format!("/static/{}", self.digest)
    }

    /// All files with their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Asset)> {
        self.files.iter().map(|(path, asset)| (path.as_str(), asset))
    }

    /// A file by its path below the base.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Asset> {
        self.files.get(path)
    }
}

impl Asset {
    fn new(name: &str, data: Vec<u8>) -> Self {
        Self {
            media_type: media_type(name),
            gzip: gzip(&data).into(),
            brotli: brotli(&data).into(),
            plain: data.into(),
        }
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(data).and_then(|()| encoder.finish()).unwrap_or_default()
}

fn brotli(data: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 9, ..Default::default() };
    let mut input = data;
    let done = brotli::BrotliCompress(&mut input, &mut packed, &parameters);
    if done.is_ok() { packed } else { Vec::new() }
}

/// `GET /static/{digest}/{path}`: the current files are kept for ever, files of another version are not there.
pub async fn serve(request: HttpRequest, path: web::Path<(String, String)>) -> HttpResponse {
    let (digest, name) = path.into_inner();
    ready(answer(&request, &digest, &name)).await
}

fn answer(request: &HttpRequest, digest: &str, name: &str) -> HttpResponse {
    let assets = Assets::shared();
    let Some(asset) = assets.get(name) else {
        return HttpResponse::NotFound().finish();
    };
    let accepted = request
        .headers()
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let accepts = |encoding: &str| {
        accepted.split(',').any(|part| part.trim().split(';').next() == Some(encoding))
    };
    let age =
        if digest == assets.digest { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((header::CONTENT_TYPE, asset.media_type))
        .insert_header((header::CACHE_CONTROL, age))
        .insert_header((header::VARY, "accept-encoding"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
    if accepts("br") && !asset.brotli.is_empty() {
        answer.insert_header((header::CONTENT_ENCODING, "br"));
        answer.body(asset.brotli.clone())
    } else if accepts("gzip") && !asset.gzip.is_empty() {
        answer.insert_header((header::CONTENT_ENCODING, "gzip"));
        answer.body(asset.gzip.clone())
    } else {
        answer.body(asset.plain.clone())
    }
}
