//! Where a blank stands between two tokens.

use proc_macro2::{Delimiter, Spacing, TokenTree};

/// The token before, as far as spacing depends on it.
#[derive(Default)]
pub(super) struct Before {
    pub token: Option<TokenTree>,
    /// The character that `token` continues, as in `::` and `=>`.
    continues: Option<char>,
    /// Whether the parameters of a closure have begun and not ended.
    in_closure: bool,
    /// Whether `token` is the bar that began them.
    at_bar: bool,
}

impl Before {
    /// Whether a blank stands between the token before and the one after.
    pub fn is_spaced(&self, after: &TokenTree) -> bool {
        let Some(before) = &self.token else {
            return false;
        };
        if self.at_bar || (self.in_closure && is_bar(after)) {
            return false;
        }
        if let TokenTree::Punct(after) = after
            && is_tight_before(before, after.as_char())
        {
            return false;
        }
        match (before, after) {
            (TokenTree::Punct(before), TokenTree::Punct(_))
                if before.spacing() == Spacing::Joint =>
            {
                false
            }
            (TokenTree::Punct(before), after) => self.is_spaced_after(before.as_char(), after),
            (TokenTree::Ident(_), TokenTree::Group(group)) => {
                group.delimiter() != Delimiter::Parenthesis
            }
            _ => true,
        }
    }

    fn is_spaced_after(&self, before: char, after: &TokenTree) -> bool {
        match before {
            ':' => self.continues != Some(':'),
            '&' => self.continues == Some('&'),
            // After the types of a call comes the call.
            '>' if is_parenthesis(after) => matches!(self.continues, Some('=' | '-')),
            '>' => {
                let is_punct = matches!(after, TokenTree::Punct(after) if after.as_char() != '=');
                matches!(self.continues, Some('=' | '-')) || !is_punct
            }
            '!' => {
                matches!(after, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
            }
            _ => matches!(before, ',' | ';' | '=' | '|' | '+'),
        }
    }

    /// Goes on to the next token.
    pub fn follow(&mut self, token: TokenTree) {
        let begins = match &self.token {
            None => true,
            Some(TokenTree::Punct(last)) => matches!(last.as_char(), ',' | '='),
            _ => false,
        };
        self.at_bar = is_bar(&token) && begins && !self.in_closure;
        self.in_closure = self.at_bar || (self.in_closure && !is_bar(&token));
        let joint = match &self.token {
            Some(TokenTree::Punct(last)) if last.spacing() == Spacing::Joint => {
                Some(last.as_char())
            }
            _ => None,
        };
        self.continues = joint.filter(|_| matches!(token, TokenTree::Punct(_)));
        self.token = Some(token);
    }
}

fn is_parenthesis(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis)
}

fn is_bar(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == '|')
}

fn is_tight_before(before: &TokenTree, after: char) -> bool {
    match after {
        ',' | ';' | '?' => true,
        ':' | '<' | '!' | '.' => !matches!(before, TokenTree::Punct(_)),
        '>' => !matches!(before, TokenTree::Punct(last) if last.as_char() == '='),
        _ => false,
    }
}
