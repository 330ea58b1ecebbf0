//! The client: one struct over the client of the runtime, with a method for each group.

use quote::quote;

use super::{Piece, doc, leaf};
use crate::model::{ClientType, GroupMethod, RuntimeModule};

/// The imports of the root file.
pub fn uses(runtime: RuntimeModule, pieces: &mut Vec<Piece>) {
    pieces.push(Piece::Item(match runtime {
        RuntimeModule::OfRoot => quote! {
            #[doc(no_inline)]
            pub use crate::runtime;
        },
        // Its own documentation stands in its file.
        RuntimeModule::Embedded => quote! {
            #[rustfmt::skip]
            #[allow(dead_code, unused_imports, unused_macros)]
            pub mod runtime;
        },
        RuntimeModule::Shared => quote! {
            #[doc = " What the client is made of: JSON without loss, calls, policies."]
            pub use verbatim_runtime as runtime;
        },
    }));
    pieces.push(Piece::Item(quote! {
        #[doc(no_inline)]
        pub use crate::runtime::Error;
    }));
    pieces.push(Piece::Item(quote! {
        use crate::runtime::codegen::{self, BuildError, Client, ClientBuilder, Service};
    }));
}

/// The name `crate::runtime` where only its values layer is there.
pub fn values(place: RuntimeModule) -> proc_macro2::TokenStream {
    match place {
        RuntimeModule::OfRoot => quote! {
            #[doc(no_inline)]
            pub use crate::runtime;
        },
        RuntimeModule::Embedded => quote! {
            #[rustfmt::skip]
            #[allow(dead_code, unused_imports, unused_macros)]
            pub mod runtime;
        },
        RuntimeModule::Shared => quote! {
            #[doc = " What the types are made of."]
            pub mod runtime {
                pub use verbatim_json as json;
            }
        },
    }
}

/// The pieces of the client.
pub fn pieces(item: &ClientType, pieces: &mut Vec<Piece>) {
    let ClientType { name, .. } = item;
    let docs = doc::outer(&item.docs);
    pieces.push(Piece::Table(quote! {
        #docs
        #[derive(Clone, Debug)]
        pub struct #name { client: Client, }
    }));
    let begun = doc::outer(&item.begun);
    let environment = doc::outer(&item.environment);
    let mut members = vec![
        quote! {
            #begun
            pub fn builder() -> ClientBuilder<Self> { codegen::builder(&SERVICE, |client| Self { client }) }
        },
        quote! {
            #[doc = " The same of a client that was built elsewhere."]
            #[doc = ""]
            #[doc = " # Errors"]
            #[doc = " Where it is a client of another API."]
            pub fn from_client(client: Client) -> Result<Self, BuildError> {
                client.for_service(&SERVICE).map(|client| Self { client })
            }
        },
        quote! {
            #environment
            #[doc = ""]
            #[doc = " # Errors"]
            #[doc = " Where no credential is set; the message names the variables."]
            pub fn from_env() -> Result<Self, BuildError> { Self::builder().from_env()?.build() }
        },
        quote! {
            #[doc = " The client of the runtime."]
            pub fn client(&self) -> &Client { &self.client }
        },
    ];
    members.extend(item.groups.iter().map(|method| {
        let GroupMethod {
            accessor,
            name: group,
            ..
        } = method;
        let docs = doc::outer(&method.docs);
        let needs = leaf::needs(&method.features);
        quote! {
            #docs
            #needs
            pub fn #accessor(&self) -> api::#accessor::#group { api::#accessor::#group::new(&self.client) }
        }
    }));
    pieces.push(Piece::Methods {
        head: quote!(impl #name),
        members,
    });
}
