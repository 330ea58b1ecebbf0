//! Named profiles: which account a call is made for, and where its credentials are kept.
