//! `/help`: words, filters, keys.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::shell;
use crate::web::auth::Identity;
use crate::web::error::WebError;
use crate::web::state::WebState;
use crate::web::ui::frame::Section;

/// `GET /help`
pub async fn page(state: Data<WebState>, identity: Identity) -> Result<HttpResponse, WebError> {
    let frame = shell::frame(&identity, Section::None, "Help", state.services.now());
    std::future::ready(shell::page("pages/help.html", &frame, &())).await
}
