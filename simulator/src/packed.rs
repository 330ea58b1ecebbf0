//! Values that take little room: what they have in common with others like them is kept once, and each keeps
//! only the scalars in which it differs.

mod flat;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use verbatim_source::Value;

use crate::search::Search;
use flat::{Scalars, Shape, flat, small};

pub(crate) use flat::{Kind, Scalar};

/// The most patterns of one shape: values that differ from all of them still keep their difference from the nearest.
const MOST_PATTERNS: usize = 8;
/// The most pointers for which a pattern remembers where they lead.
const MOST_PLACES: usize = 16;
/// What patterns may weigh before those that nothing uses any more are first looked for.
const FIRST_SWEEP: usize = 1 << 20;

/// A value that others are told by.
#[derive(Debug)]
pub(crate) struct Pattern {
    shape: Shape,
    scalars: Scalars,
    /// Where pointers that were asked for lead.
    places: Mutex<Vec<(Box<str>, Option<usize>)>>,
    /// How many values of these patterns stay unpacked.
    unpacked: Arc<AtomicUsize>,
}

impl Pattern {
    /// Which scalar a pointer names.
    fn place(&self, pointer: &str) -> Option<usize> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, place)) = places.iter().find(|(known, _)| **known == *pointer) {
            return *place;
        }
        let place = self.shape.find(pointer);
        if places.len() < MOST_PLACES {
            places.push((pointer.into(), place));
        }
        place
    }

    /// The scalars in which a search finds its text.
    pub fn hits(&self, search: &Search) -> Vec<usize> {
        let all = 0..self.scalars.len();
        let found = |at: &usize| self.scalars.get(*at).is_some_and(|it| search.hits(it));
        all.filter(found).collect()
    }

    fn weight(&self) -> usize {
        size_of::<Self>() + self.shape.weight() + self.scalars.weight()
    }

    /// The scalars in which others of the same shape differ, and about what they weigh.
    fn differing(&self, others: &Scalars) -> (Vec<usize>, usize) {
        let all = 0..others.len();
        let differing: Vec<usize> = all
            .filter(|at| self.scalars.get(*at) != others.get(*at))
            .collect();
        let texts = differing.iter().filter_map(|at| others.get(*at));
        let weight = texts.map(|it| size_of::<Own>() + it.text.len()).sum();
        (differing, weight)
    }
}

/// The patterns of the values of one store.
#[derive(Debug, Clone, Default)]
pub(crate) struct Patterns {
    by_shape: HashMap<u64, Vec<Arc<Pattern>>>,
    weight: usize,
    sweep_at: usize,
    unpacked: Arc<AtomicUsize>,
}

/// A scalar in which a value differs from its pattern.
#[derive(Debug, Clone, Copy)]
struct Own {
    at: u32,
    kind: Kind,
    /// Where it ends among the texts.
    end: u32,
}

/// A value told by a pattern.
#[derive(Debug, Clone)]
pub(crate) struct Packed {
    pattern: Arc<Pattern>,
    own: Box<[Own]>,
    texts: Box<str>,
}

impl Patterns {
    /// Packs a value; `None` where it is too large for that.
    pub fn pack(&mut self, value: &Value) -> Option<Packed> {
        let (shape, scalars) = flat(value)?;
        let mut hasher = DefaultHasher::new();
        shape.hash(&mut hasher);
        let known = self.by_shape.entry(hasher.finish()).or_default();
        let like = known.iter().filter(|pattern| pattern.shape == shape);
        let nearest = like
            .map(|pattern| (pattern.differing(&scalars), pattern))
            .min_by_key(|((_, weight), _)| *weight);
        if let Some(((differing, weight), pattern)) = nearest
            && (weight * 2 <= scalars.weight() || known.len() >= MOST_PATTERNS)
        {
            return Packed::new(pattern, &scalars, &differing);
        }
        let pattern = Arc::new(Pattern {
            shape,
            scalars,
            places: Mutex::default(),
            unpacked: Arc::clone(&self.unpacked),
        });
        known.push(Arc::clone(&pattern));
        self.weight += pattern.weight();
        if self.weight > self.sweep_at.max(FIRST_SWEEP) {
            self.sweep();
        }
        Some(Packed {
            pattern,
            own: Box::default(),
            texts: Box::default(),
        })
    }

    /// Forgets the patterns that no value is told by.
    fn sweep(&mut self) {
        self.weight = 0;
        for known in self.by_shape.values_mut() {
            known.retain(|pattern| Arc::strong_count(pattern) > 1);
            self.weight += known.iter().map(|it| it.weight()).sum::<usize>();
        }
        self.by_shape.retain(|_, known| !known.is_empty());
        self.sweep_at = self.weight * 2;
    }

    /// How many values stay unpacked beside their packed ones.
    pub fn unpacked(&self) -> usize {
        self.unpacked.load(Ordering::Relaxed)
    }

    /// Counts anew.
    pub fn begin(&self) {
        self.unpacked.store(0, Ordering::Relaxed);
    }
}

