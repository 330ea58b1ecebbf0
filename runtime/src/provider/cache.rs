use super::{CredentialProvider, IssueContext};
use crate::credential::{Credential, CredentialError};
use crate::joint::Joint;
use crate::redact::forms_of;
use crate::time::{Clock, Moment};
use crate::until::until;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A credential is renewed when this much of its life is left, or a fifth of it where that is less.
const AHEAD: Duration = Duration::from_secs(60);

/// How long a credential that still lasts is used after a renewal ahead of its end failed.
const PAUSE: Duration = Duration::from_secs(5);

/// The credential of a provider, kept until it has to be renewed. Clones share it, and so do all
/// clients and calls that are given one.
#[derive(Clone)]
pub struct CachedCredential(Arc<Cache>);

struct Cache {
    provider: Arc<dyn CredentialProvider>,
    /// Held for moments only, never across a wait.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    held: Option<Arc<Held>>,
    renewal: Option<Renewal>,
    /// How many were issued.
    issued: u64,
    /// Until when no renewal ahead of the end is tried.
    pause: Option<Moment>,
}

type Outcome = Result<Arc<Held>, CredentialError>;

/// None where it panicked.
type Work = Joint<Option<Outcome>>;

/// A renewal under way, which everyone drives who waits for it.
struct Renewal {
    work: Work,
    clock: Arc<dyn Clock>,
    /// When it must have ended.
    ends: Moment,
    waiting: usize,
}

impl Renewal {
    /// Whether it ought to have ended: whoever took part was not polled.
    fn is_stale(&self) -> bool {
        self.clock.now() >= self.ends
    }
}

/// A credential that was issued.
pub(crate) struct Held {
    pub(crate) credential: Credential,
    /// The forms in which it may be echoed.
    pub(crate) forms: Arc<[SecretString]>,
    number: u64,
    clock: Arc<dyn Clock>,
    /// From when on it is renewed, and when it ends; none where it lasts until it is refused.
    life: Option<(Moment, Moment)>,
}

/// How old a credential is.
#[derive(PartialEq)]
enum Age {
    Fresh,
    /// It lasts, and should be renewed.
    Due,
    Over,
}

impl Held {
    fn age(&self) -> Age {
        let now = self.clock.now();
        match self.life {
            Some((_, ends)) if now >= ends => Age::Over,
            Some((due, _)) if now >= due => Age::Due,
            _ => Age::Fresh,
        }
    }
}

/// What a call that needs the credential does.
enum Step {
    Use(Arc<Held>),
    /// Waits; with the credential that still lasts, for where the renewal fails.
    Wait(Work, Option<Arc<Held>>),
}

impl CachedCredential {
    /// Over a provider, which is not asked before the credential is needed.
    pub fn new(provider: impl CredentialProvider + 'static) -> Self {
        Self(Arc::new(Cache {
            provider: Arc::new(provider),
            state: Mutex::default(),
        }))
    }

    /// The credential as it is now, renewed where that is needed. `refused` is one that a server did
    /// not take.
    pub(crate) async fn get(
        &self,
        context: impl FnOnce() -> IssueContext,
        refused: Option<&Held>,
    ) -> Outcome {
        let (work, lasting) = match self.step(context, refused) {
            Step::Use(held) => return Ok(held),
            Step::Wait(work, lasting) => (work, lasting),
        };
        let seat = Seat {
            cache: &self.0,
            work: work.clone(),
        };
        let outcome = work.await.unwrap_or_else(|| {
            let message = "the provider of the credential panicked";
            Err(CredentialError::new(message))
        });
        self.0.settle(&seat.work, &outcome);
        match (outcome, lasting) {
            (Err(_), Some(held)) if held.age() != Age::Over => Ok(held),
            (outcome, _) => outcome,
        }
    }

    /// The texts of what is held, which must not be shown.
    pub(crate) fn forms(&self) -> Option<Arc<[SecretString]>> {
        let state = self.0.lock();
        state.held.as_ref().map(|held| Arc::clone(&held.forms))
    }

