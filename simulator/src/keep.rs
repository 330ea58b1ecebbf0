//! The state in a file, over restarts.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use verbatim_contract::value::at;
use verbatim_source::Value;
use verbatim_source::write::quoted;

use crate::json::state_of;
use crate::simulator::{Simulator, StartError};
use crate::world::key_of;

/// The shortest pause between two looks at whether something has changed.
const PAUSE: Duration = Duration::from_millis(200);
/// How much longer than the last save a pause is, so that large states do not take all the time.
const REST: u32 = 5;

/// Keeps the states of some simulators in one file.
#[derive(Debug)]
pub struct Keeper {
    path: PathBuf,
    simulators: Vec<Arc<Simulator>>,
    /// How often each had changed when it was last saved.
    saved: Vec<u64>,
    /// Held as long as the file is in use here.
    _lock: std::fs::File,
}

impl Keeper {
    /// Takes the states from a file where it exists, and keeps them there from now on.
    ///
    /// # Errors
    /// Where the file cannot be read, is no state of these documents, or is in use by another
    /// simulator. Nothing is written then.
    pub fn open(path: &Path, simulators: Vec<Arc<Simulator>>) -> Result<Self, StartError> {
        let lock = lock(path)?;
        match std::fs::read(path) {
            Ok(bytes) => restore(path, &bytes, &simulators)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(StartError::new(format!(
                    "cannot read the state {}: {error}; name a file that can be read and written",
                    path.display()
                )));
            }
        }
        let keeper = Self {
            path: path.to_owned(),
            saved: simulators.iter().map(|it| it.changes()).collect(),
            simulators,
            _lock: lock,
        };
        // What cannot be written is told now, not after the first change.
        keeper.write().map_err(StartError::new)?;
        Ok(keeper)
    }

    /// Writes the states where something has changed since they were last written: the file is the old
    /// one or the new one, never a part.
    ///
    /// # Errors
    /// What the disk said, with the path.
    pub fn save(&mut self) -> Result<(), String> {
        let present: Vec<u64> = self.simulators.iter().map(|it| it.changes()).collect();
        if present == self.saved {
            return Ok(());
        }
        self.saved = present;
        self.write()
    }

    /// Writes the states a last time, with the present moment of their clocks.
    ///
    /// # Errors
    /// As [`Keeper::save`].
    pub fn finish(&self) -> Result<(), String> {
        self.write()
    }

    fn write(&self) -> Result<(), String> {
        let documents = self.simulators.iter().map(|simulator| {
            let contract = simulator.contract();
            let title = quoted(&contract.title);
            let base = quoted(&contract.base_path);
            let state = simulator.state();
            format!(r#"{{"title":{title},"base":{base},"state":{state}}}"#)
        });
        let documents: Vec<String> = documents.collect();
        let text = format!(r#"{{"documents":[{}]}}"#, documents.join(","));
        verbatim_files::put(&self.path, &text)
            .map(|_| ())
            .map_err(|error| format!("the state is not kept: {error}"))
    }

    /// Saves again and again, until the future is dropped. Complaints go to `told`, each once.
    pub async fn run(keeper: Arc<tokio::sync::Mutex<Self>>, told: impl Fn(&str)) {
        let mut last = String::new();
        let mut pause = PAUSE;
        loop {
            tokio::time::sleep(pause).await;
            let mut own = Arc::clone(&keeper).lock_owned().await;
            let begun = Instant::now();
            let outcome = tokio::task::spawn_blocking(move || own.save()).await;
            pause = PAUSE.max(begun.elapsed() * REST);
            match outcome {
                Ok(Err(message)) if message != last => {
                    told(&message);
                    last = message;
                }
                _ => {}
            }
        }
    }
}

/// Only one simulator may keep its state in a file. The lock is a file beside it, which stays where it
/// is: the state itself is replaced by each save.
fn lock(path: &Path) -> Result<std::fs::File, StartError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".lock");
    let beside = path.with_file_name(name);
    let file = std::fs::OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&beside)
        .map_err(|error| {
            StartError::new(format!(
                "cannot keep the state in {}: {error}; name a file in a folder that can be written",
                path.display()
            ))
        })?;
    match fs4::FileExt::try_lock(&file) {
        Ok(()) => Ok(file),
        Err(fs4::TryLockError::WouldBlock) => Err(StartError::new(format!(
            "the state {} is in use by another simulator; stop that, or name another file",
            path.display()
        ))),
        Err(fs4::TryLockError::Error(error)) => Err(StartError::new(format!(
            "cannot lock {}: {error}; name a file in a folder that can be locked",
            beside.display()
        ))),
    }
}

/// Takes the states of some documents out of a file.
fn restore(path: &Path, bytes: &[u8], simulators: &[Arc<Simulator>]) -> Result<(), StartError> {
    let wrong = |message: String| {
        StartError::new(format!(
            "{} holds no state of these documents: {message}; name another file, or remove this one to begin anew",
            path.display()
        ))
    };
    let value = state_of("file", bytes).map_err(wrong)?;
    let Some(Value::Array(documents)) = at(&value, "/documents") else {
        return Err(wrong("it has no list `documents`".to_owned()));
    };
    for document in documents {
        let text = |name: &str| at(&document.value, name).and_then(key_of);
        let (title, base) = (text("/title"), text("/base"));
        let mut known = simulators.iter();
        let simulator = known.find(|simulator| {
            let contract = simulator.contract();
            title.as_ref() == Some(&contract.title) && base.as_ref() == Some(&contract.base_path)
        });
        let state = at(&document.value, "/state");
        let (Some(simulator), Some(state)) = (simulator, state) else {
            let title = title.unwrap_or_default();
            return Err(wrong(format!(
                "it is of `{title}`, which is not served here"
            )));
        };
        simulator.restore(state).map_err(wrong)?;
    }
    Ok(())
}
