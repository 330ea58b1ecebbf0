//! Actions that go on: which states they pass and how long they take.

mod queue;

use verbatim_contract::extension::Wait;
use verbatim_contract::value::{at, set};
use verbatim_contract::{Direction, Operation};
use verbatim_source::Value;

use crate::act::Done;
use crate::form::Form;
use crate::map::{Kind, member_pointer};
use crate::place::{NodePath, Owner};
use crate::repair::schema_at;
use crate::rules::{Keeping, States};
use crate::simulator::Simulator;
use crate::world::{Task, World, key_of};

/// How long an action takes where no rule says so, in virtual seconds.
const SECONDS: i64 = 30;

/// Beginnings of the names of states, by what goes on.
const CREATING: &[&str] = &["DEPLOY", "CREAT", "BUILD", "PROVISION", "PENDING"];
const CHANGING: &[&str] = &["CONFIG", "UPDAT", "CHANG", "MODIF", "PROCESS"];
const REMOVING: &[&str] = &["REMOV", "DELET", "DESTROY", "TERMINAT"];

impl Simulator {
    /// Starts what an operation sets going, or removes at once what goes at once.
    pub(crate) fn begin(
        &self,
        world: &mut World,
        operation: &Operation,
        done: &Done,
        nodes: &[NodePath],
    ) {
        let Some((collection, id)) = done.root.clone() else {
            return;
        };
        let states = self.states_of(collection);
        let effect = &done.effect;
        let like = || self.contract.operation(effect.wait_like.as_deref()?);
        let wait = operation.wait.as_ref();
        self.later(world, done, &(collection, id.clone()));
        self.tell_of(world, done, (collection, &id));
        let Some(wait) = wait.or_else(|| like()?.wait.as_ref()) else {
            if done.removes {
                self.remove_item(world, collection, &id);
            } else if effect.during.is_some() || effect.after.is_some() {
                let wait = Wait {
                    state: states.state.clone(),
                    ..Wait::default()
                };
                self.run(world, &wait, done, &(collection, id));
            }
            return;
        };
        match self.polled(wait) {
            Some((polled, form)) if form.list && polled != collection => {
                self.queue(world, wait, &form, polled, done, nodes);
                if done.removes {
                    self.run(world, wait, done, &(collection, id));
                }
            }
            Some((polled, _)) => {
                // The action may concern an item above the one that was changed.
                let subject = if polled == collection {
                    (collection, id)
                } else {
                    return;
                };
                self.run(world, wait, done, &subject);
            }
            None if done.removes => self.remove_item(world, collection, &id),
            None => {}
        }
    }

    /// Plans what holds from when the action is done.
    fn later(&self, world: &mut World, done: &Done, (collection, id): &(usize, String)) {
        let effect = &done.effect;
        let now = world.clock.now();
        let seconds = effect.seconds.or(self.states_of(*collection).seconds);
        let end = now + world.clock.length(seconds.unwrap_or(SECONDS));
        let item = world.item(*collection, id);
        let saved = item.and_then(|item| item.saved.as_deref());
        let mut tasks = Vec::new();
        let task = |collection: usize, id: &str, after| Task {
            begin: now,
            end,
            after,
            ..Task::new(collection, id)
        };
        if let Some(saved) = saved.filter(|_| effect.kept == Some(Keeping::Restores)) {
            let whole = vec![(String::new(), saved.value.whole().into_owned())];
            tasks.push(task(saved.collection, &saved.id, whole));
        }
        if !effect.then.is_empty() {
            let then = effect.then.iter().map(|(pointer, value)| {
                let is_now = matches!(value, Value::String(text) if text == "$now");
                let before = item.and_then(|item| at(&item.value, pointer));
                let example = before.and_then(key_of).unwrap_or_default();
                let written = || Value::String(crate::clock::write(end, &example));
                (
                    pointer.clone(),
                    if is_now { written() } else { value.clone() },
                )
            });
            tasks.push(task(*collection, id, then.collect()));
        }
        if let Some(applied) = effect
            .applies
            .as_ref()
            .and_then(|name| self.map.called(name))
        {
            let mut applying = task(*collection, id, Vec::new());
            applying.single = Some(self.applied(world, applied, (*collection, id)));
            tasks.push(applying);
        }
        world.tasks.extend(tasks);
    }

    /// The path and the list of the items of a collection under an item, as they are put in force.
    fn applied(
        &self,
        world: &World,
        applied: usize,
        (collection, id): (usize, &str),
    ) -> (String, Value) {
        let owner = Owner {
            collection,
            id: id.to_owned(),
            parameter: self.parameter_of(collection),
        };
        let owners = [owner];
        let items = crate::view::items(&self.map, world, applied, &owners);
        let items = items.map(|item| item.whole().into_owned());
        let list = Value::from(items.collect::<Vec<Value>>());
        let above = &self.map.collections[collection];
        let node = above.nodes.first().copied().unwrap_or_default();
        let path = &self.map.nodes[node].template;
        let name = &self.map.collections[applied].name;
        (format!("{path}/{id}/{name}/applied"), list)
    }

    fn states_of(&self, collection: usize) -> States {
        let name = &self.map.collections[collection].name;
        self.rules.states.get(name).cloned().unwrap_or_default()
    }

    /// The collection that is polled, and the form of the answer.
    fn polled(&self, wait: &Wait) -> Option<(usize, Form)> {
        let node = *self.map.of_operation.get(&wait.poll)?;
        let form = self.map.nodes[node].form.clone().unwrap_or_default();
        match self.map.nodes[node].kind {
            Kind::Item(collection) | Kind::Collection(collection) => Some((collection, form)),
            _ => None,
        }
    }