    fn step(&self, context: impl FnOnce() -> IssueContext, refused: Option<&Held>) -> Step {
        let mut state = self.0.lock();
        let is_refused = |held: &Held| refused.is_some_and(|it| it.number == held.number);
        if state.held.as_deref().is_some_and(is_refused) {
            state.held = None;
        }
        let mut lasting = None;
        if let Some(held) = &state.held {
            let age = held.age();
            let under_way = state.renewal.as_ref().is_some_and(|it| !it.is_stale());
            let pauses = state.pause.is_some_and(|pause| held.clock.now() < pause);
            if age == Age::Fresh || (age == Age::Due && (under_way || pauses)) {
                return Step::Use(Arc::clone(held));
            }
            lasting = (age == Age::Due).then(|| Arc::clone(held));
        }
        let under_way = state.renewal.as_mut().filter(|it| !it.is_stale());
        if let Some(renewal) = under_way {
            renewal.waiting += 1;
            return Step::Wait(renewal.work.clone(), lasting);
        }
        state.issued += 1;
        let renewal = self.0.renewal(context(), state.issued);
        let work = renewal.work.clone();
        state.renewal = Some(renewal);
        Step::Wait(work, lasting)
    }
}

impl Cache {
    fn renewal(&self, context: IssueContext, number: u64) -> Renewal {
        let provider = Arc::clone(&self.provider);
        let clock = Arc::clone(&context.clock);
        let began = clock.now();
        let (limit, ends) = (context.total, began + context.total);
        let work = async move {
            let clock = Arc::clone(&context.clock);
            let issued = until(&*clock, Some(ends), provider.issue(&context)).await;
            let issued = issued.unwrap_or_else(|| {
                let message = format!("the credential was not renewed within {limit:?}");
                Err(CredentialError::new(message))
            });
            Some(issued.map(|issued| {
                Arc::new(Held {
                    forms: secrets_of(&issued.credential).into(),
                    credential: issued.credential,
                    number,
                    clock,
                    life: issued.lifetime.map(|life| {
                        let ahead = AHEAD.min(life / 5);
                        (began + life.saturating_sub(ahead), began + life)
                    }),
                })
            }))
        };
        Renewal {
            work: Joint::new(work),
            clock,
            ends,
            waiting: 1,
        }
    }

    /// Notes how a renewal ended; the first that waited for it does.
    fn settle(&self, work: &Work, outcome: &Outcome) {
        let mut state = self.lock();
        if !state.renewal.as_ref().is_some_and(|it| it.work.is(work)) {
            return;
        }
        state.renewal = None;
        if let Ok(held) = outcome {
            state.held = Some(Arc::clone(held));
            state.pause = None;
        } else {
            let held = state.held.as_ref();
            state.pause = held.map(|held| held.clock.now() + PAUSE);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Whole between any two of the lines that change it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that waits for a renewal. With the last of them a renewal ends: nobody drives it any
/// more, and what it began would be too old for whoever comes next.
struct Seat<'c> {
    cache: &'c Cache,
    work: Work,
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        let mut state = self.cache.lock();
        let renewal = state.renewal.as_mut().filter(|it| it.work.is(&self.work));
        let left = renewal.map(|renewal| {
            renewal.waiting -= 1;
            renewal.waiting
        });
        let ended = if left == Some(0) {
            state.renewal.take()
        } else {
            None
        };
        drop(state);
        // What the provider drops is its own code, which runs without the lock.
        drop(ended);
    }
}

/// Every form in which a credential may be echoed.
pub(crate) fn secrets_of(credential: &Credential) -> Vec<SecretString> {
    match credential {
        Credential::Token(token) => forms_of(token.expose_secret()),
        Credential::Basic { user, password } => {
            let mut forms = forms_of(password.expose_secret());
            forms.extend(forms_of(&format!("{user}:{}", password.expose_secret())));
            forms
        }
    }
}

impl fmt::Debug for CachedCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CachedCredential([secret])")
    }
}
