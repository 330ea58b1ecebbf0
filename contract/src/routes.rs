//! Paths by their segments, so that a path is found without a look at all templates.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use crate::operation::Operation;
use crate::template::Piece;

/// Branches that are looked into for one path.
const MOST: usize = 10_000;

/// A tree of segments.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    /// Segments that are texts.
    texts: BTreeMap<String, Routes>,
    /// Segments with parameters: those with a text beside them come first.
    others: Vec<(Vec<Piece>, Routes)>,
    /// The operations whose path ends here, by their number.
    operations: Vec<usize>,
}

impl Routes {
    pub(crate) fn new(operations: &[Operation]) -> Self {
        let mut routes = Self::default();
        for (number, operation) in operations.iter().enumerate() {
            let mut at = &mut routes;
            for pieces in operation.template.segments() {
                at = at.below(pieces);
            }
            at.operations.push(number);
        }
        routes.sort();
        routes
    }

    fn below(&mut self, pieces: &[Piece]) -> &mut Self {
        if let [Piece::Text(text)] = pieces {
            return self.texts.entry(text.clone()).or_default();
        }
        let known = self.others.iter().position(|(known, _)| known == pieces);
        let at = known.unwrap_or_else(|| {
            self.others.push((pieces.to_vec(), Self::default()));
            self.others.len() - 1
        });
        &mut self.others[at].1
    }

    fn sort(&mut self) {
        self.others.sort_by_key(|(pieces, _)| pieces.len() == 1);
        let below = self.texts.values_mut();
        for routes in below.chain(self.others.iter_mut().map(|(_, routes)| routes)) {
            routes.sort();
        }
    }

    /// The operations of all templates that a path may be of, those of the most specific template
    /// first. Whether the parts beside parameters fit is for the template to say.
    pub(crate) fn candidates(&self, path: &str) -> Vec<&[usize]> {
        let Some(path) = path.strip_prefix('/') else {
            return Vec::new();
        };
        let segments: Vec<&str> = path.split('/').collect();
        let mut found = Vec::new();
        let mut work = vec![(self, 0)];
        let mut looked = 0;
        while let Some((at, depth)) = work.pop() {
            looked += 1;
            if looked > MOST {
                break;
            }
            let Some(segment) = segments.get(depth) else {
                if !at.operations.is_empty() {
                    found.push(at.operations.as_slice());
                }
                continue;
            };
            let others = at.others.iter().rev();
            work.extend(others.map(|(_, below)| (below, depth + 1)));
            let decoded = percent_decode_str(segment).decode_utf8().ok();
            let text = at.texts.get(*segment);
            let text = text.or_else(|| at.texts.get(decoded?.as_ref()));
            work.extend(text.map(|below| (below, depth + 1)));
        }
        found
    }
}
