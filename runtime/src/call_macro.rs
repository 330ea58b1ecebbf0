/// A newtype over a [`Call`](crate::Call) with the methods of users forwarded.
///
/// ```
/// use verbatim_runtime::codegen::{self, Undocumented};
///
/// codegen::call! {
///     /// The servers of the account.
///     pub struct ListServers(Vec<String>, Undocumented);
/// }
///
/// impl ListServers {
///     /// How many servers stand on a page.
///     pub fn per_page(self, per_page: i64) -> Self {
///         Self(self.0.query("per_page", &per_page))
///     }
/// }
/// ```
///
/// After the types of success and error may stand
/// - `items Item = path;` with a function from the success to `Vec<Item>`, for an operation that
///   declares its pagination: gives `.pages()` and `.items()`,
/// - `wait OPERATION: Outcome = path;` with a decoder of the polled reply, for an operation that
///   declares how it is awaited: gives `.wait()`, `.wait_until(..)` and `resume`. Where the polled
///   operation answers with a list, `, among WAIT_AMONG` tells which of its items count; `, resumed
///   Group::method` gives the group a method that goes on with a wait,
/// - `events Stream = path;` with a decoder of the reply as a stream, for an operation that answers
///   with one value or with a sequence of items: gives `.events()`.
#[macro_export]
macro_rules! call {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident($success:ty, $error:ty);
        $(items $item:ty = $items:expr;)?
        $(
            wait $operation:path: $outcome:ty = $decode:expr
            $(, among $among:expr)?
            $(, resumed $group:ident::$resume:ident)?;
        )?
        $(events $stream:ty = $read:expr;)?
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone)]
        #[must_use = "a call is not sent until it is awaited"]
        $visibility struct $name($crate::Call<$success, $error>);

        impl $name {
            /// Over a call that holds the required parameters.
            $visibility fn new(call: $crate::Call<$success, $error>) -> Self {
                Self(call)
            }

            /// The same with the call changed.
            $visibility fn map(
                self,
                change: impl FnOnce(
                    $crate::Call<$success, $error>,
                ) -> $crate::Call<$success, $error>,
            ) -> Self {
                Self(change(self.0))
            }

            /// The call itself, with every method of [`Call`]($crate::Call).
            $visibility fn call(self) -> $crate::Call<$success, $error> {
                self.0
            }

            /// The time limit of one attempt.
            $visibility fn timeout(self, limit: ::std::time::Duration) -> Self {
                Self(self.0.timeout(limit))
            }

            /// The time limit of the call as a whole.
            $visibility fn deadline(self, limit: ::std::time::Duration) -> Self {
                Self(self.0.deadline(limit))
            }

            /// How the call is repeated.
            $visibility fn retry(self, policy: $crate::RetryPolicy) -> Self {
                Self(self.0.retry(policy))
            }

            /// Sends the call though values in it break bounds of the document; see
            /// [`Call::unchecked`]($crate::Call::unchecked).
            $visibility fn unchecked(self) -> Self {
                Self(self.0.unchecked())
            }

            /// The credential of this call, instead of the client's.
            $visibility fn credential(
                self,
                credential: impl ::std::convert::Into<$crate::CredentialSource>,
            ) -> Self {
                Self(self.0.credential(credential))
            }

            /// A further header.
            $visibility fn extra_header(self, name: &str, value: &str) -> Self {
                Self(self.0.extra_header(name, value))
            }

            /// Sends the call: the value with status and headers.
            ///
            /// # Errors
            ///
            /// See [`Error`]($crate::Error).
            $visibility fn send(self) -> $crate::Sending<$crate::Response<$success>, $error> {
                self.0.send()
            }

            /// Sends a DELETE; none where the resource was gone already.
            ///
            /// # Errors
            ///
            /// See [`Call::or_gone`]($crate::Call::or_gone).
            $visibility fn or_gone(self) -> $crate::Sending<::std::option::Option<$success>, $error> {
                self.0.or_gone()
            }

            /// What would be sent, with secrets masked.
            ///
            /// # Errors
            ///
            /// What would keep the call from being sent.
            $visibility fn explain(
                &self,
            ) -> ::std::result::Result<$crate::Explanation, $crate::Error<$error>> {
                self.0.explain()
            }

            /// The call as a command line of curl, with secrets masked.
            ///
            /// # Errors
            ///
            /// What would keep the call from being sent.
            $visibility fn to_curl(
                &self,
            ) -> ::std::result::Result<::std::string::String, $crate::Error<$error>> {
                self.0.to_curl()
            }

            $crate::call_blocking!($visibility $success, $error);
        }

        $(
            impl $name {
                /// The pages of the list, each one reply, as a stream.
                $visibility fn pages(self) -> $crate::Pages<$success, $error> {
                    $crate::Pages::new(self.0)
                }

                /// The items of all pages, as a stream.
                $visibility fn items(self) -> $crate::Items<$success, $error, $item> {
                    $crate::Items::new(self.0, $items)
                }
            }
        )?

        $(
            impl $name {
                /// Sends the call, and waits until the polled value is as wished.
                $visibility fn wait_until(
                    self,
                    goal: impl FnMut(&$outcome) -> bool + Send + 'static,
                ) -> $crate::Waiting<$success, $error, $outcome> {
                    self.wait().until(goal)
                }

                /// Sends the call, and waits until what it began is complete.
                $visibility fn wait(self) -> $crate::Waiting<$success, $error, $outcome> {
                    $crate::Waiting::new(self.0, $decode)$(.among($among))?
                }

                /// Goes on with a wait that such a call began, here or in another process.
                $visibility fn resume(
                    client: &$crate::Client,
                    token: &$crate::WaitToken,
                ) -> $crate::Waiting<$success, $error, $outcome> {
                    $crate::Waiting::resume(client, &$operation, token, $decode)$(.among($among))?
                }
            }

            $(
                impl $group {
                    /// Goes on with a wait that such a call began, here or in another process.
                    $visibility fn $resume(
                        &self,
                        token: &$crate::WaitToken,
                    ) -> $crate::Waiting<$success, $error, $outcome> {
                        $name::resume(&self.client, token)
                    }
                }
            )?
        )?

        $(
            impl $name {
                /// The same call for the form of the reply that is a sequence of items, which are
                /// given as they arrive. Whether the server sends it may depend on the request.
                $visibility fn events(self) -> $crate::Call<$stream, $error> {
                    self.0.items_as($read)
                }
            }
        )?

        impl ::std::future::IntoFuture for $name {
            type Output = ::std::result::Result<$success, $crate::Error<$error>>;
            type IntoFuture = $crate::Sending<$success, $error>;

            fn into_future(self) -> Self::IntoFuture {
                ::std::future::IntoFuture::into_future(self.0)
            }
        }
    };
}

