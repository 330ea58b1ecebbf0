//! Forms in which replies are shown: the text as sent, tables, YAML, CSV, names, and `jq` expressions.
