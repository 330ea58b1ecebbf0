//! Clients from builders, environments and profiles.

#![cfg(feature = "profiles")]

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;

use std::collections::BTreeMap;
use verbatim_runtime::codegen::{SecurityKind, SecurityScheme, Server, ServerVariable, Service};
use verbatim_runtime::transport::respond;
use verbatim_runtime::{Client, ClientBuilder, Credential};

fn from(service: &'static Service, variables: &[(&str, &str)]) -> Result<Client, String> {
    let variables: BTreeMap<String, String> = variables
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect();
    build(
        Client::builder(service)
            .from_lookup(|name| variables.get(name).cloned())
            .map_err(|error| error.to_string())?,
    )
}

fn build(builder: ClientBuilder) -> Result<Client, String> {
    builder
        .transport(respond(|_| unreachable!()))
        .build()
        .map_err(|error| error.to_string())
}

static TOKEN_ONLY: Service = Service {
    security: &[SecurityScheme {
        name: "t",
        kind: SecurityKind::Bearer,
    }],
    ..api::SERVICE
};

static OPEN: Service = Service {
    security: &[],
    ..api::SERVICE
};

static MANY: Service = Service {
    servers: &[Server {
        url: "https://{region}.example/{base}",
        variables: &[
            ServerVariable {
                name: "region",
                default: "eu",
                values: &["eu", "us"],
            },
            ServerVariable {
                name: "base",
                default: "v1",
                values: &[],
            },
        ],
    }],
    ..api::SERVICE
};

#[test]
fn the_environment_gives_address_and_credentials() {
    let client = from(
        &api::SERVICE,
        &[("RACK_TOKEN", "t"), ("RACK_URL", "https://other.example")],
    );
    assert_eq!(
        format!("{:?}", client.unwrap()),
        r#"Client { service: "rack", base_url: "https://other.example", credentials: ["token"], .. }"#
    );
    for (variables, credentials) in [
        (
            vec![("RACK_USER", "ada"), ("RACK_PASSWORD", "p")],
            r#"["user"]"#,
        ),
        (
            vec![("RACK_EMAIL", "ada@x"), ("RACK_KEY", "k")],
            r#"["user"]"#,
        ),
        (
            vec![
                ("RACK_TOKEN", "t"),
                ("RACK_USER", "a"),
                ("RACK_PASSWORD", "p"),
            ],
            r#"["token", "user"]"#,
        ),
    ] {
        let client = from(&api::SERVICE, &variables).unwrap();
        assert!(format!("{client:?}").contains(credentials), "{client:?}");
    }
}

#[test]
fn what_is_missing_is_named() {
    let missing = "no credential for Rack API: RACK_TOKEN is not set, and RACK_USER and \
                   RACK_PASSWORD (or RACK_EMAIL and RACK_KEY) are not set";
    assert_eq!(from(&api::SERVICE, &[]).unwrap_err(), missing);
    assert_eq!(
        from(&api::SERVICE, &[("RACK_TOKEN", "  ")]).unwrap_err(),
        missing
    );
    assert_eq!(
        from(&api::SERVICE, &[("RACK_USER", "ada")]).unwrap_err(),
        "RACK_USER or RACK_EMAIL is set, and neither RACK_PASSWORD nor RACK_KEY is"
    );
    assert_eq!(
        from(&TOKEN_ONLY, &[]).unwrap_err(),
        "no credential for Rack API: RACK_TOKEN is not set"
    );
    from(&OPEN, &[]).unwrap();
}