impl Packed {
    fn new(pattern: &Arc<Pattern>, scalars: &Scalars, differing: &[usize]) -> Option<Self> {
        let mut texts = String::new();
        let mut own = Vec::with_capacity(differing.len());
        for at in differing {
            let scalar = scalars.get(*at)?;
            texts.push_str(scalar.text);
            own.push(Own {
                at: small(*at)?,
                kind: scalar.kind,
                end: small(texts.len())?,
            });
        }
        Some(Self {
            pattern: Arc::clone(pattern),
            own: own.into(),
            texts: texts.into(),
        })
    }

    /// Counts a value that stays unpacked beside this one.
    pub fn count(&self) {
        self.pattern.unpacked.fetch_add(1, Ordering::Relaxed);
    }

    /// The value again.
    pub fn unpack(&self) -> Value {
        let mut next = 0;
        self.pattern.shape.filled(|at| match self.own.get(next) {
            Some(own) if own.at as usize == at => {
                next += 1;
                self.own_text(next - 1)
            }
            _ => self.pattern.scalars.get(at),
        })
    }

    /// The scalar that a pointer names.
    pub fn scalar(&self, pointer: &str) -> Option<Scalar<'_>> {
        let at = self.pattern.place(pointer)?;
        match self.own_at(at) {
            Some(own) => self.own_text(own),
            None => self.pattern.scalars.get(at),
        }
    }

    fn own_at(&self, at: usize) -> Option<usize> {
        self.own
            .binary_search_by_key(&at, |own| own.at as usize)
            .ok()
    }

    fn own_text(&self, own: usize) -> Option<Scalar<'_>> {
        let start = own.checked_sub(1).and_then(|before| self.own.get(before));
        let start = start.map_or(0, |before| before.end as usize);
        let own = self.own.get(own)?;
        let text = self.texts.get(start..own.end as usize)?;
        Some(Scalar {
            kind: own.kind,
            text,
        })
    }

    /// Whether a search finds its text in one of the scalars.
    pub fn contains(&self, search: &Search) -> bool {
        let common = search.common(&self.pattern);
        if common.iter().any(|at| self.own_at(*at).is_none()) {
            return true;
        }
        let mut own = 0..self.own.len();
        search.may_hit(&self.texts)
            && own.any(|own| self.own_text(own).is_some_and(|it| search.hits(it)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use verbatim_source::write::compact;

    fn value(text: &str) -> Value {
        crate::json::json(text.as_bytes()).unwrap()
    }

    fn item(number: usize) -> Value {
        value(&format!(
            r#"{{"id":"{number:08X}","name":"Item {number}","a/b":{{"size":1.50,"list":[1,null,true,"z"],"e":[],"o":{{}}}},"on":false}}"#
        ))
    }

    #[test]
    fn values_come_back_as_they_were() {
        let mut patterns = Patterns::default();
        let mut values: Vec<Value> = (0..50).map(item).collect();
        for text in [
            "null",
            "[]",
            r#""ü""#,
            "-0.0e1",
            r#"{"":{"":[[[]],""]}}"#,
            "[1,[2,{}]]",
        ] {
            values.push(value(text));
        }
        let packed: Vec<Packed> = values.iter().filter_map(|it| patterns.pack(it)).collect();
        let back: Vec<String> = packed.iter().map(|it| compact(&it.unpack())).collect();
        let expected: Vec<String> = values.iter().map(compact).collect();
        assert_eq!(back, expected);
        // The fifty differ from the first in two scalars.
        assert_eq!(packed[49].own.len(), 2);
        assert_eq!(&*packed[49].texts, "00000031Item 49");
    }

    #[test]
    fn scalars_are_found_without_unpacking() {
        let mut patterns = Patterns::default();
        patterns.pack(&item(1)).unwrap();
        let packed = patterns.pack(&item(2)).unwrap();
        let text = |pointer: &str| packed.scalar(pointer).map(|it| it.text.to_owned());
        assert_eq!(text("/name").as_deref(), Some("Item 2"));
        assert_eq!(text("/a~1b/size").as_deref(), Some("1.50"));
        assert_eq!(text("/a~1b/list/3").as_deref(), Some("z"));
        for none in ["", "/a~1b", "/a~1b/list/4", "/name/x", "/nothing", "name"] {
            assert_eq!(text(none), None, "{none}");
        }
    }

    #[test]
    fn texts_are_searched_without_unpacking() {
        let mut patterns = Patterns::default();
        patterns.pack(&item(1)).unwrap();
        let packed = patterns.pack(&item(20)).unwrap();
        let found = |text: &str| packed.contains(&Search::new(text));
        assert!(found("ITEM 2") && found("false") && found("1.5") && found("Z"));
        // Neither what only the pattern has, nor what would reach from one text into the next.
        assert!(!found("item 1") && !found("14item") && !found("null"));
    }

    #[test]
    fn patterns_that_nothing_uses_are_forgotten() {
        let mut patterns = Patterns::default();
        let wide = "x".repeat(1 << 12);
        for number in 0..2_000 {
            patterns.pack(&value(&format!(r#"{{"k{number}":"{wide}"}}"#)));
        }
        assert!(patterns.weight < 3 * FIRST_SWEEP, "{}", patterns.weight);
    }
}
