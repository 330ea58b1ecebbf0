//! The one list of names that mean secrets.

/// Names of values that are secret in any API, in lower case without separators.
const SECRET_NAMES: &[&str] = &[
    "authorization",
    "bearer",
    "connectsid",
    "cookie",
    "cookies",
    "cvc",
    "cvv",
    "pass",
    "proxyauthorization",
    "setcookie",
    "tokens",
    "xauthorization",
];

/// Endings that make a name secret: `first_password`, `root_password`, `session_token`.
const SECRET_ENDINGS: &[&str] = &[
    "accesskey",
    "accesskeys",
    "accesstokens",
    "apikey",
    "apikeys",
    "authkey",
    "backupcodes",
    "connectionstring",
    "credential",
    "credentials",
    "encryptionkey",
    "jwt",
    "masterkey",
    "mfacode",
    "otp",
    "otpcode",
    "passcode",
    "passphrase",
    "passphrases",
    "passwd",
    "password",
    "passwords",
    "privatekey",
    "privatekeys",
    "pwd",
    "recoverycode",
    "recoverycodes",
    "secret",
    "secretkey",
    "secretkeys",
    "secrets",
    "sessid",
    "sessionid",
    "sessionkey",
    "signature",
    "signingkey",
    "token",
];

/// Words behind a secret name that leave it one: the same secret once more, or how it is written.
const REPEATS: &[&str] = &[
    "again",
    "base64",
    "confirm",
    "confirmation",
    "current",
    "hash",
    "new",
    "old",
    "pem",
    "plain",
    "plaintext",
    "repeat",
    "repeated",
    "retype",
    "value",
    "verification",
    "verify",
];

/// Endings of names that sound like secrets and are none: places in a list, marks of a request.
const PLAIN_ENDINGS: &[&str] = &[
    "continuationtoken",
    "cursortoken",
    "idempotencytoken",
    "nexttoken",
    "pagetoken",
    "previoustoken",
    "prevtoken",
    "synctoken",
];

/// Whether a value of this name is secret whatever the document says: `password`, `X-Api-Key`,
/// `root_password`, `password_confirmation`. Case and separators do not matter.
///
/// ```
/// use verbatim_json::is_secret_name;
///
/// assert!(is_secret_name("rootPassword") && is_secret_name("X-Api-Key"));
/// assert!(is_secret_name("secret_access_key") && is_secret_name("private_key_pem"));
/// assert!(is_secret_name("new_password_again") && is_secret_name("password2"));
/// assert!(!is_secret_name("name") && !is_secret_name("next_page_token"));
/// assert!(!is_secret_name("password_expires_at") && !is_secret_name("max_tokens"));
/// ```
pub fn is_secret_name(name: &str) -> bool {
    let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
    let plain: Vec<u8> = letters.map(|byte| byte.to_ascii_lowercase()).collect();
    let mut name = plain.as_slice();
    loop {
        if let Some(secret) = says(name) {
            return secret;
        }
        let Some(shorter) = without_repeat(name) else {
            return false;
        };
        name = shorter;
    }
}

/// What the end of a name says; `None` where it is no word of the list.
fn says(name: &[u8]) -> Option<bool> {
    let ends_with = |word: &&str| name.ends_with(word.as_bytes());
    if PLAIN_ENDINGS.iter().any(ends_with) {
        return Some(false);
    }
    let is = |word: &&str| name == word.as_bytes();
    let secret = SECRET_ENDINGS.iter().any(ends_with) || SECRET_NAMES.iter().any(is);
    secret.then_some(true)
}

/// A name without a number or a word that repeats at its end.
fn without_repeat(name: &[u8]) -> Option<&[u8]> {
    if let Some((last, rest)) = name.split_last()
        && last.is_ascii_digit()
    {
        return Some(rest);
    }
    let repeats = |word: &&str| name.strip_suffix(word.as_bytes());
    REPEATS.iter().find_map(repeats)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_mean_secrets_are_known_in_any_spelling() {
        for name in [
            "password",
            "PWD",
            "otp",
            "jwt",
            "session_id",
            "Session-Id",
            "secret_access_key",
            "private_key_pem",
            "tokens",
            "credentials",
            "password_confirmation",
            "user_password_confirm",
            "newPasswordAgain",
            "password2",
            "token_value",
            "x-auth-token",
            "apiKeys",
            "PHPSESSID",
            "X-Amz-Signature",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn names_that_only_speak_of_secrets_are_none() {
        for name in [
            "",
            "2",
            "again",
            "name",
            "max_tokens",
            "token_type",
            "password_expires_at",
            "has_passwords_set",
            "nextPageToken",
            "next_token",
            "access_key_id",
            "public_key",
            "compass",
            "author",
            "resort",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }
}
