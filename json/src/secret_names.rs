//! The one list of names that mean secrets.

/// Names of values that are secret in any API, in lower case without separators.
const SECRET_NAMES: &[&str] = &[
    "authorization",
    "bearer",
    "cookie",
    "setcookie",
    "proxyauthorization",
    "passwords",
    "passphrases",
    "secrets",
    "tokens",
    "apikeys",
    "accesskeys",
    "privatekeys",
    "secretkeys",
    "sid",
];

/// Endings that make a name secret: `first_password`, `root_password`, `session_token`.
const SECRET_ENDINGS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "token",
    "jwt",
    "otp",
    "apikey",
    "accesskey",
    "secretkey",
    "signingkey",
    "encryptionkey",
    "privatekey",
    "privatekeypem",
    "clientsecret",
    "credential",
    "credentials",
    "sessionid",
    "signature",
];

/// Endings of names that sound like secrets and are none: places in a list, kinds of things.
const PLAIN_ENDINGS: &[&str] = &["pagetoken", "nexttoken", "continuationtoken"];

/// Whether a value of this name is secret whatever the document says: `password`, `X-Api-Key`,
/// `root_password`. Case and separators do not matter.
///
/// ```
/// use verbatim_json::is_secret_name;
///
/// assert!(is_secret_name("rootPassword") && is_secret_name("X-Api-Key"));
/// assert!(is_secret_name("secret_access_key") && is_secret_name("private_key_pem"));
/// assert!(!is_secret_name("name") && !is_secret_name("next_page_token"));
/// ```
pub fn is_secret_name(name: &str) -> bool {
    let plain = || {
        let letters = name.bytes().rev().filter(u8::is_ascii_alphanumeric);
        letters.map(|byte| byte.to_ascii_lowercase())
    };
    let ends_with = |word: &&str| {
        let mut letters = plain();
        word.bytes().rev().all(|byte| letters.next() == Some(byte))
    };
    let is = |word: &&str| plain().eq(word.bytes().rev());
    let secret = SECRET_ENDINGS.iter().any(ends_with) || SECRET_NAMES.iter().any(is);
    secret && !PLAIN_ENDINGS.iter().any(ends_with)
}
