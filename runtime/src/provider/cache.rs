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

/// Renewals that one call takes part in: more than one where they panic or come too late.
const ROUNDS: usize = 3;

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
    held: Option<Arc<CacheEntry>>,
    renewal: Option<Renewal>,
    /// How many were issued.
    issued: u64,
    /// Until when no renewal ahead of the end is tried.
    pause: Option<Moment>,
}

type Outcome = Result<Arc<CacheEntry>, CredentialError>;

/// None where it panicked.
type Work = Joint<Option<Outcome>>;

/// A renewal under way, which everyone drives who waits for it. It is kept where all of them are
/// dropped, for the next one: a server may have taken back what it renews already.
struct Renewal {
    work: Work,
    clock: Arc<dyn Clock>,
    /// When it must have ended.
    ends: Moment,
}

impl Renewal {
    /// Whether it ought to have ended: whoever took part was not polled.
    fn is_stale(&self) -> bool {
        self.clock.now() >= self.ends
    }
}

/// A credential that the provider issued.
pub(crate) struct CacheEntry {
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

impl CacheEntry {
    fn age(&self) -> Age {
        let now = self.clock.now();
        match self.life {
            Some((_, ends)) if now >= ends => Age::Over,
            Some((due, _)) if now >= due => Age::Due,
            _ => Age::Fresh,
        }
    }
}

impl CacheEntry {
    /// Whether it had a life, which is over.
    fn is_stale(&self) -> bool {
        let had = self.life.is_some_and(|(due, ends)| due < ends);
        had && self.age() == Age::Over
    }
}

/// What a call that needs the credential does.
enum Step {
    Use(Arc<CacheEntry>),
    /// Waits; with the credential that still lasts, for where the renewal fails.
    Wait(Work, Option<Arc<CacheEntry>>),
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
        context: impl Fn() -> IssueContext,
        refused: Option<&CacheEntry>,
    ) -> Outcome {
        let mut refused = refused;
        let mut rounds = 0;
        loop {
            rounds += 1;
            let (work, lasting) = match self.step(&context, refused.take()) {
                Step::Use(held) => return Ok(held),
                Step::Wait(work, lasting) => (work, lasting),
            };
            let outcome = work.clone().await;
            self.0.settle(&work, outcome.as_ref());
            match (outcome, lasting) {
                (Some(Err(_)), Some(held)) if held.age() != Age::Over => return Ok(held),
                // It was begun by a call that was given up, and came too late.
                (Some(Ok(held)), _) if rounds < ROUNDS && held.is_stale() => {}
                (Some(outcome), _) => return outcome,
                // It panicked in the hands of another call.
                (None, _) if rounds < ROUNDS => {}
                (None, _) => {
                    let message = "the provider of the credential panicked";
                    return Err(CredentialError::new(message));
                }
            }
        }
    }

    /// The texts of what is held, which must not be shown.
    pub(crate) fn forms(&self) -> Option<Arc<[SecretString]>> {
        let state = self.0.lock();
        state.held.as_ref().map(|held| Arc::clone(&held.forms))
    }

    fn step(&self, context: &impl Fn() -> IssueContext, refused: Option<&CacheEntry>) -> Step {
        let mut state = self.0.lock();
        let is_refused = |held: &CacheEntry| refused.is_some_and(|it| it.number == held.number);
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
        let under_way = state.renewal.as_ref().filter(|it| !it.is_stale());
        if let Some(renewal) = under_way {
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
        let limit = provider.time_limit().unwrap_or(context.total);
        let ends = began + limit;
        let work = async move {
            let clock = Arc::clone(&context.clock);
            let issued = until(&*clock, Some(ends), provider.issue(&context)).await;
            let issued = issued.unwrap_or_else(|| {
                let message = format!("the credential was not renewed within {limit:?}");
                Err(CredentialError::new(message))
            });
            Some(issued.map(|issued| {
                Arc::new(CacheEntry {
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
        }
    }

    /// Notes how a renewal ended; the first that waited for it does.
    fn settle(&self, work: &Work, outcome: Option<&Outcome>) {
        let mut state = self.lock();
        if !state.renewal.as_ref().is_some_and(|it| it.work.is(work)) {
            return;
        }
        state.renewal = None;
        if let Some(Ok(held)) = outcome {
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