    /// Puts an item through its states.
    fn run(&self, world: &mut World, wait: &Wait, done: &Done, subject: &(usize, String)) {
        let (collection, id) = subject;
        let states = self.states_of(*collection);
        let effect = &done.effect;
        let state = states
            .state
            .clone()
            .or_else(|| self.inside(wait, wait.state.as_deref()));
        let percent = states
            .percent
            .clone()
            .or_else(|| self.inside(wait, wait.percent.as_deref()));
        let Some(item) = world.item(*collection, id) else {
            return;
        };
        let before = state
            .as_ref()
            .and_then(|state| at(&item.value, state))
            .and_then(key_of);
        let is_new = done.made.as_ref().is_some_and(|made| {
            matches!(&made.place, crate::place::Place::Item { id: made, pointer, .. } if made == id && pointer.is_empty())
        });
        let wanted = if done.removes {
            (states.delete.clone(), REMOVING)
        } else if is_new {
            (states.create.clone(), CREATING)
        } else {
            (states.change.clone(), CHANGING)
        };
        let during = effect
            .during
            .clone()
            .or(wanted.0)
            .or_else(|| self.transient(*collection, state.as_deref()?, wait, wanted.1));
        let rest = before.filter(|before| !is_new && wait.done.contains(before));
        let after = effect
            .after
            .clone()
            .or(rest)
            .or(states.done)
            .or_else(|| wait.done.first().cloned());
        let now = world.clock.now();
        let seconds = effect.seconds.or(states.seconds).unwrap_or(SECONDS);
        let end = now + world.clock.length(seconds);
        let mut finish = Vec::new();
        if let (Some(state), Some(after), false) = (&state, &after, done.removes) {
            finish.push((state.clone(), Value::from(after.as_str())));
        }
        if let Some(percent) = &percent {
            let value = if wait.percent_null {
                Value::Null
            } else {
                Value::from(100_i64)
            };
            finish.push((percent.clone(), value));
        }
        if let Some(item) = world.item_mut(*collection, id) {
            if let (Some(state), Some(during)) = (&state, &during) {
                set(&mut item.value, state, Value::from(during.as_str()));
            }
            if let Some(percent) = &percent {
                set(&mut item.value, percent, Value::from(0_i64));
            }
            if is_new {
                self.finish_moments(&mut item.value, &mut finish, *collection, end);
            }
        }
        // A later action takes over from an earlier one.
        world
            .tasks
            .retain(|task| (task.collection, &task.id) != (*collection, id) || task.removes);
        world.tasks.push(Task {
            state,
            percent,
            begin: now,
            end,
            after: finish,
            removes: done.removes,
            ..Task::new(*collection, id)
        });
    }

    /// A member that says when an action ended is null until then.
    fn finish_moments(
        &self,
        value: &mut Value,
        finish: &mut Vec<(String, Value)>,
        collection: usize,
        end: i64,
    ) {
        let Some(schema) = &self.map.collections[collection].schema else {
            return;
        };
        for name in ["completed_at", "finished_at", "ended_at"] {
            let pointer = member_pointer(name);
            let Some(own) = schema_at(&self.contract, schema, &pointer) else {
                continue;
            };
            if self.contract.accepts(&own, &Value::Null, Direction::Reply) {
                set(value, &pointer, Value::Null);
                finish.push((pointer, Value::String(crate::clock::write(end, ""))));
            }
        }
    }

    /// A pointer of a wait into the thing itself, without the root keys around it.
    fn inside(&self, wait: &Wait, pointer: Option<&str>) -> Option<String> {
        let pointer = pointer?;
        let form = self.polled(wait).map(|(_, form)| form).unwrap_or_default();
        let key = form
            .item_key
            .as_deref()
            .map(member_pointer)
            .unwrap_or_default();
        let root = if form.list { key } else { form.at };
        Some(
            pointer
                .strip_prefix(root.as_str())
                .unwrap_or(pointer)
                .to_owned(),
        )
    }

    /// A documented state that fits what goes on: one of the wanted names, else one that is
    /// neither done nor failed.
    fn transient(
        &self,
        collection: usize,
        state: &str,
        wait: &Wait,
        wanted: &[&str],
    ) -> Option<String> {
        if let Some(pending) = wait.pending.first() {
            return Some(pending.clone());
        }
        let schema = self.map.collections[collection].schema.as_ref()?;
        let own = schema_at(&self.contract, schema, state)?;
        let known = self.states_named(&own, 4);
        let fits = |name: &&String| {
            let upper = name.to_uppercase();
            wanted.iter().any(|wanted| upper.starts_with(wanted))
        };
        let moving = |name: &&String| {
            let ended = wait.done.contains(name) || wait.failed.contains(name);
            !ended && name.to_uppercase().ends_with("ING")
        };
        known
            .iter()
            .find(fits)
            .or_else(|| known.iter().find(moving))
            .cloned()
    }

    fn states_named(&self, schema: &verbatim_contract::Schema, depth: usize) -> Vec<String> {
        let shape = self.contract.shape(schema);
        let own = shape
            .values
            .iter()
            .flatten()
            .filter_map(|value| key_of(value));
        let mut names: Vec<String> = own.collect();
        if depth > 0 {
            for alternative in &shape.alternatives {
                names.extend(self.states_named(alternative, depth - 1));
            }
        }
        names
    }
}
