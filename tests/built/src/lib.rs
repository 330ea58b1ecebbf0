//! A crate whose build script generates what it speaks with.
//!
//! [`client`] stands at the root, [`post::parcel`] elsewhere: a generated module works at any place.

include!(concat!(env!("OUT_DIR"), "/client.rs"));

/// What travels by post.
pub mod post {
    include!(concat!(env!("OUT_DIR"), "/parcel.rs"));
}

use client::Library;
use client::types::{Book, Loan};

/// The titles of all books that can be lent now.
///
/// # Errors
/// Where the call fails.
pub async fn titles_at_hand(library: &Library) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let books = library.books().list().await?;
    let at_hand = books.into_iter().filter(|book| !is_lent(book));
    Ok(at_hand.map(|book| book.title).collect())
}

fn is_lent(book: &Book) -> bool {
    book.loan
        .as_ref()
        .is_some_and(|loan: &Loan| loan.until.as_ref().is_some())
}
