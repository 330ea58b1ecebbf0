//! Parts stored once and named by small numbers.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// Names one part of a [`Document`](super::Document); `document[id]` is the part.
pub struct Id<T> {
    index: u32,
    kind: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    pub(crate) fn new(index: usize) -> Self {
        // Four billion parts cannot be held in memory, so the conversion never saturates.
        Self {
            index: u32::try_from(index).unwrap_or(u32::MAX),
            kind: PhantomData,
        }
    }

    /// The number of the part among those of its kind, in the order of reading.
    pub fn index(self) -> usize {
        self.index as usize
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.index.cmp(&other.index)
    }
}

impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = std::any::type_name::<T>().rsplit("::").next().unwrap_or("");
        write!(formatter, "{name}#{}", self.index)
    }
}

/// All parts of one kind. They stand in rooms of one size: a list of all would be copied when it grows, and the room that
/// it leaves is too small for it ever after.
#[derive(Debug)]
pub(crate) struct Arena<T> {
    rooms: Vec<Vec<T>>,
}

/// How many parts a room holds.
const ROOM: usize = 256;

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self { rooms: Vec::new() }
    }
}

impl<T: Default> Arena<T> {
    /// Takes a place for a part that is read later.
    pub(crate) fn reserve(&mut self) -> Id<T> {
        let id = Id::new(self.len());
        match self.rooms.last_mut() {
            Some(room) if room.len() < ROOM => room.push(T::default()),
            _ => self.rooms.push(vec![T::default()]),
        }
        id
    }
}

impl<T> Arena<T> {
    /// Puts a part into its place.
    pub(crate) fn set(&mut self, id: Id<T>, part: T) {
        if let Some(place) = self.get_mut(id) {
            *place = part;
        }
    }

    /// The part of an id.
    ///
    /// # Panics
    /// With an id of another document, which is a mistake of the program, never of the input.
    pub(crate) fn get(&self, id: Id<T>) -> &T {
        &self.rooms[id.index() / ROOM][id.index() % ROOM]
    }

    pub(crate) fn get_mut(&mut self, id: Id<T>) -> Option<&mut T> {
        let room = self.rooms.get_mut(id.index() / ROOM)?;
        room.get_mut(id.index() % ROOM)
    }

    pub(crate) fn len(&self) -> usize {
        let last = self.rooms.last().map_or(0, Vec::len);
        self.rooms.len().saturating_sub(1) * ROOM + last
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Id<T>, &T)> {
        let parts = self.rooms.iter().flatten().enumerate();
        parts.map(|(index, part)| (Id::new(index), part))
    }
}