#[test]
fn profiles_give_address_and_credentials() {
    let path = std::env::temp_dir().join(format!("rack-{}.toml", std::process::id()));
    let file = "default = \"work\"\n[profiles.work]\nurl = \"https://work.example\"\ntoken = \"t\"\n\
                [profiles.home]\nemail = \"ada@x\"\nkey = \"k\"\n[profiles.half]\nuser = \"ada\"\n\
                [profiles.odd]\ntokn = \"t\"\n[profiles.number]\ntoken = 7\n";
    std::fs::write(&path, file).unwrap();
    let profile = |name: Option<&str>| {
        let builder = Client::builder(&api::SERVICE).profile_from(&path, name);
        let text = builder.map_err(|error| error.to_string()).and_then(build);
        text.map_err(|error| error.replace(&path.display().to_string(), "FILE"))
    };
    assert_eq!(profile(None).unwrap().base_url(), "https://work.example");
    assert!(format!("{:?}", profile(Some("home")).unwrap()).contains("user"));
    for (name, message) in [
        (
            "none",
            "profiles in FILE: there is no profile `none`; there are: half, home, number, odd, work",
        ),
        (
            "half",
            "profiles in FILE: the profile `half` has only one of user (or email) and password (or key)",
        ),
        (
            "odd",
            "profiles in FILE: the profile `odd` has `tokn`, which means nothing; url, token, user, email, password, key do",
        ),
        (
            "number",
            "profiles in FILE: `token` of the profile `number` is not a text",
        ),
    ] {
        assert_eq!(profile(Some(name)).unwrap_err(), message);
    }
    let text = path.display().to_string();
    let client = from(
        &api::SERVICE,
        &[("RACK_PROFILE", "work"), ("RACK_CONFIG", &text)],
    )
    .unwrap();
    assert_eq!(client.base_url(), "https://work.example");
    std::fs::remove_file(&path).unwrap();
    assert!(profile(None).unwrap_err().starts_with("profiles in FILE: "));
}

#[test]
fn credentials_must_fit_their_scheme() {
    let error = build(Client::builder(&api::SERVICE).credential("tokn", Credential::token("t")));
    assert_eq!(
        error.unwrap_err(),
        "the API has no security scheme `tokn`; it has token, user"
    );
    let error = build(Client::builder(&api::SERVICE).credential("user", Credential::token("t")));
    assert_eq!(
        error.unwrap_err(),
        "the credential of `user` must be user and password"
    );
    let error = build(Client::builder(&api::SERVICE).basic("a:b", "p"));
    assert_eq!(
        error.unwrap_err(),
        "a user name with a colon cannot be sent"
    );
}

#[test]
fn another_server_is_chosen_by_its_place() {
    static SEVERAL: Service = Service {
        servers: &[
            Server {
                url: "https://first.example",
                variables: &[],
            },
            Server {
                url: "https://{region}.example",
                variables: &[ServerVariable {
                    name: "region",
                    default: "us",
                    values: &["us", "eu"],
                }],
            },
        ],
        ..OPEN
    };
    let base = |builder: ClientBuilder| build(builder).map(|client| client.base_url().to_owned());
    let builder = || Client::builder(&SEVERAL);
    assert_eq!(base(builder()).unwrap(), "https://first.example");
    assert_eq!(base(builder().server(1)).unwrap(), "https://us.example");
    let eu = builder().server(1).server_variable("region", "eu");
    assert_eq!(base(eu).unwrap(), "https://eu.example");
    let wrong = base(builder().server(1).server_variable("region", "mars"));
    assert!(wrong.unwrap_err().contains("region"));
    let none = base(builder().server(2)).unwrap_err();
    assert!(none.contains("https://{region}.example"), "{none}");
    let own = builder().base_url("https://{zone}.example:{port}/v1");
    let own = own
        .server_variable("zone", "b")
        .server_variable("port", "8443");
    assert_eq!(base(own).unwrap(), "https://b.example:8443/v1");
}

#[test]
fn server_variables_are_checked() {
    let with = |name: &str, value: &str| build(Client::builder(&MANY).server_variable(name, value));
    assert_eq!(
        build(Client::builder(&MANY)).unwrap().base_url(),
        "https://eu.example/v1"
    );
    assert_eq!(
        with("region", "us").unwrap().base_url(),
        "https://us.example/v1"
    );
    for (name, value) in [
        ("region", "evil"),
        ("base", "a?b"),
        ("base", "//x"),
        ("base", "a@b"),
        ("x", "y"),
    ] {
        assert!(with(name, value).is_err(), "{name}={value}");
    }
}