/// The blocking method of a newtype, where the feature is on.
#[cfg(feature = "blocking")]
#[doc(hidden)]
#[macro_export]
macro_rules! call_blocking {
    ($visibility:vis $success:ty, $error:ty) => {
        /// Sends the call without an asynchronous runtime.
        ///
        /// # Errors
        ///
        /// See [`Error`]($crate::Error); and where the client is not a blocking one.
        $visibility fn block(self) -> ::std::result::Result<$success, $crate::Error<$error>> {
            self.0.block()
        }
    };
}

/// The blocking method of a newtype, where the feature is off.
#[cfg(not(feature = "blocking"))]
#[doc(hidden)]
#[macro_export]
macro_rules! call_blocking {
    ($visibility:vis $success:ty, $error:ty) => {};
}

/// A group of operations: a struct over the client, whose methods are the operations. Only the typed
/// client makes one, so that it is never over the client of another API.
#[macro_export]
macro_rules! group {
    ($(#[$attribute:meta])* pub struct $name:ident;) => {
        $(#[$attribute])*
        #[derive(Clone, Debug)]
        pub struct $name {
            client: $crate::Client,
        }

        impl $name {
            pub(crate) fn new(client: &$crate::Client) -> Self {
                Self {
                    client: client.clone(),
                }
            }
        }
    };
}
